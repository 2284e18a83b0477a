import {
  COLUMNS,
  DIGIT,
  LETTERS,
  LOWER,
  NEWLINE,
  PUNCT,
  SCRIPT,
  SCRIPTS,
  SIGN,
  SPACE,
  SYMBOL,
  SYMBOLS,
  UPPER
} from "./token-columns.ts"
import { WEIGHTS, type WeightGroup } from "./token-weights.ts"

/**
 * The automaton behind the token estimate.
 *
 * o200k first splits a text by a regular expression (a word with at most one leading space or sign, up to three digits,
 * a run of signs with the line ends behind it, white space), then merges bytes inside each piece. The automaton follows
 * that split one UTF-16 unit at a time and charges, per unit, what such a unit costs on average at that place: a new
 * piece about one token, a further letter a fraction that depends on its neighbour and on how long the word already is.
 * Every charge is ≥ 0, so a longer prefix never weighs less.
 */

/** Weight units per token: charges are whole numbers, so that sums of them are exact. */
export const UNITS_PER_TOKEN = 256

/** Letters after which a word is just long. */
const LONGEST_WORD = 12

/** What the text so far ends in: the kind of piece, its length (capped), and the group of its last unit. */
export interface State {
  readonly kind: "start" | "newline" | "space" | "digit" | "lower" | "upper" | "sign" | "script"
  readonly run: number
  readonly last: number
}

/** One entry of a weight table. */
export type Charge = readonly [group: WeightGroup, index: number]

export const START: State = { kind: "start", run: 0, last: 0 }

/** Index into the tables that charge a piece by what stands before it. */
const opening = ({ kind, run, last }: State): number => {
  switch (kind) {
    case "start":
    case "newline":
      return 0
    case "space":
      return last === SPACE ? 1 : 2
    case "digit":
      return 3
    case "sign":
      return run > 1 ? 4 : last < PUNCT.length ? 6 + last : 5
    default:
      return 6 + PUNCT.length
  }
}

const onSpace = (state: State, column: number): readonly [State, Charge[]] => {
  const run = state.kind === "space" ? Math.min(3, state.run + 1) : 1
  return [{ kind: "space", run, last: column }, [["space", (run - 1) * 3 + column]]]
}

const onNewline = (state: State): readonly [State, Charge[]] => {
  const { kind, run } = state
  const index = kind === "newline" ? 1 : kind === "space" ? 2 : kind === "sign" ? (run > 1 ? 4 : 3) : 0
  return [{ kind: "newline", run: 1, last: 0 }, [["newline", index]]]
}

const onDigit = (state: State): readonly [State, Charge[]] => {
  const run = state.kind === "digit" ? (state.run % 3) + 1 : 1
  const charges: Charge[] = [["digit", run - 1]]
  if (state.kind === "space") charges.push(["digit", state.run > 1 ? 4 : 3])
  return [{ kind: "digit", run, last: 0 }, charges]
}

const onLetter = (state: State, group: number, upper: boolean): readonly [State, Charge[]] => {
  const { kind, run, last } = state
  if (upper && group < 5) {
    if (kind === "upper") {
      const length = Math.min(4, run + 1)
      const charges: Charge[] = [
        ["upper", length - 2],
        ["upperPair", last * 5 + group]
      ]
      return [{ kind: "upper", run: length, last: group }, charges]
    }
    const charges: Charge[] = [
      ["word", kind === "lower" ? 7 + PUNCT.length : opening(state)],
      ["capital", group]
    ]
    return [{ kind: "upper", run: 1, last: group }, charges]
  }
  if (kind === "lower" || kind === "upper") {
    const length = Math.min(LONGEST_WORD, run + 1)
    const charges: Charge[] = [
      ["lower", length - 2],
      ["pair", last * LETTERS.length + group]
    ]
    if (kind === "upper" && run > 1) charges.push(["upper", 3])
    return [{ kind: "lower", run: length, last: group }, charges]
  }
  const charges: Charge[] = [
    ["word", opening(state)],
    ["initial", group]
  ]
  return [{ kind: "lower", run: 1, last: group }, charges]
}

const onScript = (state: State, group: number): readonly [State, Charge[]] => {
  const next: State = { kind: "script", run: state.kind === "script" && state.last === group ? 2 : 1, last: group }
  if (next.run === 2) return [next, [["scriptNext", group]]]
  const place = opening(state)
  const charges: Charge[] = [["scriptFirst", group]]
  if (place === 0 || place === 3 || place === 4) charges.push(["scriptFirst", SCRIPTS.length])
  return [next, charges]
}

const onSign = (state: State, sign: number): readonly [State, Charge[]] => {
  const { kind, run, last } = state
  const next: State = { kind: "sign", run: kind === "sign" ? Math.min(4, run + 1) : 1, last: sign }
  if (kind !== "sign") {
    const charges: Charge[] = [["signFirst", sign]]
    if (kind === "space" && last === SPACE) charges.push(["signFirst", PUNCT.length + SYMBOLS.length])
    return [next, charges]
  }
  if (sign >= PUNCT.length) {
    const again = last === sign && next.run > 2 ? "symbolRun" : last === sign ? "symbolAgain" : "symbolNext"
    return [next, [[again, sign - PUNCT.length]]]
  }
  if (last === sign) return [next, [["signAgain", sign * 3 + next.run - 2]]]
  const charges: Charge[] = [
    ["signNext", sign],
    ["signAfter", Math.min(last, PUNCT.length)]
  ]
  if (next.run > 3) charges.push(["signNext", PUNCT.length])
  return [next, charges]
}

/** The state after one more unit of a column, and what that unit is charged. */
export const step = (state: State, column: number): readonly [State, Charge[]] => {
  if (column < NEWLINE) return onSpace(state, column)
  if (column === NEWLINE) return onNewline(state)
  if (column === DIGIT) return onDigit(state)
  if (column < UPPER) return onLetter(state, column - LOWER, false)
  if (column < SIGN) return onLetter(state, column - UPPER, true)
  if (column < SCRIPT) return onSign(state, column - SIGN)
  if (column < SYMBOL) return onScript(state, column - SCRIPT)
  return onSign(state, PUNCT.length + column - SYMBOL)
}

/** Bits of a table entry that hold the offset of the next row; the charge stands above them. */
export const ROW_BITS = 15

const KINDS: ReadonlyArray<State["kind"]> = ["start", "newline", "space", "digit", "lower", "upper", "sign", "script"]

/**
 * The automaton as a table: `TABLE[row + column] = charge << ROW_BITS | next row`, rows being offsets, row 0 the start.
 */
export const TABLE: Int32Array = (() => {
  const rows = new Map<number, number>()
  const queue: State[] = []
  const rowOf = (state: State): number => {
    const key = (KINDS.indexOf(state.kind) * 32 + state.run) * 32 + state.last
    let row = rows.get(key)
    if (row === undefined) {
      row = queue.length * COLUMNS
      rows.set(key, row)
      queue.push(state)
    }
    return row
  }
  rowOf(START)
  const entries: number[] = []
  for (const state of queue) {
    for (let column = 0; column < COLUMNS; column++) {
      const [next, charges] = step(state, column)
      let charge = 0
      for (const [group, index] of charges) charge += WEIGHTS[group][index] ?? 0
      entries.push((charge << ROW_BITS) | rowOf(next))
    }
  }
  return Int32Array.from(entries)
})()
