import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StateError } from "../domain/errors.ts"
import type { SessionBusy } from "../domain/send-errors.ts"
import type { ProcessId } from "./Processes.ts"

/** What only one at a time may write to: a session, or the new sessions of a source in a directory. */
export interface LeaseKey {
  readonly source: string
  /** Id of the session, or an absolute path for new ones. */
  readonly subject: string
}

export interface LeaseRequest {
  readonly key: LeaseKey
  /** Shown to whoever is turned away. */
  readonly command: string
  readonly jobId: string | null
}

export interface Lease {
  /** Held from now on by these processes as well: as long as one of them is alive, nobody else gets it. */
  readonly extend: (process: ProcessId) => Effect.Effect<void, StateError>
  readonly release: Effect.Effect<void>
}

/** One writer a session. A lease whose holders are all dead is nobody's. */
export class Leases extends Context.Service<
  Leases,
  {
    /** Takes the lease, or says who has it. */
    readonly acquire: (request: LeaseRequest) => Effect.Effect<Lease, SessionBusy | StateError>
    /** Waits its turn. */
    readonly queue: (request: LeaseRequest) => Effect.Effect<Lease, StateError>
  }
>()("sessionr/services/Leases") {}
