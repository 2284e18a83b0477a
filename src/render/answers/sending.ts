import type { DryRunResult, JobResult, JobsResult, JobView, SentResult } from "../../domain/results.ts"
import { formatDuration, isoTime, isoTimeOrNull } from "../../domain/time.ts"
import type { DryRunEnvelope, Job, JobEnvelope, JobsEnvelope, SendEnvelope } from "../../schemas/sending.ts"
import { renderTable, sanitizeLine } from "../terminal.ts"
import { textMessage } from "../text-message.ts"
import { wireMessage } from "../wire-message.ts"
import {
  type Encoder,
  metaOf,
  nextLine,
  pairs,
  type Shape,
  type TextStyle,
  warningLines,
  warningsOf
} from "./common.ts"

const sentWire = (result: SentResult): Shape<typeof SendEnvelope> => ({
  api_version: 1,
  meta: {
    session_id: result.sessionId,
    ...(result.previousSessionId === null ? {} : { previous_session_id: result.previousSessionId }),
    source: result.source,
    delivery: result.delivery,
    total_messages: result.totalMessages,
    message_count_before: result.messageCountBefore,
    message_count_after: result.totalMessages,
    new_messages: result.newMessages,
    total_tokens_estimate: result.totalTokens,
    returned_tokens_estimate: result.returnedTokens,
    range: result.range,
    is_new_session: result.isNewSession,
    partial: result.partial,
    tool_exit_code: result.exitCode,
    ...warningsOf(result.warnings)
  },
  messages: result.messages.map(wireMessage),
  actions: result.actions
})

const sentText = (result: SentResult, style: TextStyle): string => {
  const { paint } = style
  const kind = result.isNewSession ? "new session" : "session"
  const facts = `${result.delivery} to ${kind} ${result.sessionId} of ${result.source}, ${result.newMessages} new messages`
  return (
    result.messages.map((message) => textMessage(message, paint)).join("") +
    `${paint.dim(sanitizeLine(facts))}\n` +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
  )
}

/** The answer of `send` in the foreground. */
export const sent: Encoder<SentResult> = { wire: sentWire, text: sentText }

const dryRunWire = (result: DryRunResult): Shape<typeof DryRunEnvelope> => ({
  api_version: 1,
  ok: true,
  ...metaOf(result.warnings),
  result: {
    dry_run: true,
    source: result.source,
    cwd: result.cwd,
    command: { bin: result.bin, args: result.args, stdin: result.stdin === null ? null : "prompt" },
    environment: Object.entries(result.env).map(([name, value]) => ({ name, value })),
    would_spawn: result.wouldSpawn,
    session_id: result.sessionId,
    estimated_input_tokens: result.estimatedInputTokens
  },
  actions: result.actions
})

const dryRunText = (result: DryRunResult, style: TextStyle): string =>
  pairs(
    [
      ["source", result.source],
      ["session", result.sessionId ?? "a new one"],
      ["directory", result.cwd],
      ["command", result.wouldSpawn],
      [
        "environment",
        Object.entries(result.env)
          .map(([name, value]) => `${name}=${value}`)
          .join(" ") || null
      ],
      ["input", `about ${result.estimatedInputTokens} tokens`]
    ],
    style
  ) + warningLines(result.warnings, style)

/** The answer of `send --dry-run`. */
export const dryRun: Encoder<DryRunResult> = { wire: dryRunWire, text: dryRunText }

const jobWire = (job: JobView): Shape<typeof Job> => ({
  job_id: job.jobId,
  session_id: job.sessionId,
  ...(job.previousSessionId === null ? {} : { previous_session_id: job.previousSessionId }),
  source: job.source,
  status: job.status,
  pid: job.pid,
  exit_code: job.exitCode,
  started_at: isoTime(job.startedAt),
  completed_at: isoTimeOrNull(job.completedAt),
  is_new_session: job.isNewSession,
  message_count_before: job.messageCountBefore,
  delivery: job.delivery,
  last_error: job.lastError,
  read_back: job.readBack
})

const jobText = ({ actions, job: shown, warnings }: JobResult, style: TextStyle): string =>
  pairs(
    [
      ["job", shown.jobId],
      ["status", shown.exitCode === null ? shown.status : `${shown.status}, exit code ${shown.exitCode}`],
      ["source", shown.source],
      ["session", shown.sessionId],
      ["was session", shown.previousSessionId],
      ["delivery", shown.delivery],
      ["error", shown.lastError],
      ["started", isoTime(shown.startedAt)],
      ["took", shown.completedAt === null ? null : formatDuration(Math.max(0, shown.completedAt - shown.startedAt))]
    ],
    style
  ) +
  warningLines(warnings, style) +
  nextLine(actions, style)

/** The answer of `send --async`, `job`, `wait` and `cancel`. */
export const job: Encoder<JobResult> = {
  wire: (result): Shape<typeof JobEnvelope> => ({
    api_version: 1,
    ...metaOf(result.warnings),
    data: jobWire(result.job),
    actions: result.actions
  }),
  text: jobText
}

const jobsText = (result: JobsResult, style: TextStyle): string => {
  const { paint } = style
  const rows = result.jobs.map((one) => [
    one.jobId,
    one.status,
    one.source,
    one.sessionId ?? "-",
    one.exitCode === null ? "-" : String(one.exitCode),
    isoTime(one.startedAt).slice(0, 19).replace("T", " ")
  ])
  const columns = [
    { title: "JOB", max: 32 },
    { title: "STATUS", max: 9 },
    { title: "SOURCE", max: 12 },
    { title: "SESSION", max: 36 },
    { title: "EXIT", max: 4 },
    { title: "STARTED" }
  ]
  const count =
    result.pruned === null ? `${result.jobs.length} of ${result.total} jobs` : `${result.pruned.length} jobs forgotten`
  return (
    (rows.length === 0 ? "" : renderTable(columns, rows, style.width, paint)) +
    `${paint.dim(count)}\n` +
    nextLine(result.actions, style)
  )
}

/** The answer of `jobs`. */
export const jobs: Encoder<JobsResult> = {
  wire: (result): Shape<typeof JobsEnvelope> => ({
    api_version: 1,
    ...metaOf(result.warnings),
    jobs: result.jobs.map(jobWire),
    total: result.total,
    ...(result.pruned === null ? {} : { pruned: result.pruned }),
    actions: result.actions
  }),
  text: jobsText
}
