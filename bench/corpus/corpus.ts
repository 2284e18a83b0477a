import { readdirSync, readFileSync } from "node:fs"
import { basename } from "node:path"
import { countTokens } from "gpt-tokenizer/encoding/o200k_base"

/** The bounds that the estimate keeps: on the mean of |ratio − 1|, and on the ratio of every single kind. */
export const BOUNDS = { meanError: 0.1, lowest: 0.85, highest: 1.3 } as const

/** Kinds of text by name. */
export type Corpus = ReadonlyMap<string, string>

/** Tokens of a text by the real tokenizer; text that looks like a special token is taken as text. */
export const countReal = (text: string): number => countTokens(text, { disallowedSpecial: new Set() })

/** The texts beside this file, one kind each, in the order of their names. */
export const readCorpus = (): Corpus =>
  new Map(
    readdirSync(import.meta.dirname)
      .filter((name) => name.endsWith(".txt"))
      .sort()
      .map((name) => [basename(name, ".txt"), readFileSync(`${import.meta.dirname}/${name}`, "utf8")])
  )

/** Cut at line ends into pieces of about `size` units; a longer line is cut inside. */
export const cutAtLines = (text: string, size: number): string[] => {
  const pieces: string[] = []
  let piece = ""
  for (let line of text.split(/(?<=\n)/)) {
    for (; line.length > 4 * size; line = line.slice(2 * size)) pieces.push(line.slice(0, 2 * size))
    piece += line
    if (piece.length < size) continue
    pieces.push(piece)
    piece = ""
  }
  return piece === "" ? pieces : [...pieces, piece]
}

/** The pieces of a kind that the weights are fitted on, and those that they never saw; both of every part of the text. */
export const halves = (text: string): { readonly fitted: string[]; readonly heldOut: string[] } => {
  const pieces = cutAtLines(text, 150)
  const isFitted = (_: string, i: number) => Math.floor(i / 3) % 2 === 0
  return { fitted: pieces.filter(isFitted), heldOut: pieces.filter((piece, i) => !isFitted(piece, i)) }
}

export interface Row {
  readonly kind: string
  readonly real: number
  readonly estimate: number
  readonly ratio: number
}

export const compare = (kind: string, texts: readonly string[], estimate: (text: string) => number): Row => {
  const sum = (count: (text: string) => number) => texts.reduce((total, text) => total + count(text), 0)
  const real = sum(countReal)
  const estimated = sum(estimate)
  return { kind, real, estimate: estimated, ratio: real === 0 ? 1 : estimated / real }
}

export const meanError = (rows: readonly Row[]): number =>
  rows.reduce((sum, { ratio }) => sum + Math.abs(ratio - 1), 0) / rows.length

/** One sentence for each bound that the rows break. */
export const brokenBounds = (rows: readonly Row[]): string[] => {
  const error = meanError(rows)
  const mean = error > BOUNDS.meanError ? [`mean error ${error.toFixed(3)} is above ${BOUNDS.meanError}`] : []
  const single = rows.filter(({ ratio }) => ratio < BOUNDS.lowest || ratio > BOUNDS.highest)
  return [...mean, ...single.map(({ kind, ratio }) => `${kind}: ${ratio.toFixed(3)} is out of bounds`)]
}
