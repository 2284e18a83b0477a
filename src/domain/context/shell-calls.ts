import { cutText, shellLine } from "../text.ts"

/**
 * Names of tools that run a command line, in lower case, without what a tool puts before them (`developer__shell`,
 * `functions.exec_command`). They are those of the formats of the sources and of their older versions.
 */
const shellTools: ReadonlySet<string> = new Set([
  "bash",
  "cmd",
  "exec",
  "exec_command",
  "execute",
  "execute_bash",
  "execute_cmd",
  "execute_command",
  "executebash",
  "local_shell",
  "powershell",
  "run_command",
  "run_in_terminal",
  "run_shell_command",
  "run_terminal_cmd",
  "run_terminal_command",
  "run_terminal_command_v2",
  "shell",
  "shell_command",
  "terminal",
  "unified_exec"
])

/** A tool's own name in lower case: the last part of `extension__tool` or `namespace.tool`. */
export const bareToolName = (name: string): string =>
  name
    .toLowerCase()
    .split(/__|\./)
    .findLast((part) => part !== "") ?? ""

/** Whether a tool runs command lines. A tool of an MCP server is somebody else's, whatever it is called. */
export const isShellTool = (name: string): boolean => !/^mcp[_-]/i.test(name) && shellTools.has(bareToolName(name))

const isShell = (word: unknown): boolean =>
  typeof word === "string" && /(^|[/\\])(ba|z|da|fi)?sh$|(^|[/\\])(cmd|powershell|pwsh)(\.exe)?$/i.test(word)

/** The words of a process as a command line: what a shell was given with `-c`, else the words, quoted. */
const lineOfWords = (words: ReadonlyArray<unknown>): string | null => {
  const texts = words.filter((word) => typeof word === "string")
  if (texts.length === 0 || texts.length < words.length) return null
  const [bin, flag, script] = texts
  if (texts.length === 3 && isShell(bin) && /^(-[a-z]*c|-command|\/c)$/i.test(flag!)) return script!
  return shellLine(texts)
}

const keys = ["command", "cmd", "command_line", "commandLine", "script"] as const

/** The command line in the input of a call; null where there is none that can be told. */
export const commandLineOf = (input: unknown): string | null => {
  if (typeof input === "string") return input.trim() === "" ? null : input
  if (typeof input !== "object" || input === null) return null
  for (const key of keys) {
    const value = (input as Readonly<Record<string, unknown>>)[key]
    if (typeof value === "string" && value.trim() !== "") return value
    if (Array.isArray(value)) return lineOfWords(value)
  }
  return null
}

// Lines that the tools themselves write around an output: at its head (Claude, Codex), or at its end (Copilot, Factory,
// Gemini, Command Code; Kiro's whole result is JSON). What a command printed is taken for one only as first or last line.
const atHead = /^(?:[^\n]{0,200}\n){0,5}?(?:Exit code:? |Process exited with code )(-?\d{1,10})[ \t]*(?:\n|$)/
const atEnd =
  /(?:^|\n)(?:Exit Code: (-?\d{1,10})|<(?:exited|[^<>\n]{0,60} completed) with exit code (-?\d{1,10})>|\[Process exited with code (-?\d{1,10})\]|Command failed with exit code (\d{1,10}))(?:\n[^\n]{0,200}){0,3}\s*$/
const inJson = /"exit_status":"exit status: (-?\d{1,10})"\}\s*$/

/** The exit code that a result of a shell says in the words of the tool around the output; null where it says none. */
export const exitCodeOf = (result: string): number | null => {
  const head = atHead.exec(cutText(result, 800))
  if (head !== null) return Number(head[1])
  const tail = result.slice(-800)
  const end = (result.startsWith("{") ? inJson : atEnd).exec(tail)
  const code = end?.slice(1).find((group) => group !== undefined)
  return code === undefined ? null : Number(code)
}
