import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { errorFromJson, errorToJson } from "../../domain/error-json.ts"
import { type AppError, StateError } from "../../domain/errors.ts"
import type { JobView } from "../../domain/results.ts"
import { permissions } from "../../domain/sending.ts"
import { JobStore, type StoredJob } from "../../services/JobStore.ts"
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

/** What a supervisor tells whoever started it, in one line: the job as it is now, or why there is none. */
type Report = { readonly job: JobView } | { readonly error: { readonly [field: string]: unknown } }

/** Both ends are this program; anything else on that line is none of its reports. */
const reportFrom = (line: string): Report | null => {
  try {
    const value: unknown = JSON.parse(line)
    const isReport = typeof value === "object" && value !== null && ("job" in value || "error" in value)
    return isReport ? (value as Report) : null
  } catch {
    return null
  }
}

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
  const { home, stateDir } = yield* Settings
  const jobId = yield* mintJobId
  const task = JSON.stringify({ jobId, request })
  const words = [...(home === null ? [] : ["--home", home]), superviseCommand]
  const line = yield* processes.startSelf(words, task)
  const report = line === null ? null : reportFrom(line)
  if (report === null) return yield* noSupervisor(stateDir)
  if ("error" in report) return yield* errorFromJson(report.error) ?? noSupervisor(stateDir)
  return yield* jobResult(report.job)
})

/** The supervisor: carries out a send with a record, and reports once. */
export const supervise = Effect.fn("Sends.supervise")(function* (text: string) {
  const output = yield* Output
  const jobs = yield* JobStore
  const processes = yield* Processes
  const { jobId, request } = yield* decodeTask(text).pipe(Effect.orDie)
  let hasReported = false
  const report = (value: Report) =>
    Effect.suspend(() => {
      if (hasReported) return Effect.void
      hasReported = true
      return output.stdout(`${JSON.stringify(value)}\n`)
    })
  const tell = (job: StoredJob) =>
    viewJob(job).pipe(
      Effect.flatMap((view) => report({ job: view })),
      Effect.provideService(Processes, processes)
    )
  const files = jobs.outputs(jobId)
  const done = performOnce(request, {
    jobId,
    record: yield* recorder(jobId),
    output: ({ lines }) => ({ kind: "files", ...files, lines }),
    started: (record) => tell({ record, exit: null })
  })
  const outcome = yield* done.pipe(
    Effect.tapError((error: AppError) => report({ error: errorToJson(error) })),
    Effect.option
  )
  if (Option.isSome(outcome) && outcome.value.kind === "known") yield* tell(outcome.value.job)
})
