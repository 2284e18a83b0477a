import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { AppErrorJson, encodable } from "../../domain/error-json.ts"
import { type AppError, StateError } from "../../domain/errors.ts"
import { permissions } from "../../domain/sending.ts"
import { JobStore } from "../../services/JobStore.ts"
import { Output } from "../../services/Output.ts"
import { Processes } from "../../services/Processes.ts"
import type { SendRequest } from "../../services/Sends.ts"
import { Settings } from "../../services/Settings.ts"
import { jobResult, viewJob } from "./jobs.ts"
import { performOnce } from "./once.ts"
import { mintJobId } from "./perform.ts"
import { recorder } from "./recorder.ts"

/** The command that a supervisor is started with. Nobody types it. */
export const superviseCommand = "__supervise"

const nullableString = Schema.NullOr(Schema.String)

const Task = Schema.Struct({
  jobId: Schema.String,
  request: Schema.Struct({
    kind: Schema.Literals(["new", "resume", "continue", "fork"]),
    id: nullableString,
    source: nullableString,
    cwd: nullableString,
    prompt: Schema.String,
    name: nullableString,
    timeoutMs: Schema.NullOr(Schema.Finite),
    detectTimeoutMs: Schema.Finite,
    queue: Schema.Boolean,
    idempotencyKey: nullableString,
    model: nullableString,
    permission: Schema.NullOr(Schema.Literals(permissions)),
    extra: Schema.Array(Schema.String),
    tokens: Schema.Int,
    preset: Schema.String
  })
})

const decodeTask = Schema.decodeEffect(Schema.fromJsonString(Task))

/** What a supervisor tells whoever started it, in one line: the job that runs, or why none does. */
const Report = Schema.Union([Schema.Struct({ jobId: Schema.String }), Schema.Struct({ error: AppErrorJson })])

const ReportLine = Schema.fromJsonString(Report)
const decodeReport = Schema.decodeOption(ReportLine)
const encodeReport = Schema.encodeSync(ReportLine)

const noSupervisor = (path: string): StateError =>
  new StateError({
    message: "the process that was to look after the job ended before it had started anything",
    suggestion: "sessionr jobs",
    path,
    reason: "no report from the supervisor"
  })

/** `send --async`: a supervisor is started, and answers as soon as the tool runs. */
export const start = Effect.fn("Sends.start")(function* (request: SendRequest) {
  const processes = yield* Processes
  const jobs = yield* JobStore
  const { home, stateDir } = yield* Settings
  const jobId = yield* mintJobId
  const task = JSON.stringify({ jobId, request })
  const words = [...(home === null ? [] : ["--home", home]), superviseCommand]
  const line = yield* processes.startSelf(words, task)
  const report = line === null ? null : Option.getOrNull(decodeReport(line))
  if (report === null) return yield* noSupervisor(stateDir)
  if ("error" in report) return yield* report.error
  const stored = yield* jobs.read(report.jobId)
  if (stored === null) return yield* noSupervisor(stateDir)
  return yield* jobResult(yield* viewJob(stored))
})

/** The supervisor: carries out a send with a record, and reports once. */
export const supervise = Effect.fn("Sends.supervise")(function* (text: string) {
  const output = yield* Output
  const jobs = yield* JobStore
  const { jobId, request } = yield* decodeTask(text).pipe(Effect.orDie)
  let hasReported = false
  const report = (value: typeof Report.Type) =>
    Effect.suspend(() => {
      if (hasReported) return Effect.void
      hasReported = true
      return output.stdout(`${encodeReport(value)}\n`)
    })
  const files = jobs.outputs(jobId)
  const done = performOnce(request, {
    jobId,
    record: yield* recorder(jobId),
    output: ({ lines }) => ({ kind: "files", ...files, lines }),
    started: () => report({ jobId })
  })
  const outcome = yield* done.pipe(
    Effect.tapError((error: AppError) => report({ error: encodable(error) })),
    Effect.option
  )
  if (Option.isSome(outcome) && outcome.value.kind === "known") yield* report({ jobId: outcome.value.job.record.jobId })
})
