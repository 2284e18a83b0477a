export const outputFormats = ["json", "jsonl", "text", "table"] as const

/** How an answer is printed. */
export type OutputFormat = (typeof outputFormats)[number]

/** Versions of the envelope. */
export const apiVersions = [1, 2] as const

export type ApiVersion = (typeof apiVersions)[number]
