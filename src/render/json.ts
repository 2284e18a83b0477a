// What a terminal obeys and JSON lets through raw: DEL, C1 controls, bidi marks, overrides and isolates, line separators.
const steering = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** JSON that is safe to print on a terminal: the same value, with everything that could steer one escaped. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(steering, escaped)
