/**
 * How good and how fast the token estimate is: `npx --no-install node bench/tokens.ts [FILE…]`.
 *
 * Prints, for every kind of the corpus and every FILE, the tokens of the real o200k tokenizer, the estimate and their
 * ratio, also on the half of the text that the weights were not fitted on; then the mean error, and the speed beside
 * JSON.parse over the same lines. Exit code 1 when the corpus breaks a bound; a FILE is only reported.
 */
import { readFileSync } from "node:fs"
import { basename } from "node:path"
import { TextMeter, weighText } from "../src/domain/tokens.ts"
import { brokenBounds, compare, type Corpus, halves, meanError, readCorpus, type Row } from "./corpus/corpus.ts"

const SAMPLE_BYTES = 16_000_000

const whole = ([kind, text]: readonly [string, string]): Row => compare(kind, [text], weighText)
const unseen = ([kind, text]: readonly [string, string]): Row => compare(kind, halves(text).heldOut, weighText)

const report = (title: string, texts: Corpus): Row[] => {
  const rows = [...texts].map(whole)
  const heldOut = [...texts].map(unseen)
  console.log(`${title.padEnd(24)}${"real".padStart(9)}${"estimate".padStart(10)}${"ratio".padStart(8)}  held out`)
  rows.forEach(({ kind, real, estimate, ratio }, i) => {
    const other = heldOut[i]?.real === 0 ? "–" : heldOut[i]?.ratio.toFixed(3)
    const figures = `${String(real).padStart(9)}${estimate.toFixed(0).padStart(10)}${ratio.toFixed(3).padStart(8)}`
    console.log(`${kind.padEnd(24)}${figures}${other?.padStart(10)}`)
  })
  const ratios = rows.map(({ ratio }) => ratio)
  console.log(`mean error ${meanError(rows).toFixed(4)}, held out ${meanError(heldOut).toFixed(4)}`)
  console.log(`ratio from ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}\n`)
  return [...rows, ...heldOut.filter(({ real }) => real > 200)]
}

/** Best of a few rounds, in MB/s of one-byte text. */
const speedOf = (lines: readonly string[], work: (line: string) => void): number => {
  const bytes = lines.reduce((sum, line) => sum + line.length, 0)
  let best = Infinity
  for (let round = 0; round < 5; round++) {
    const started = performance.now()
    for (const line of lines) work(line)
    best = Math.min(best, performance.now() - started)
  }
  return bytes / best / 1000
}

const asciiLines = (text: string): string[] => {
  const ascii = text.replace(/[^\0-\x7f]/g, "?")
  const copies = Math.ceil(SAMPLE_BYTES / ascii.length)
  return Array.from({ length: copies }, () => ascii.trimEnd().split("\n")).flat()
}

const corpus = readCorpus()
const broken = brokenBounds(report("corpus", corpus))
const files = process.argv.slice(2)
if (files.length > 0) report("files", new Map(files.map((file) => [basename(file), readFileSync(file, "utf8")])))

const meter = new TextMeter()
const records = asciiLines(corpus.get("json-records") ?? "")
const parse = speedOf(records, (line) => JSON.parse(line))
const weigh = speedOf(records, (line) => meter.feed(line))
const prose = speedOf(asciiLines(corpus.get("english") ?? ""), (line) => meter.feed(line))
console.log(`records: ${weigh.toFixed(0)} MB/s, ${(weigh / parse).toFixed(2)} × JSON.parse (${parse.toFixed(0)} MB/s)`)
console.log(`prose:   ${prose.toFixed(0)} MB/s`)

for (const sentence of broken) console.error(sentence)
if (broken.length > 0) process.exitCode = 1
