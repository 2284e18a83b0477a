import type { CommandResult } from "../domain/results.ts"
import type { ApiVersion } from "../domain/output.ts"
import { lineItemsOf } from "../schemas/line-items.ts"
import { snakeKeys, toVersion2 } from "./version-2.ts"
import type { Wire } from "./answers/common.ts"

/** The lines of a JSONL answer: `meta` with everything but the items, a line an item, `end` with actions and exit code. */
export const lineObjects = (
  result: CommandResult,
  wire: Wire,
  apiVersion: ApiVersion,
  exitCode: number
): ReadonlyArray<object> => {
  const { actions, ...envelope } = wire
  const item = lineItemsOf(result._tag)
  const holder = (result._tag === "doctor" ? envelope["result"] : envelope) as Record<string, unknown>
  const list = item === undefined ? [] : ((holder[item[0]] ?? []) as ReadonlyArray<object>)
  const bare = Object.fromEntries(Object.entries(holder).filter(([key]) => key !== item?.[0]))
  const head = result._tag === "doctor" ? { ...envelope, result: bare } : bare
  const end = { type: "end", actions, exit_code: exitCode }
  if (apiVersion === 1) {
    return [{ type: "meta", ...head }, ...list.map((one) => ({ type: item?.[1], ...one })), end]
  }
  const { actions: _, ...meta } = toVersion2(result, { ...head, api_version: 1, actions })
  return [{ type: "meta", ...meta }, ...list.map((one) => ({ type: item?.[1], ...(snakeKeys(one) as object) })), end]
}
