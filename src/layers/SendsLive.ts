import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { StoreServices } from "../services/Adapter.ts"
import type { AdapterRegistry } from "../services/AdapterRegistry.ts"
import type { DigestCache } from "../services/DigestCache.ts"
import type { Directories } from "../services/Directories.ts"
import type { Host } from "../services/Host.ts"
import type { Invocation } from "../services/Invocation.ts"
import type { JobStore } from "../services/JobStore.ts"
import type { Journal } from "../services/Journal.ts"
import type { Leases } from "../services/Leases.ts"
import type { Names } from "../services/Names.ts"
import type { Output } from "../services/Output.ts"
import type { Processes } from "../services/Processes.ts"
import type { Programs } from "../services/Programs.ts"
import type { Progress } from "../services/Progress.ts"
import { Sends } from "../services/Sends.ts"
import type { Redactor } from "../services/Redactor.ts"
import type { Sessions } from "../services/Sessions.ts"
import type { Settings } from "../services/Settings.ts"
import type { StateFiles } from "../services/StateFiles.ts"
import { start, supervise } from "./sending/background.ts"
import { dryRun, send } from "./sending/foreground.ts"
import { cancel, job, list, prune, wait } from "./sending/jobs.ts"

type Needs =
  | AdapterRegistry
  | DigestCache
  | Directories
  | Host
  | Invocation
  | JobStore
  | Journal
  | Leases
  | Names
  | Output
  | Processes
  | Programs
  | Progress
  | Redactor
  | Sessions
  | Settings
  | StateFiles
  | StoreServices

/** Sending over whatever services lie below. */
export const layer = Layer.effect(
  Sends,
  Effect.map(Effect.context<Needs>(), (context) => {
    const provided = <A, E>(effect: Effect.Effect<A, E, Needs>) => Effect.provideContext(effect, context)
    return Sends.of({
      dryRun: (request) => provided(dryRun(request)),
      send: (request, form) => provided(send(request, form)),
      start: (request) => provided(start(request)),
      supervise: (task) => provided(supervise(task)),
      job: (id) => provided(job(id)),
      wait: (id, timeoutMs, intervalMs) => provided(wait(id, timeoutMs, intervalMs)),
      cancel: (id) => provided(cancel(id)),
      jobs: (filter) => provided(list(filter)),
      pruneJobs: (olderThanMs, dry) => provided(prune(olderThanMs, dry))
    })
  })
)
