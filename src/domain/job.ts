import * as Schema from "effect/Schema"

/** A process as it is written into a record; see `ProcessId` of the services. */
export const StoredProcess = Schema.Struct({
  pid: Schema.Int,
  startedAt: Schema.NullOr(Schema.String),
  bootId: Schema.NullOr(Schema.String)
})

export const jobStatuses = ["running", "completed", "failed", "cancelled"] as const

export type JobStatus = (typeof jobStatuses)[number]

/** How the new messages of a job are read back. */
export const ReadBack = Schema.Struct({ source: Schema.String, tokens: Schema.Int, preset: Schema.String })

/** What is known of a send that runs, or ran, on its own. Times are milliseconds since the epoch. */
export const JobRecord = Schema.Struct({
  version: Schema.Literal(1),
  jobId: Schema.String,
  source: Schema.String,
  kind: Schema.Literals(["new", "resume", "continue", "fork"]),
  /** Null until it is known which session the prompt went to. */
  sessionId: Schema.NullOr(Schema.String),
  /** What was resumed or forked, where the tool answered under another id. */
  previousSessionId: Schema.NullOr(Schema.String),
  cwd: Schema.String,
  bin: Schema.String,
  args: Schema.Array(Schema.String),
  /** Whoever looks after the child; null before it has started. */
  supervisor: Schema.NullOr(StoredProcess),
  child: Schema.NullOr(StoredProcess),
  startedAt: Schema.Finite,
  completedAt: Schema.NullOr(Schema.Finite),
  /** Messages before the prompt; those after it are the job's. */
  messageCountBefore: Schema.Int,
  delivery: Schema.NullOr(Schema.Literals(["delivered", "unanswered", "not_delivered"])),
  lastError: Schema.NullOr(Schema.String),
  /** Set by whoever cancels, before the group is ended. */
  cancelled: Schema.Boolean,
  readBack: ReadBack,
  /** Name that the session carries or is to be given. */
  name: Schema.NullOr(Schema.String),
  idempotencyKey: Schema.NullOr(Schema.String)
})

export type JobRecord = typeof JobRecord.Type

/** Recorded for a child of which nothing is left and nobody wrote how it ended. */
export const exitMissing = -1

/** What a job is, from its record, the exit code that was written, and whether anything of it is alive. */
export const jobState = (
  record: JobRecord,
  exit: number | null,
  isAlive: boolean
): { readonly status: JobStatus; readonly exitCode: number | null; readonly lastError: string | null } => {
  // A supervisor that has written the exit code still looks for the prompt in the session.
  if (isAlive && (exit === null || record.completedAt === null)) {
    return { status: "running", exitCode: null, lastError: null }
  }
  if (record.cancelled) return { status: "cancelled", exitCode: exit ?? 130, lastError: record.lastError }
  if (exit === null) return { status: "failed", exitCode: exitMissing, lastError: "exit_code_missing" }
  if (exit === 0 && record.lastError === null) return { status: "completed", exitCode: 0, lastError: null }
  return { status: "failed", exitCode: exit, lastError: record.lastError }
}

/** `j-`, the UTC time to the second, and something random: sorts by time and never repeats. */
export const makeJobId = (nowMs: number, random: string): string =>
  `j-${new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}-${random}`

export const isJobId = (text: string): boolean => /^j-\d{8}-\d{6}-[0-9a-z]{6,}$/.test(text)
