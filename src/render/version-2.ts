import type { CommandResult } from "../domain/results.ts"
import type { Wire } from "./answers/common.ts"

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Keys whose values are somebody else's and passed on as they are, or whose own keys are not names of ours. */
const verbatim: ReadonlySet<string> = new Set(["input", "schemas"])

/** Every key in snake_case, except within values that are passed on verbatim. */
export const snakeKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(snakeKeys)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [snake(key), verbatim.has(key) ? item : snakeKeys(item)])
  )
}

/** Cursors of version 2 are objects with their numbers. */
const cursorOf = (result: CommandResult): Record<string, unknown> | null => {
  if (result._tag === "diff") return result.differences === null ? null : { ...result.differences.cursor }
  return result._tag === "list" || result._tag === "read" ? { ...result.cursor } : null
}

/**
 * The version 2 envelope: one shape for everything. `result` holds what version 1 spreads over the root, or keeps below
 * `result` or `data`; cursors are objects.
 */
export const toVersion2 = (result: CommandResult, wire: Wire) => {
  const { actions, api_version: _, data, meta = {}, ok: _ok, result: inner = data, ...rest } = wire
  const cursor = cursorOf(result)
  const body = inner === undefined ? rest : inner
  const place = result._tag === "list" ? "result" : "meta"
  const withCursor = (value: object, here: "meta" | "result") =>
    cursor !== null && here === place ? { ...value, cursor } : value
  return {
    ok: true,
    schema_version: "2",
    meta: snakeKeys(withCursor(meta as object, "meta")),
    result: snakeKeys(withCursor(body as object, "result")),
    actions
  }
}

/** The error body of version 2 says `retryable` where version 1 says `retry`. */
export const errorBodyVersion2 = (error: object) =>
  Object.fromEntries(Object.entries(error).map(([key, value]) => [key === "retry" ? "retryable" : key, value]))

export const errorToVersion2 = (error: object, meta: object, actions: ReadonlyArray<unknown>) => ({
  ok: false,
  schema_version: "2",
  error: errorBodyVersion2(error),
  meta,
  actions
})
