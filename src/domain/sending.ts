/** What a send does to a session: a new one, the one that is named, the newest of the directory, or a copy of one. */
export type SendKind = "new" | "resume" | "continue" | "fork"

/** What the tool may do while it answers, as far as its flags can say it. */
export type Permission = "plan" | "edit" | "full"

export const permissions: ReadonlyArray<Permission> = ["plan", "edit", "full"]

/** What is to be sent, before anything is known of processes. */
export interface SendOrder {
  readonly kind: SendKind
  /** The session that is resumed or forked; null for the other kinds. */
  readonly sessionId: string | null
  /** Absolute path of the file that is the session; null with `sessionId`. */
  readonly sessionFile: string | null
  readonly prompt: string
  /** The directory of the session: absolute. */
  readonly cwd: string
  /** A fresh UUID, for tools that let the caller choose the id of a new session. */
  readonly mintedId: string
  readonly model: string | null
  readonly permission: Permission | null
  /** What the caller passes on to the tool as it is. */
  readonly extra: ReadonlyArray<string>
  /** Id of the record after which a fork begins, for tools that can fork in the middle; else null. */
  readonly forkAt: string | null
  /** First line of what the program says to `--version`; null where it is not installed or says nothing. */
  readonly toolVersion: string | null
  /** The program that was found on PATH, of those that `Sender.binaries` names; the first of them where none was. */
  readonly binary: string
}

/** One call of a tool as pure data: no shell, no lookup. */
export interface SendPlan {
  readonly bin: string
  readonly args: ReadonlyArray<string>
  /** Written to standard input, which is then closed; null: it is closed at once, since several tools wait on it. */
  readonly stdin: string | null
  readonly cwd: string
  /** Set in addition to the caller's environment. */
  readonly env: Readonly<Record<string, string>>
  /** The id that the session will have, where it is known before the start: a resumed one, or one that we chose. */
  readonly sessionId: string | null
  /** A unique name that the new session is given, where only that tells which one it is; else null. */
  readonly sessionName: string | null
  /** What the caller should know: a fork of the whole session where one of its middle was asked for, … */
  readonly notices: ReadonlyArray<string>
}

/** Why a tool cannot do what was asked. */
export interface Refusal {
  /** `operation`: the tool has no such command. `prompt`: this prompt would not arrive unchanged. */
  readonly refused: "operation" | "prompt"
  readonly reason: string
}

export const isRefusal = (plan: SendPlan | Refusal): plan is Refusal => "refused" in plan

/** What kind of failure a tool reports, where its output tells. */
export type FailureKind = "auth" | "rate_limit" | "tool"

export interface ToolFailure {
  readonly kind: FailureKind
  /** In the tool's own words, one line. */
  readonly message: string
  /** Seconds, where the tool says when to try again. */
  readonly retryAfter: number | null
}

/**
 * Follows what a tool prints, line by line, without ever failing on it. Reading is by the tool's machine-readable output
 * as its plan asks for it; exit codes lie and are for the caller to report.
 */
export interface OutputReader {
  readonly stdout: (line: string) => void
  readonly stderr: (line: string) => void
  /** The session as the tool names it so far; null until it has. */
  readonly sessionId: () => string | null
  /** What went wrong, as far as the lines say; null where they say nothing of it. */
  readonly failure: () => ToolFailure | null
}

/** Bytes of one argument, its terminating zero included, that Linux can pass: MAX_ARG_STRLEN. */
export const maxArgumentBytes = 131_072
