import { noUsage } from "../../domain/session.ts"
import { addUsage, type Spent } from "../../domain/spending.ts"
import { asCount, asText, type Json } from "../support/json.ts"
import { SpendingTable } from "../support/spending.ts"
import { asMoment, type Usage } from "./format.ts"

/**
 * The counts of a row or of the first line of a file, whose names begin with `prefix`; null where there are none.
 *
 * goose counts cached tokens into the input (the comment on its own `Usage`). Versions and providers that did not are
 * told by their total, or by more cached tokens than there was input. A lone total cannot be split and says nothing.
 */
export const usageOf = (row: Json, prefix = ""): Usage | null => {
  const count = (name: string) => asCount(row[`${prefix}${name}_tokens`])
  const total = count("total")
  const output = count("output") ?? (total === null ? null : Math.max(0, total - (count("input") ?? total)))
  const input = count("input") ?? (total === null || count("output") === null ? null : Math.max(0, total - output!))
  if (input === null || output === null || input + output === 0) return null
  const cacheRead = count("cache_read") ?? 0
  const cacheCreation = count("cache_write") ?? 0
  const cached = cacheRead + cacheCreation
  const isBeside = cached > input || (cached > 0 && total === input + output + cached)
  return {
    tokens: { input: isBeside ? input : input - cached, output, cacheRead, cacheCreation, thinking: 0 },
    total: total ?? input + output
  }
}

/** The sum of the calls of a session; null where none of them counted anything. */
export const sumOf = (rows: ReadonlyArray<Json>): Usage | null => {
  const counted = rows.map((row) => usageOf(row)).filter((usage) => usage !== null)
  if (counted.length === 0) return null
  return counted.reduce(
    (sum, { tokens, total }) => ({ tokens: addUsage(sum.tokens, tokens), total: sum.total + total }),
    { tokens: noUsage, total: 0 }
  )
}

/** The calls of a session by day and model. */
export const spentOf = (rows: ReadonlyArray<Json>): ReadonlyArray<Spent> => {
  const table = new SpendingTable()
  for (const row of rows) {
    const tokens = usageOf(row)?.tokens
    if (tokens === undefined) continue
    const { cacheCreation, cacheRead, input, output } = tokens
    table.add(table.row(asMoment(row["created_timestamp"]), asText(row["model"])), [
      input,
      output,
      cacheRead,
      cacheCreation,
      0
    ])
  }
  return table.rows
}

/** The larger of both, as the tool shows it: the ledger began with schema 15 and lacks what was spent before. */
export const largerOf = (ledger: Usage | null, row: Usage | null): Usage | null =>
  ledger === null || (row !== null && row.total > ledger.total) ? row : ledger
