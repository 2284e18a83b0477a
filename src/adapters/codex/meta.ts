import { asCount, asObject, asString, asText, asTime, type Json } from "../support/json.ts"
import type { Rollout } from "./format.ts"

/** Where the history of a paginated file begins: in another file, up to a point. */
export interface HistoryBase {
  /** A segment id: names end in `-<id>.jsonl` or `_<id>.jsonl`. */
  readonly id: string
  /** Records with an ordinal from here on are not part of the history. */
  readonly endOrdinal: number
  /** Bytes of the file that are part of it; used where the ordinal is missing. */
  readonly endByte: number | null
}

/** What the first `session_meta` says. Later ones are copies of other sessions' and say nothing. */
export interface Meta {
  readonly createdAt: number | null
  readonly cwd: string | null
  readonly gitBranch: string | null
  readonly kind: "session" | "subagent"
  readonly parentId: string | null
  readonly forkedFrom: string | null
  readonly historyBase: HistoryBase | null
  /** Where an agent's own records begin behind those copied from its parent. */
  readonly ownOrdinal: number | null
}

const historyBaseOf = (value: unknown): HistoryBase | null => {
  const base = asObject(value)
  const id = asText(base?.["thread_id"])
  if (base === null || id === null) return null
  return {
    id: id.toLowerCase(),
    endOrdinal: asCount(base["end_ordinal_exclusive"]) ?? Infinity,
    endByte: asCount(base["end_byte_offset"])
  }
}

/** The parent of an agent. `session_id` is the root of its tree: right for the first level, and better than nothing. */
const parentOf = (payload: Json, spawn: Json | null): string | null => {
  const root = asText(payload["session_id"])
  return (
    asText(payload["parent_thread_id"]) ??
    asText(spawn?.["parent_thread_id"]) ??
    asText(payload["forked_from_id"]) ??
    (root === asString(payload["id"]) ? null : root)
  )
}

export const metaOf = ({ payload, time }: Rollout): Meta => {
  const subagent = asObject(payload["source"])?.["subagent"]
  const spawn = asObject(asObject(subagent)?.["thread_spawn"])
  const isSubagent =
    asString(subagent) !== null ||
    asObject(subagent) !== null ||
    payload["thread_source"] === "subagent" ||
    asText(payload["parent_thread_id"]) !== null
  return {
    createdAt: asTime(payload["timestamp"]) ?? time,
    cwd: asText(payload["cwd"]),
    gitBranch: asText(asObject(payload["git"])?.["branch"]),
    kind: isSubagent ? "subagent" : "session",
    parentId: isSubagent ? parentOf(payload, spawn) : null,
    forkedFrom: isSubagent ? null : asText(payload["forked_from_id"]),
    historyBase: historyBaseOf(payload["history_base"]),
    ownOrdinal: asCount(payload["subagent_history_start_ordinal"])
  }
}
