import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { RoleCounts, SessionEntry } from "../domain/session.ts"
import type { Tally } from "../domain/tally.ts"

/** What is remembered of a session that was read whole, as long as its file has not moved. */
export interface Digest {
  readonly contentHash: string
  readonly totalMessages: number
  readonly totalTokens: number
  readonly byRole: RoleCounts
  /** Milliseconds since the epoch. */
  readonly updatedAt: number
  /** Null until totals asked for it: to make it takes longer than the rest. */
  readonly tally: Tally | null
  /** Size and time of change of the files that say more of the session than its own does; empty where there are none. */
  readonly companions: string
}

/**
 * A cache that may be deleted at any time and that never fails a command: what cannot be read or written is as good as
 * not there.
 */
export class DigestCache extends Context.Service<
  DigestCache,
  {
    readonly get: (entry: SessionEntry) => Effect.Effect<Digest | null>
    readonly put: (entry: SessionEntry, digest: Digest) => Effect.Effect<void>
    /** Directory, its size in bytes (null when missing) and the number of digests. */
    readonly report: Effect.Effect<{ dir: string; bytes: number | null; entries: number }>
  }
>()("sessionr/services/DigestCache") {}
