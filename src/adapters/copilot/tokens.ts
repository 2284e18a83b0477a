import { IntColumn } from "../../domain/columns.ts"
import type { TokenUsage } from "../../domain/session.ts"
import type { Spent } from "../../domain/spending.ts"
import { IdTable } from "../support/id-table.ts"
import { asCount, asObject, asText, type Json } from "../support/json.ts"
import { type Counts, SpendingTable } from "../support/spending.ts"

interface Usage {
  /** Cached tokens, read and written, included. */
  readonly input: number
  /** Reasoning included. */
  readonly output: number
  readonly read: number
  readonly write: number
  readonly reasoning: number
}

const zero: Usage = { input: 0, output: 0, read: 0, write: 0, reasoning: 0 }

const usageOf = (value: unknown): Usage | null => {
  const usage = asObject(value)
  if (usage === null) return null
  const count = (key: string) => asCount(usage[key]) ?? 0
  return {
    input: count("inputTokens"),
    output: count("outputTokens"),
    read: count("cacheReadTokens"),
    write: count("cacheWriteTokens"),
    reasoning: count("reasoningTokens")
  }
}

const combine = (a: Usage, b: Usage, by: (a: number, b: number) => number): Usage => ({
  input: by(a.input, b.input),
  output: by(a.output, b.output),
  read: by(a.read, b.read),
  write: by(a.write, b.write),
  reasoning: by(a.reasoning, b.reasoning)
})

const plus = (a: Usage, b: Usage): Usage => combine(a, b, (x, y) => x + y)

const minus = (a: Usage, b: Usage): Usage => combine(a, b, (x, y) => Math.max(0, x - y))

const countsOf = ({ input, output, read, reasoning, write }: Usage): Counts => [input, output, read, write, reasoning]

/** Totals by model, as an exit tells them; null where it does not. */
const metricsOf = (data: Json): ReadonlyMap<string, Usage> | null => {
  const metrics = asObject(data["modelMetrics"])
  if (metrics === null) return null
  const models = new Map<string, Usage>()
  for (const [model, value] of Object.entries(metrics)) {
    const usage = usageOf(asObject(value)?.["usage"])
    if (usage !== null) models.set(model, usage)
  }
  return models.size === 0 ? null : models
}

/**
 * Tokens of a session, those of its subagents included.
 *
 * `session.usage_record` (1.0.102) has each call of a model. `session.shutdown` (since 0.0.422) has totals that run over
 * the whole session and are written at every exit. Either may miss something: a killed process writes no totals, two at
 * a time each their own, an older version no records. Calls for compaction are in neither. Before all that there are
 * only the output tokens of answers, where the API told them.
 */
export class TokenMeter {
  #records: Usage | null = null
  #recordIds = new IdTable()
  /** Records, and output of answers, since the last totals. */
  #since: Usage | null = null
  #sinceOutput = 0
  #totals: Usage | null = null
  /** The totals by model; the calls of the records by day and model. */
  #models: ReadonlyMap<string, Usage> = new Map()
  #spending = new SpendingTable(true)
  /** Totals that a fork took over from its parent. */
  #inherited: Usage = zero
  #compactions: Usage | null = null
  #output: number | null = null
  #answers = new IdTable()
  #answerOutput = new IntColumn()
  #forked = false

  /** What was told so far was copied from the session that this one was forked from. */
  fork(): void {
    this.#records = this.#since = this.#compactions = this.#output = null
    this.#inherited = this.#totals ?? this.#inherited
    this.#totals = null
    this.#models = new Map()
    this.#spending = new SpendingTable(true)
    this.#sinceOutput = 0
    this.#forked = true
  }

  /** A `session.usage_record`: every call has an id, and a number within the agent that made it. */
  record(data: Json, time: number | null): void {
    const call = asObject(data["usage"])
    const usage = usageOf(call)
    if (call === null || usage === null) return
    const accounting = asObject(call["accounting"])
    const id = asText(accounting?.["usageId"]) ?? asText(call["apiCallId"])
    const sequence = asCount(accounting?.["sequence"])
    // Two processes that resume a session at a time go on with the same numbers: the id of the call tells them apart.
    const key = id === null && sequence === null ? null : `${asText(accounting?.["sourceSessionId"])} ${sequence} ${id}`
    if (key !== null) {
      const known = this.#recordIds.size
      if (this.#recordIds.intern(key) < known) return
    }
    this.#records = plus(this.#records ?? zero, usage)
    this.#since = plus(this.#since ?? zero, usage)
    this.#spending.add(this.#spending.row(time, asText(call["model"])), countsOf(usage))
  }

  /** A `session.shutdown`. */
  shutdown(data: Json): void {
    const models = metricsOf(data)
    if (models === null) return
    this.#models = models
    this.#totals = Array.from(models.values()).reduce(plus, zero)
    this.#since = null
    this.#sinceOutput = 0
  }

  /** A `session.compaction_complete`. */
  compaction(data: Json): void {
    const usage = usageOf(data["compactionTokensUsed"])
    if (usage !== null) this.#compactions = plus(this.#compactions ?? zero, usage)
  }

  /** An `assistant.message`. The parts of one answer share their call, and each may repeat its count. */
  answer(data: Json): void {
    const output = asCount(data["outputTokens"])
    if (output === null) return
    const call = asText(data["apiCallId"])
    const row = call === null ? this.#answers.reserve() : this.#answers.intern(call)
    const known = this.#answerOutput.get(row)
    const count = Math.min(Math.floor(output), 0x7fffffff)
    this.#answerOutput.set(row, Math.max(known, count))
    const more = Math.max(0, count - known)
    this.#output = (this.#output ?? 0) + more
    this.#sinceOutput += more
  }

  /** Null where nothing was recorded. */
  get usage(): TokenUsage | null {
    const calls = this.#calls()
    if (calls === null && this.#compactions === null) return null
    const { input, output, read, reasoning, write } = plus(calls ?? zero, this.#compactions ?? zero)
    return {
      input: Math.max(0, input - read - write),
      output,
      cacheRead: read,
      cacheCreation: write,
      thinking: reasoning
    }
  }

  /** The usage by model, and by day where there are records of all calls. */
  get spent(): ReadonlyArray<Spent> {
    const calls = this.#calls()
    const hasRecords = calls !== null && this.#records !== null && `${countsOf(calls)}` === `${countsOf(this.#records)}`
    if (hasRecords || this.#forked) return this.#spending.rows
    const table = new SpendingTable(true)
    for (const [model, usage] of this.#models) table.add(table.row(null, model), countsOf(usage))
    return table.rows
  }

  #calls(): Usage | null {
    // The totals of a fork may begin with those of a parent that never wrote its own.
    if (this.#records !== null && (this.#totals === null || this.#forked)) return this.#records
    if (this.#totals === null) return this.#output === null ? null : { ...zero, output: this.#output }
    const rest = this.#since ?? { ...zero, output: this.#sinceOutput }
    const totals = plus(minus(this.#totals, this.#inherited), rest)
    const records = this.#records ?? zero
    return totals.input + totals.output >= records.input + records.output ? totals : records
  }
}
