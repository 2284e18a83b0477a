import { asCount, type Json } from "../support/json.ts"
import type { Rollout } from "./format.ts"
import type { Meta } from "./meta.ts"

/** A model does not answer faster than this, milliseconds, while the copy of a history takes only moments. */
const copyMs = 1000

/**
 * Tells a thread's own records from those that were copied into its file: an agent that was given its parent's context
 * says from which ordinal on it speaks itself; a legacy fork repeats its parent's whole file with the times of the copy.
 * There, a turn's `started_at` (unix seconds) still is the original one, where the version wrote it.
 */
export class Ownership {
  #copying: boolean
  #turnsSay = false
  readonly #forkedAt: number
  readonly #ownOrdinal: number | null

  constructor(meta: Meta | null, isLegacyFork: boolean) {
    this.#ownOrdinal = meta?.ownOrdinal ?? null
    this.#copying = isLegacyFork && this.#ownOrdinal === null
    this.#forkedAt = meta?.createdAt ?? 0
  }

  /** To be asked of every record that is looked at, in order. */
  owns(record: Rollout): boolean {
    if (this.#ownOrdinal !== null) return record.ordinal === null || record.ordinal >= this.#ownOrdinal
    if (this.#copying) this.#look(record.payload, record)
    return !this.#copying
  }

  #look(payload: Json, { time, type }: Rollout): void {
    if (type !== "event_msg") return
    const kind = payload["type"]
    const startedAt = kind === "task_started" || kind === "turn_started" ? asCount(payload["started_at"]) : null
    if (startedAt !== null) {
      this.#turnsSay = true
      this.#copying = startedAt < Math.floor(this.#forkedAt / 1000)
    } else if (!this.#turnsSay && time !== null) this.#copying = time - this.#forkedAt < copyMs
  }
}
