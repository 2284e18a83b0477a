import { adapters } from "../../src/layers/adapters.ts"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { demoHome } from "./run-cli.ts"

/** What `examples/README.md` says of a demo session. Its figures were counted without the adapters. */
export interface DemoSession {
  /** Or a prefix of it that only this session has. */
  readonly id: string
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

/** The rows of the table whose head begins with these columns. */
const table = (text: string, head: string): ReadonlyArray<ReadonlyArray<string>> => {
  const lines = text.split("\n")
  const start = lines.findIndex((line) => line.startsWith(head))
  const rest = lines.slice(start + 2)
  return rest
    .slice(
      0,
      rest.findIndex((line) => !line.startsWith("|"))
    )
    .map(cells)
}

/** Every session of the demo home that the tables of its README describe. */
export const demoSessions = (): ReadonlyArray<DemoSession> => {
  const text = fs.readFileSync(nodePath.join(demoHome, "../README.md"), "utf8")
  const times = new Map(table(text, "| id | created |").map(([id, ...rest]) => [id, rest]))
  return table(text, "| id | messages |").map(([id, messages, errors, tokens, model, branch, cwd]) => {
    const [user, assistant, system, tool_use, tool_result] = numbers(messages!) as [
      number,
      number,
      number,
      number,
      number
    ]
    const [created, updated, title] = times.get(id)!
    return {
      id: id!.replaceAll("`", ""),
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

/** The sources of the program, in the order in which they are shown. */
export const sourceNames: ReadonlyArray<string> = adapters.map(({ source }) => source)
