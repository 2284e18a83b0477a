import * as Fs from "node:fs"
import * as Path from "node:path"
import * as Crypto from "node:crypto"

export type Line = Record<string, any>
/** Says what is wrong with a file. */
export type Report = (file: string, what: string) => void

/** Ends in the middle of a record, on purpose, as after a crash. */
const torn = "ccbd4a8f-cbe1-4cde-bb5f-8941847cb771.jsonl"

export const v4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
export const v7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export const filesBelow = (directory: string): Array<string> =>
  Fs.readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => Path.join(directory, name))
    .filter((path) => Fs.statSync(path).isFile())
    .sort()

export const readLines = (file: string, report: Report): Array<Line> => {
  const text = Fs.readFileSync(file, "utf8")
  if (text.includes("\r")) report(file, "a carriage return")
  const raw = text.split("\n")
  const rest = raw.pop()!
  if (file.endsWith(torn) === (rest === "")) report(file, "the torn last line is missing or in the wrong place")
  const lines: Array<Line> = []
  for (const [at, line] of raw.entries()) {
    try {
      lines.push(JSON.parse(line) as Line)
    } catch {
      report(file, `line ${at + 1} is not JSON`)
    }
  }
  const times = lines.flatMap((line) => (typeof line["timestamp"] === "string" ? [line["timestamp"] as string] : []))
  for (const [at, time] of times.entries()) {
    if (at > 0 && time < times[at - 1]!) report(file, `time goes back at ${time}`)
  }
  return lines
}

/** A JSON document; an empty object, reported, where it is none. */
export const readDocument = (file: string, report: Report): Line => {
  try {
    return JSON.parse(Fs.readFileSync(file, "utf8")) as Line
  } catch {
    report(file, "is not there, or no JSON")
    return {}
  }
}

export const sha256 = (text: string): string => Crypto.createHash("sha256").update(text).digest("hex")

/** Reports ids that come twice. */
export const checkUnique = (file: string, ids: ReadonlyArray<unknown>, report: Report): void => {
  const seen = new Set<unknown>()
  for (const id of ids) {
    if (seen.has(id)) report(file, `id ${id} twice`)
    seen.add(id)
  }
}

/** Reports times that go back, in the order in which they are given. */
export const checkTimes = (file: string, times: ReadonlyArray<unknown>, report: Report): void => {
  const ms = times.map((time) => (typeof time === "number" ? time : Date.parse(String(time))))
  for (const [at, time] of ms.entries()) {
    if (Number.isNaN(time)) report(file, `${times[at]} is no time`)
    else if (at > 0 && time < ms[at - 1]!) report(file, `time goes back at ${times[at]}`)
  }
}

/** Follows calls of tools and their results in the order of the file. */
export class Calls {
  readonly #file: string
  readonly #report: Report
  readonly #open = new Set<unknown>()
  readonly #known = new Set<unknown>()

  constructor(file: string, report: Report) {
    this.#file = file
    this.#report = report
  }

  call(id: unknown): void {
    if (this.#known.has(id)) this.#report(this.#file, `call ${id} twice`)
    this.#known.add(id)
    this.#open.add(id)
  }

  result(id: unknown): void {
    if (!this.#open.delete(id)) this.#report(this.#file, `result of an unknown or answered call ${id}`)
  }

  end(): void {
    for (const id of this.#open) this.#report(this.#file, `call ${id} without a result`)
  }
}
