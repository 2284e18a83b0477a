import { adapters } from "../../src/layers/adapters.ts"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { demoHome } from "./run-cli.ts"

/** What the texts in `examples/` say of a demo session. Their figures were counted without the adapters. */
export interface DemoSession {
  /** Or a prefix of it that only this session has. */
  readonly id: string
  readonly source: string
  /** Its description says so in its first word. */
  readonly isSubagent: boolean
  /** Nothing but what its tool put there, or a description that says it is without content. */
  readonly isEmpty: boolean
  readonly byRole: Readonly<Record<"user" | "assistant" | "system" | "tool_use" | "tool_result", number>>
  readonly errors: number
  readonly tokens: ReadonlyArray<number> | null
  readonly model: string | null
  readonly branch: string | null
  readonly cwd: string | null
  readonly created: string | null
  readonly updated: string | null
  /** The title, or where there is none the first prompt; control characters as JSON escapes. */
  readonly title: string | null
}

const cells = (line: string): ReadonlyArray<string> =>
  line
    .slice(1, line.lastIndexOf("|"))
    .split(" | ")
    .map((cell) => cell.replaceAll("|", "").trim())

const numbers = (cell: string): ReadonlyArray<number> => cell.split(" / ").map(Number)

const known = (cell: string): string | null => (cell === "–" ? null : cell)

/** The rows of every table whose head begins with these columns. */
const table = (text: string, head: string): ReadonlyArray<ReadonlyArray<string>> => {
  const lines = text.split("\n")
  return lines.flatMap((line, start) => {
    if (!line.startsWith(head)) return []
    const rest = lines.slice(start + 2)
    const end = rest.findIndex((row) => !row.startsWith("|"))
    return rest.slice(0, end < 0 ? rest.length : end).map(cells)
  })
}

const examples = nodePath.dirname(demoHome)

const texts = (): string =>
  fs
    .readdirSync(examples)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => fs.readFileSync(nodePath.join(examples, name), "utf8"))
    .join("\n")

/** Every session of the demo home that the tables of `examples/*.md` describe. */
export const demoSessions = (): ReadonlyArray<DemoSession> => {
  const text = texts()
  const times = new Map(table(text, "| id | created |").map(([id, ...rest]) => [id, rest]))
  const described = table(text, "| id | tool |").map(([id, tool, , shows]) => [id!, tool!, shows!] as const)
  return table(text, "| id | messages |").map(([quoted, messages, errors, tokens, model, branch, cwd]) => {
    const [user, assistant, system, tool_use, tool_result] = numbers(messages!) as [
      number,
      number,
      number,
      number,
      number
    ]
    const [created, updated, title] = times.get(quoted!)!
    const id = quoted!.replaceAll("`", "")
    const [, tool, shows] = described.find(([whole]) => whole.startsWith(`\`${id}`))!
    return {
      id,
      source: tool.split(" ")[0]!,
      isSubagent: shows.startsWith("Subagent"),
      isEmpty: user + assistant + tool_use + tool_result === 0 || shows.endsWith("without content"),
      byRole: { user, assistant, system, tool_use, tool_result },
      errors: Number(errors),
      tokens: known(tokens!) === null ? null : numbers(tokens!),
      model: known(model!),
      branch: known(branch!),
      cwd: known(cwd!),
      created: known(created!),
      updated: known(updated!),
      title: known(title!)
    }
  })
}

/** What `list` shows of the demo home, the newest first. */
export const demoListed = (): ReadonlyArray<DemoSession> =>
  demoSessions()
    .filter(({ isEmpty, isSubagent }) => !isEmpty && !isSubagent)
    .toSorted((a, b) => (a.updated! < b.updated! ? 1 : a.updated! > b.updated! ? -1 : a.id < b.id ? -1 : 1))

/** The table of the index: sessions that `list` shows, subagents and others that it hides, by source. */
export const demoIndex = (): ReadonlyArray<{ readonly source: string; readonly counts: ReadonlyArray<number> }> =>
  table(texts(), "| source | sessions |").map(([source, ...counts]) => ({
    source: source!,
    counts: counts.slice(0, 3).map(Number)
  }))

/** The sources of the program, in the order in which they are shown. */
export const sourceNames: ReadonlyArray<string> = adapters.map(({ source }) => source)
