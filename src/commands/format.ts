import type { OutputFormat } from "../domain/output.ts"
import type { InvocationInfo } from "../services/Invocation.ts"

/** Commands that show a table on a terminal. */
const tabular: ReadonlySet<string> = new Set(["list", "doctor", "sources", "jobs"])

/** The format of a command's answer: as asked for, else text or a table on a terminal, else JSON; documents are text. */
export const formatFor = (invocation: InvocationInfo, command: string, isDocument: boolean): OutputFormat => {
  if (invocation.output !== null) return invocation.output
  if (isDocument) return "text"
  if (!invocation.stdoutIsTerminal) return "json"
  return tabular.has(command) ? "table" : "text"
}
