import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { InvalidArg, type StateError } from "../domain/errors.ts"
import type {
  PrunedResult,
  PruneItem,
  PrunePlanResult,
  PruneRefusal,
  RestoredItem,
  RestoredResult,
  TrashResult,
  Warning
} from "../domain/results.ts"
import { trashName, trashTime } from "../domain/trash.ts"
import type { StoreServices } from "../services/Adapter.ts"
import type { AdapterRegistry } from "../services/AdapterRegistry.ts"
import type { Directories } from "../services/Directories.ts"
import type { Host } from "../services/Host.ts"
import { Leases } from "../services/Leases.ts"
import { Progress } from "../services/Progress.ts"
import { Prune, type PruneRequest } from "../services/Prune.ts"
import type { Settings } from "../services/Settings.ts"
import { StateFiles } from "../services/StateFiles.ts"
import type { StoreTrash } from "../services/StoreTrash.ts"
import { manifestsOf, runDir, trashDir } from "./prune/manifest.ts"
import { moveSession } from "./prune/move.ts"
import { allRuns, freeName, interruptedRuns, runItem } from "./prune/runs.ts"
import { type Candidate, select } from "./prune/select.ts"
import { restoreSession } from "./prune/undo.ts"
import { commandLine } from "./sessions/catalog.ts"

type Needs =
  | AdapterRegistry
  | Directories
  | Host
  | Leases
  | Progress
  | Settings
  | StateFiles
  | StoreServices
  | StoreTrash

const item = ({ bytes, filePath, id, source, updatedAt }: Candidate): PruneItem => ({
  id,
  source,
  filePath,
  bytes,
  updatedAt
})

const sum = (items: ReadonlyArray<{ readonly bytes: number }>): number =>
  items.reduce((all, { bytes }) => all + bytes, 0)

/** What was moved or restored is changed by one process at a time. */
const alone = <A, E, R>(use: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Effect.service(StateFiles), (files) => files.locked(trashDir)(use))

const showTrash = ["prune", "--empty-trash", "--older-than", "1s", "--dry-run"]

const plan = Effect.fn("Prune.plan")(function* (request: PruneRequest) {
  const command = yield* commandLine
  const { candidates, refused, warnings } = yield* select(request)
  return {
    _tag: "prune",
    wouldDelete: candidates.map(item),
    bytes: sum(candidates),
    refused,
    warnings: [...warnings, ...(yield* interruptedRuns)],
    actions:
      candidates.length === 0
        ? [{ command: command(showTrash), description: "What lies in the trash" }]
        : [{ command: command(["prune", ...request.words, "--yes"]), description: "Move them to the trash" }]
  } satisfies PrunePlanResult
})

/** Moves a session while nobody can send to it through us. */
const moveAlone = Effect.fnUntraced(function* (run: string, session: string, candidate: Candidate) {
  const leases = yield* Leases
  const key = { source: candidate.source, subject: candidate.id }
  return yield* Effect.acquireUseRelease(
    leases.acquire({ key, command: "prune", jobId: null }),
    () => moveSession(run, session, candidate),
    (lease) => lease.release
  ).pipe(Effect.catchTag("SessionBusy", ({ message }) => Effect.succeed(message)))
})

const moveAll = Effect.fnUntraced(function* (run: string, candidates: ReadonlyArray<Candidate>) {
  const progress = yield* Progress
  const deleted: Array<PruneItem> = []
  const skipped: Array<PruneRefusal> = []
  const warnings: Array<Warning> = []
  for (const [at, candidate] of candidates.entries()) {
    progress.update("moving", at, candidates.length)
    const reason = yield* moveAlone(run, String(at + 1).padStart(5, "0"), candidate).pipe(
      Effect.catch((error: StateError) => {
        // What has been moved must be told of, and how to get it back: only an error before that is the answer.
        if (deleted.length === 0) return Effect.fail(error)
        warnings.push({ source: null, code: "STATE_ERROR", message: error.message })
        return Effect.succeed(error.message)
      })
    )
    if (reason === null) deleted.push(item(candidate))
    else skipped.push({ id: candidate.id, source: candidate.source, reason })
    if (warnings.length > 0) {
      for (const { id, source } of candidates.slice(at + 1)) skipped.push({ id, source, reason: "not begun" })
      break
    }
  }
  return { deleted, skipped, warnings }
})

const run = Effect.fn("Prune.run")(function* (request: PruneRequest) {
  const command = yield* commandLine
  const { candidates, refused, warnings } = yield* select(request)
  const earlier = yield* interruptedRuns
  const now = yield* Clock.currentTimeMillis
  const moved =
    candidates.length === 0
      ? { name: null, deleted: [], skipped: [], warnings: [] }
      : yield* alone(
          Effect.gen(function* () {
            const name = freeName(trashName(now), yield* allRuns)
            return { name, ...(yield* moveAll(name, candidates)) }
          })
        )
  const trash = moved.deleted.length === 0 ? null : moved.name
  return {
    _tag: "pruned",
    trash,
    deleted: moved.deleted,
    bytes: sum(moved.deleted),
    refused,
    skipped: moved.skipped,
    warnings: [...warnings, ...earlier, ...moved.warnings],
    actions:
      trash === null
        ? [{ command: command(showTrash), description: "What lies in the trash" }]
        : [
            { command: command(["prune", "--undo", trash]), description: "Put everything back" },
            { command: command(showTrash), description: "What lies in the trash" }
          ]
  } satisfies PrunedResult
})

const unknownRun = Effect.fnUntraced(function* (name: string) {
  const command = yield* commandLine
  const known = yield* allRuns
  const shown = known.length === 0 ? "nothing is in the trash" : `there is ${known.slice(-5).join(", ")}`
  return new InvalidArg({
    message: `--undo is ${JSON.stringify(name)}, which is not in the trash; ${shown}`,
    suggestion: command(showTrash),
    argument: "--undo",
    value: name,
    min: null,
    max: null
  })
})

const undo = Effect.fn("Prune.undo")(function* (name: string) {
  const command = yield* commandLine
  const progress = yield* Progress
  if (trashTime(name) === null || !(yield* allRuns).includes(name)) return yield* yield* unknownRun(name)
  const { conflicts, sessions } = yield* alone(
    Effect.gen(function* () {
      const sessions: Array<RestoredItem> = []
      const conflicts: Array<RestoredResult["conflicts"][number]> = []
      const manifests = yield* manifestsOf(name)
      for (const [at, { manifest, session }] of manifests.entries()) {
        progress.update("restoring", at, manifests.length)
        const { file_path: filePath, id, source } = manifest.session
        const outcome = yield* restoreSession(name, session, manifest)
        sessions.push({ id, source, filePath, status: outcome.status })
        conflicts.push(...outcome.conflicts.map((conflict) => ({ id, source, ...conflict })))
      }
      return { sessions, conflicts }
    })
  )
  return {
    _tag: "restored",
    trash: name,
    sessions,
    restored: sessions.filter(({ status }) => status === "restored").length,
    conflicts,
    warnings: [],
    actions:
      conflicts.length > 0
        ? [{ command: command(["prune", "--undo", name]), description: "Again, once the files in the way are gone" }]
        : [{ command: command(["list", "--cwd", "all"]), description: "Every session" }]
  } satisfies RestoredResult
})

const emptyTrash = Effect.fn("Prune.emptyTrash")(function* (olderThanMs: number, dryRun: boolean) {
  const command = yield* commandLine
  const files = yield* StateFiles
  const now = yield* Clock.currentTimeMillis
  const collect = Effect.gen(function* () {
    const items: Array<TrashResult["items"][number]> = []
    const refused: Array<TrashResult["refused"][number]> = []
    for (const name of yield* allRuns) {
      if (trashTime(name)! >= now - olderThanMs) continue
      const found = yield* Effect.result(runItem(name))
      const reason =
        found._tag === "Failure"
          ? found.failure.message
          : found.success.isInterrupted
            ? `the move was interrupted: sessionr prune --undo ${name}`
            : null
      if (found._tag === "Failure" || reason !== null) {
        refused.push({ trash: name, reason: reason ?? "" })
        continue
      }
      items.push(found.success.item)
      if (!dryRun) yield* files.remove(runDir(name))
    }
    return { items, refused }
  })
  const { items, refused } = yield* dryRun ? collect : alone(collect)
  const seconds = `${Math.round(olderThanMs / 1000)}s`
  return {
    _tag: "trash",
    dryRun,
    items,
    bytes: sum(items),
    refused,
    warnings: [],
    actions: dryRun
      ? [
          ...items.slice(-1).map(({ trash }) => ({
            command: command(["prune", "--undo", trash]),
            description: "Put the newest of these back"
          })),
          {
            command: command(["prune", "--empty-trash", "--older-than", seconds, "--yes"]),
            description: "Delete these for good"
          }
        ]
      : [{ command: command(["doctor"]), description: "What our own state takes" }]
  } satisfies TrashResult
})

/** Pruning over the stores of this machine and our own state. */
export const layer = Layer.effect(
  Prune,
  Effect.map(Effect.context<Needs>(), (context) => {
    const provided = <A, E>(effect: Effect.Effect<A, E, Needs>) => Effect.provideContext(effect, context)
    return Prune.of({
      plan: (request) => provided(plan(request)),
      run: (request) => provided(run(request)),
      undo: (name) => provided(undo(name)),
      emptyTrash: (olderThanMs, dryRun) => provided(emptyTrash(olderThanMs, dryRun))
    })
  })
)
