/**
 * Fits the weights of the token estimate and writes src/domain/token-weights.ts.
 *
 *     node bench/corpus/fit.ts [FILE…]
 *
 * Learns from one half of every text of the corpus and of every FILE (each a further kind, with less weight, least if it is called
 * `names-…`: a list of names is no prose); the other
 * half is for `bench/tokens.ts` and the tests. Least squares of the relative error, no weight below its floor (zero for most), each weight
 * drawn a little towards a prior so that what is rare here stays reasonable. The same texts give the same weights.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { basename } from "node:path"
import { COLUMN_OF } from "../../src/domain/token-columns.ts"
import { START, step, UNITS_PER_TOKEN } from "../../src/domain/token-model.ts"
import { WEIGHTS, type WeightGroup } from "../../src/domain/token-weights.ts"
import { countReal, halves, readCorpus } from "./corpus.ts"

const ROUNDS = 80
const UNITS_PER_KIND = 4000

/** Prior in tokens, how strongly it draws, and exceptions by index. */
type Prior = readonly [value: number, pull: number, except?: Readonly<Record<number, number>>]
const DEFAULT_PRIOR: Prior = [0.15, 0.3]
const PRIORS: Partial<Record<WeightGroup, Prior>> = {
  newline: [0.15, 0.3, { 0: 1 }],
  digit: [0.15, 0.3, { 0: 1, 3: 1 }],
  word: [0.5, 0.3],
  scriptFirst: [0.6, 4, { 15: 1.2, 16: 2.5 }],
  scriptNext: [0.5, 4, { 15: 1.2, 16: 2.5 }],
  signFirst: [0.8, 0.3],
  signNext: [0.3, 0.3],
  symbolNext: [1, 2, { 7: 2 }],
  symbolAgain: [0.8, 2, { 7: 2 }],
  symbolRun: [0.6, 2, { 7: 2 }]
}

/** In tokens, for white space and repeated signs: a run of a million of them is not free. */
const LEAST = 2 / UNITS_PER_TOKEN
const FLOORED: ReadonlySet<WeightGroup> = new Set<WeightGroup>(["space", "newline", "signAgain", "signNext"])

const groups = Object.keys(WEIGHTS) as WeightGroup[]
const offsets = new Map<WeightGroup, number>()
const priors: number[] = []
const pulls: number[] = []
const floors: number[] = []
for (const group of groups) {
  offsets.set(group, priors.length)
  const [value, pull, except] = PRIORS[group] ?? DEFAULT_PRIOR
  WEIGHTS[group].forEach((_, i) => {
    priors.push(except?.[i] ?? value)
    pulls.push(pull)
    floors.push(FLOORED.has(group) ? LEAST : 0)
  })
}

/** How often each weight is charged for a text. */
const chargesOf = (text: string): Map<number, number> => {
  const counts = new Map<number, number>()
  let state = START
  for (let i = 0; i < text.length; i++) {
    const [next, charges] = step(state, COLUMN_OF[text.charCodeAt(i)] ?? 0)
    for (const [group, index] of charges) {
      const weight = (offsets.get(group) ?? 0) + index
      counts.set(weight, (counts.get(weight) ?? 0) + 1)
    }
    state = next
  }
  return counts
}

const uses: Array<Array<{ row: number; count: number }>> = priors.map(() => [])
const residuals: number[] = []
const importance: number[] = []
const learn = (text: string, share: number): void => {
  const { fitted } = halves(text)
  const size = fitted.reduce((sum, piece) => sum + piece.length, 0)
  for (const piece of fitted) {
    const real = countReal(piece)
    const row = residuals.push(real) - 1
    importance.push((share * Math.min(1, UNITS_PER_KIND / size)) / (real + 5))
    for (const [weight, count] of chargesOf(piece)) uses[weight]?.push({ row, count })
  }
}

const corpus = readCorpus()
for (const text of corpus.values()) learn(text, 3)
for (const file of process.argv.slice(2))
  learn(readFileSync(file, "utf8"), basename(file).startsWith("names-") ? 0.4 : 1)

const weights = priors.map(() => 0)
for (let round = 0; round < ROUNDS; round++) {
  uses.forEach((rows, weight) => {
    const old = weights[weight] ?? 0
    let slope = (pulls[weight] ?? 0) * ((priors[weight] ?? 0) - old)
    let curvature = pulls[weight] ?? 0
    for (const { row, count } of rows) {
      slope += (importance[row] ?? 0) * count * (residuals[row] ?? 0)
      curvature += (importance[row] ?? 0) * count * count
    }
    const next = Math.max(floors[weight] ?? 0, old + slope / curvature)
    weights[weight] = next
    for (const { row, count } of rows) residuals[row] = (residuals[row] ?? 0) - (next - old) * count
  })
}

const rows = groups.map((group) => {
  const from = offsets.get(group) ?? 0
  const values = weights.slice(from, from + WEIGHTS[group].length).map((value) => Math.round(value * UNITS_PER_TOKEN))
  return `  ${group}: [${values.join(", ")}]`
})
const target = `${import.meta.dirname}/../../src/domain/token-weights.ts`
writeFileSync(
  target,
  `/** What each place of the token model is charged, in 256ths of a token. Fitted: see \`bench/corpus/fit.ts\`. */
export const WEIGHTS = {
${rows.join(",\n")}
}

/** Name of a table of weights. */
export type WeightGroup = keyof typeof WEIGHTS
`
)
console.log(`${residuals.length} pieces of ${corpus.size + process.argv.length - 2} kinds, ${weights.length} weights`)
