import { oneLine } from "../../domain/text.ts"
import { asTime } from "../support/json.ts"

/** What `workspace.yaml` says of a session. */
export interface Workspace {
  readonly cwd: string | null
  readonly branch: string | null
  /** The name: given by the user, or the beginning of the first prompt. Older files have a summary instead. */
  readonly name: string | null
  readonly createdAt: number | null
  readonly updatedAt: number | null
}

/** Bytes of a `workspace.yaml` that are read. */
export const workspaceLimit = 256 * 1024

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029"
}

const codePoint = (digits: string): string => {
  const code = Number.parseInt(digits, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd"
}

const unescape = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g,
    (_all, two?: string, four?: string, eight?: string, one = "") => {
      const digits = two ?? four ?? eight
      return digits === undefined ? (escapes[one] ?? one) : codePoint(digits)
    }
  )

/** Lines of a folded text: a line end is a space, an empty line is a line end. */
const fold = (text: string): string =>
  text.replace(/\n+/g, (ends) => (ends.length === 1 ? " " : "\n".repeat(ends.length - 1)))

const block = (lines: ReadonlyArray<string>, style: string): string => {
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)))
  const text = lines.map((line) => line.slice(indent)).join("\n")
  return (style === ">" ? fold(text) : text).trimEnd()
}

/** The value of a key: what stands behind it, and the indented lines below. */
const scalar = (first: string, below: ReadonlyArray<string>): string | null => {
  const style = /^([|>])[-+0-9]*$/.exec(first)?.[1]
  if (style !== undefined) return below.some((line) => line.trim() !== "") ? block(below, style) : null
  const text = fold([first, ...below.map((line) => line.trim())].join("\n").trimEnd())
  const single = /^'([^]*)'$/.exec(text)
  if (single !== null) return single[1]!.replaceAll("''", "'")
  const double = /^"([^]*)"$/.exec(text)
  if (double !== null) return unescape(double[1]!)
  return text === "" || text === "null" || text === "~" ? null : text
}

/**
 * Reads the flat YAML that the tool writes: `key: value` with plain, quoted and block scalars. What is anything else is
 * passed over.
 */
export const parseWorkspace = (yaml: string): Workspace => {
  const values = new Map<string, string>()
  const lines = yaml.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const match = /^([A-Za-z_][\w-]*):(?:[ \t]+(.*?))?[ \t]*$/.exec(lines[at]!)
    if (match === null) continue
    const below: Array<string> = []
    while (at + 1 < lines.length && /^(?:[ \t]|$)/.test(lines[at + 1]!)) below.push(lines[++at]!)
    const value = scalar(match[2] ?? "", below)
    if (value !== null && value.trim() !== "") values.set(match[1]!, value)
  }
  const get = (key: string) => values.get(key) ?? null
  return {
    cwd: get("cwd"),
    branch: get("branch"),
    name: get("name") ?? get("summary"),
    createdAt: asTime(get("created_at")),
    updatedAt: asTime(get("updated_at"))
  }
}

const titleChars = 200

/** A title in one line: a name that nobody gave is the beginning of the first prompt, with its line ends. */
export const titleOf = ({ name }: Workspace, firstPrompt: string | null): string | null => {
  const text = name ?? firstPrompt
  return text === null ? null : oneLine(text, titleChars)
}
