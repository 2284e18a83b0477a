import { AuthRequired, NewSessionNotDetected, NotDelivered, RateLimited, ToolError } from "../../domain/send-errors.ts"
import type { Exit } from "../../services/Processes.ts"
import type { Redact } from "../../domain/redaction.ts"
import type { Heard } from "./run.ts"
import type { Target } from "./target.ts"

/** What an exit code is, where a signal ended the process: 128 and the signal's number is what a shell would say. */
const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15
}

/** The exit code as a number in every case. */
export const exitNumber = ({ code, signal }: Exit): number =>
  code ?? (signal === null ? 1 : 128 + (signalNumbers[signal] ?? 0))

/** Lines without secrets: taken together, since a key may go over several. */
const redactLines = (lines: ReadonlyArray<string>, redact: Redact): ReadonlyArray<string> =>
  lines.length === 0 ? [] : redact(lines.join("\n")).text.split("\n")

/** What went wrong with a tool, told from what it said and how it ended; null where nothing did. */
export const toolError = (
  { adapter, sender }: Target,
  bin: string,
  exit: Exit,
  heard: Heard,
  sessionId: string | null,
  redact: Redact
): ToolError | AuthRequired | RateLimited | null => {
  const failure = heard.failure()
  if (failure === null && exit.code === 0) return null
  const tails = heard.tails()
  const how = exit.signal === null ? `exit code ${exit.code ?? "unknown"}` : exit.signal
  const said = failure === null ? "" : `: ${redact(failure.message).text}`
  const detail = {
    message: `${adapter.displayName} failed (${how})${said}`,
    bin,
    exit_code: exit.code,
    signal: exit.signal,
    stderr_tail: redactLines(tails.stderr, redact),
    stdout_tail: redactLines(tails.stdout, redact),
    session_id: sessionId
  }
  if (failure?.kind === "auth") {
    return new AuthRequired({ ...detail, ...(sender.login === null ? {} : { suggestion: sender.login }) })
  }
  if (failure?.kind === "rate_limit") return new RateLimited({ ...detail, retry_after_s: failure.retryAfter })
  return new ToolError({ ...detail, suggestion: `sessionr doctor` })
}

/** A tool that ended well without having written the prompt. */
export const notDelivered = (source: string, sessionId: string | null): NotDelivered =>
  new NotDelivered({
    message:
      sessionId === null
        ? `${source} ended without an error, but the prompt is in none of its sessions`
        : `${source} ended without an error, but the prompt is not in session ${sessionId}`,
    suggestion: sessionId === null ? `sessionr list ${source} --cwd all` : `sessionr read ${sessionId} --anchor tail`,
    delivery: "not_delivered",
    session_id: sessionId
  })

export const notDetected = (source: string, cwd: string, waitedMs: number): NewSessionNotDetected =>
  new NewSessionNotDetected({
    message: `${source} ended without an error, but no new session of ${cwd} appeared within ${waitedMs} ms`,
    suggestion: `sessionr list ${source} --cwd ${cwd}`,
    source,
    cwd,
    waited_ms: waitedMs
  })
