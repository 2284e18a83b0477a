import * as Effect from "effect/Effect"
import { foregroundTimeoutMs } from "../../domain/bounds.ts"
import { shellLine } from "../../domain/text.ts"
import { estimateTokens } from "../../domain/tokens.ts"
import type { DryRunResult } from "../../domain/results.ts"
import { Output } from "../../services/Output.ts"
import { Invocation } from "../../services/Invocation.ts"
import type { ReadBackForm, SendRequest } from "../../services/Sends.ts"
import { commandLine, type Found } from "../sessions/catalog.ts"
import { fromStore } from "../sessions/from-store.ts"
import { load } from "../sessions/resolve.ts"
import { knownAnswer, sentAnswer } from "./answer.ts"
import { jobResult, viewJob } from "./jobs.ts"
import { performOnce } from "./once.ts"
import { mintJobId, type Manner } from "./perform.ts"
import { makePlan } from "./plan.ts"
import { recorder, silent } from "./recorder.ts"
import { findTarget } from "./target.ts"

/** `send`: waits for the tool and proves the delivery. The tool's output is mirrored to our stderr. */
export const send = Effect.fn("Sends.send")(function* (request: SendRequest, form: ReadBackForm) {
  const output = yield* Output
  const { quiet } = yield* Invocation
  const services = yield* Effect.context<never>()
  const run = Effect.runForkWith(services)
  const mirror = (text: string): void => {
    if (!quiet) run(output.stderr(form.mirrored(text)))
  }
  const jobId = request.idempotencyKey === null ? null : yield* mintJobId
  const manner: Manner = {
    jobId,
    record: jobId === null ? silent : yield* recorder(jobId),
    output: ({ lines }) => ({ kind: "pipes", lines, mirror }),
    started: () => Effect.void
  }
  const timed = { ...request, timeoutMs: request.timeoutMs ?? foregroundTimeoutMs }
  const once = yield* performOnce(timed, manner)
  if (once.kind === "done") return yield* sentAnswer(once.performed, request, form)
  const view = yield* viewJob(once.job)
  return yield* view.status === "running" ? jobResult(view) : knownAnswer(once.job, request, form)
})

/** A UUID of no session: what a dry run shows in the place of the one that would be made. */
const placeholderId = "00000000-0000-4000-8000-000000000000"

/** Estimated tokens of a session; nothing is remembered of it, for a dry run writes nothing at all. */
const tokensOf = Effect.fnUntraced(function* (found: Found) {
  const transcript = yield* load(found, { measures: false })
  return yield* Effect.sync(() => transcript.totalTokens).pipe(fromStore(found.entry))
})

/** `send --dry-run`. */
export const dryRun = Effect.fn("Sends.dryRun")(function* (request: SendRequest) {
  const command = yield* commandLine
  const target = yield* findTarget(request)
  const { binPath, plan } = yield* makePlan(request, target, placeholderId)
  const history = target.found === null ? 0 : yield* tokensOf(target.found)
  const call = shellLine([binPath ?? plan.bin, ...plan.args])
  const missing = binPath === null ? [`${plan.bin} is not on PATH: a send would fail with SPAWN_ERROR`] : []
  return {
    _tag: "dry-run",
    source: target.adapter.source,
    cwd: plan.cwd,
    bin: binPath ?? plan.bin,
    args: plan.args,
    stdin: plan.stdin,
    env: plan.env,
    wouldSpawn: `cd ${shellLine([plan.cwd])} && ${call}${plan.stdin === null ? " < /dev/null" : " < prompt.md"}`,
    sessionId: target.found?.entry.id ?? null,
    estimatedInputTokens: history + Math.ceil(estimateTokens(request.prompt)),
    warnings: [...plan.notices, ...missing].map((message) => ({
      source: target.adapter.source,
      code: "NOTICE",
      message
    })),
    actions: [{ command: command(["sources"]), description: "What can be sent to which source" }]
  } satisfies DryRunResult
})
