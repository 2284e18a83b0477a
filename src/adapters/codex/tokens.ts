import type { TokenUsage } from "../../domain/session.ts"
import type { Spent } from "../../domain/spending.ts"
import { asCount, asObject, asString, type Json } from "../support/json.ts"
import { IdTable } from "../support/id-table.ts"
import { SpendingTable } from "../support/spending.ts"

interface Usage {
  /** Cached tokens included. */
  readonly input: number
  readonly cached: number
  readonly cacheWrite: number
  /** Reasoning included. */
  readonly output: number
  readonly reasoning: number
  readonly total: number
}

const zero: Usage = { input: 0, cached: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 0 }

const usageOf = (value: unknown): Usage | null => {
  const usage = asObject(value)
  if (usage === null) return null
  const count = (key: string) => asCount(usage[key]) ?? 0
  const input = count("input_tokens")
  const output = count("output_tokens")
  return {
    input,
    cached: count("cached_input_tokens"),
    cacheWrite: count("cache_write_input_tokens"),
    output,
    reasoning: count("reasoning_output_tokens"),
    total: asCount(usage["total_tokens"]) ?? input + output
  }
}

const combine = (a: Usage, b: Usage, by: (a: number, b: number) => number): Usage => ({
  input: by(a.input, b.input),
  cached: by(a.cached, b.cached),
  cacheWrite: by(a.cacheWrite, b.cacheWrite),
  output: by(a.output, b.output),
  reasoning: by(a.reasoning, b.reasoning),
  total: by(a.total, b.total)
})

/**
 * Tokens that a thread itself spent. `token_usage_record` (since 0.155) says so for each response. Before, `token_count`
 * repeats a running total, often twice, that in a fork begins with what its parent had spent.
 */
export class TokenMeter {
  #sum = zero
  #any = false
  #records = false
  #previous: Usage | null
  #responses = new IdTable()
  readonly #spending = new SpendingTable(true)
  readonly #threadId: string

  /** `inherits`: the running totals begin with those of another thread. */
  constructor(threadId: string, inherits: boolean) {
    this.#threadId = threadId
    this.#previous = inherits ? null : zero
  }

  /** True once `count` has nothing more to tell. */
  get hasRecords(): boolean {
    return this.#records
  }

  /** A `token_usage_record`. Copies of other threads' records name their own thread. `model` is that of the turn. */
  record(payload: Json, time: number | null, model: string | null): void {
    if (asString(payload["thread_id"])?.toLowerCase() !== this.#threadId) return
    const usage = usageOf(payload["usage"])
    if (usage === null) return
    this.#records = true
    const response = asString(payload["response_id"])
    if (response !== null) {
      const known = this.#responses.size
      if (this.#responses.intern(response) < known) return
    }
    this.#add(usage, time, model)
  }

  /** The `info` of a `token_count` that this thread wrote itself. A thread older than records has both. */
  count(value: unknown, time: number | null, model: string | null): void {
    const info = asObject(value)
    const total = usageOf(info?.["total_token_usage"])
    if (this.#records || total === null) return
    const last = usageOf(info?.["last_token_usage"])
    const previous = this.#previous
    this.#previous = total
    const increase = () => combine(total, previous ?? zero, (now, before) => Math.max(0, now - before))
    const usage = previous === null ? (last ?? zero) : total.total < previous.total ? (last ?? total) : increase()
    this.#add(usage, time, model)
  }

  /** Null where nothing was recorded. `cacheCreation` is taken to be part of the input, as cached tokens are. */
  get usage(): TokenUsage | null {
    if (!this.#any) return null
    const { cached, cacheWrite, input, output, reasoning } = this.#sum
    return {
      input: Math.max(0, input - cached - cacheWrite),
      output,
      cacheRead: cached,
      cacheCreation: cacheWrite,
      thinking: reasoning
    }
  }

  /** The same by day and model. */
  get spent(): ReadonlyArray<Spent> {
    return this.#spending.rows
  }

  #add(usage: Usage, time: number | null, model: string | null): void {
    this.#any = true
    const { cached, cacheWrite, input, output, reasoning } = usage
    // The second of two equal totals adds nothing, and may be of another day.
    if (input + output + cached + cacheWrite > 0) {
      this.#spending.add(this.#spending.row(time, model), [input, output, cached, cacheWrite, reasoning])
    }
    this.#sum = combine(this.#sum, usage, (a, b) => a + b)
  }
}
