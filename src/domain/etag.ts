import { TextMeter } from "./tokens.ts"

const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, "0")

/**
 * Names one answer: the session's content and how it is looked at. The same tag means the same messages. `view` holds
 * everything else that decides what is printed.
 */
export const makeEtag = (contentHash: string, view: ReadonlyArray<string | number | boolean | null>): string => {
  const meter = new TextMeter().feed(JSON.stringify(view))
  return `${contentHash.slice(0, 24)}${hex(meter.low)}${hex(meter.high)}`
}
