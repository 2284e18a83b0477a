import type { Decision } from "../results/context.ts"

/**
 * Decisions are found by wording alone, in the texts of the assistant, in English. That misses every decision that is
 * worded otherwise, and it is meant to: what is listed was said, word for word, at the message named.
 *
 * A sentence counts, the first kind that fits, if it
 * - `decided`: begins with a label (`Decision:`, `Decided:`, `Agreed:`, `Settled:`, `Noted:`), or says in the first person
 *   that something was decided, chosen, opted for, picked, settled on or gone with;
 * - `over`: says in the first person, or with a participle at its start, that something is used, kept, moved, switched or
 *   left `instead of` or `rather than` something else;
 * - `proposed`: says what the assistant would do, recommends or suggests. It is not known whether that was taken up.
 *
 * Code blocks, quotes and questions are not looked at, nor sentences under 15 or over 400 characters.
 */
const wordings: ReadonlyArray<readonly [kind: Decision["kind"], wording: RegExp]> = [
  ["decided", /^(?:decision|decided|agreed|settled|noted)\s*[:–—]\s*\S/i],
  [
    "decided",
    /\b(?:I|we)(?:['’]ve|\s+have)?\s+(?:decided\s+(?:to|on|that|against)|chose|chosen|opted\s+(?:for|to)|picked|settled\s+on|went\s+with)\b/i
  ],
  [
    "over",
    /(?:\b(?:I|we)\b|^(?:use|used|using|keep|kept|keeping|move|moved|moving|switch|switched|switching|leave|left|leaving)\b).{0,300}\b(?:instead\s+of|rather\s+than)\b/i
  ],
  [
    "proposed",
    /\bI(?:\s+would|['’]d)\s+(?!like\b|love\b|need\b|have\b|be\b|say\b)\w+|\bI\s+(?:recommend|suggest|propose)\b/i
  ]
]

const shortest = 15
const longest = 400

/** UTF-16 units of one message that are looked at. */
const lookedAt = 64 * 1024

const sentences = (text: string): ReadonlyArray<string> =>
  text
    .slice(0, lookedAt)
    .replace(/^[ \t]*(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t]*\1[^\n]*$|$(?![\s\S]))/gm, "\n")
    .split("\n")
    .filter((line) => !/^\s*(?:>|\|)/.test(line))
    .flatMap((line) => line.replace(/^\s*(?:[-*+]|#+|\d+[.)])\s+/, "").split(/(?<=[.!?])\s+/))
    .map((sentence) => sentence.replaceAll("**", "").replace(/\s+/g, " ").trim())

/** The decisions in one text, in its order. */
export const decisionsIn = (text: string): ReadonlyArray<Omit<Decision, "index">> =>
  sentences(text).flatMap((sentence) => {
    if (sentence.length < shortest || sentence.length > longest || sentence.endsWith("?")) return []
    const found = wordings.find(([, wording]) => wording.test(sentence))
    return found === undefined ? [] : [{ kind: found[0], text: sentence }]
  })
