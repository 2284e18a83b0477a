import type { Role } from "./message.ts"
import { roles } from "./message.ts"
import { type Breakdown, breakdowns, type GroupTotals, type TotalsGroup } from "./results/totals.ts"
import { noUsage, type TokenUsage } from "./session.ts"
import { addUsage, decodeAnswers, subtractUsage, usageFields } from "./spending.ts"
import type { Tally } from "./tally.ts"

/** A session that counts, with what is known of it besides its tally. */
export interface Counted {
  readonly source: string
  readonly cwd: string | null
  readonly isSubagent: boolean
  readonly tally: Tally
}

class Sum {
  sessions = 0
  subagents = 0
  withoutUsage = 0
  errors = 0
  estimate = 0
  durationMs = 0
  tokens: TokenUsage | null = null
  readonly byRole: Record<Role, number> = { user: 0, assistant: 0, system: 0, tool_use: 0, tool_result: 0 }

  session({ isSubagent, tally }: Counted): void {
    if (isSubagent) this.subagents++
    else this.sessions++
    if (tally.usage === null) this.withoutUsage++
  }

  messages({ byRole, errors, tokens }: Tally["days"][number]): void {
    for (const role of roles) this.byRole[role] += byRole[role]
    this.errors += errors
    this.estimate += tokens
  }

  spend(tokens: TokenUsage): void {
    this.tokens = addUsage(this.tokens ?? noUsage, tokens)
  }

  get totals(): GroupTotals {
    return {
      sessions: this.sessions,
      subagents: this.subagents,
      messages: roles.reduce((sum, role) => sum + this.byRole[role], 0),
      byRole: this.byRole,
      toolErrors: this.errors,
      tokens: this.tokens,
      withoutUsage: this.withoutUsage,
      tokensEstimate: this.estimate,
      durationMs: this.durationMs
    }
  }
}

/** An answer that its tool says was copied, put back until every original has been seen. */
interface Copy {
  readonly key: string
  readonly session: Counted
  readonly day: string
  readonly model: string | null
  readonly tokens: TokenUsage
}

const weight = ({ tokens, tokensEstimate }: GroupTotals): number =>
  tokens === null ? tokensEstimate : usageFields.reduce((sum, field) => sum + tokens[field], -tokens.thinking)

const compareKeys = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1

/**
 * Totals over sessions, one at a time. Sessions are to be given oldest first: of an answer that several files hold, the
 * first one counts; those that are marked as copies count last, where no file with the original was among them.
 */
export class TotalsBuilder {
  readonly #total = new Sum()
  readonly #groups: { readonly [B in Breakdown]: Map<string | null, Sum> } = {
    source: new Map(),
    day: new Map(),
    model: new Map(),
    project: new Map()
  }
  /** Answers by source and key. */
  readonly #seen = new Set<string>()
  readonly #copies: Array<Copy> = []
  empty = 0

  #sum(by: Breakdown, key: string | null): Sum {
    const groups = this.#groups[by]
    let sum = groups.get(key)
    if (sum === undefined) groups.set(key, (sum = new Sum()))
    return sum
  }

  add(session: Counted): void {
    const { cwd, source, tally } = session
    if (tally.days.length === 0 && tally.usage === null) {
      this.empty++
      return
    }
    const spent = this.#ownSpending(session)
    const whole = [this.#total, this.#sum("source", source), this.#sum("project", cwd)]
    const main = this.#sum("model", tally.model)
    for (const sum of [...whole, main]) {
      sum.session(session)
      for (const day of tally.days) sum.messages(day)
      sum.durationMs += tally.durationMs ?? 0
    }
    const days = new Set(tally.days.map(({ day }) => day))
    const models = new Set([tally.model])
    for (const day of tally.days) {
      const sum = this.#sum("day", day.day)
      sum.session(session)
      sum.messages(day)
      sum.durationMs += day.durationMs
    }
    for (const [at, { day, model }] of tally.spent.entries()) {
      const tokens = spent[at]!
      const isNothing = usageFields.every((field) => tokens[field] === 0)
      const named = model ?? tally.model
      for (const sum of whole) sum.spend(tokens)
      // What is all copied was spent on days and with models of another session.
      if (isNothing && (!days.has(day) || !models.has(named))) continue
      if (!days.has(day)) this.#sum("day", day).session(session)
      if (!models.has(named)) this.#sum("model", named).session(session)
      days.add(day)
      models.add(named)
      this.#sum("day", day).spend(tokens)
      this.#sum("model", named).spend(tokens)
    }
  }

  /** The rows of a session's spending without the answers that count elsewhere, or may. */
  #ownSpending(session: Counted): ReadonlyArray<TokenUsage> {
    const { source, tally } = session
    const rows = tally.spent.map(({ tokens }) => tokens)
    for (const { copied, key, row, tokens } of decodeAnswers(tally.answers)) {
      const spent = tally.spent[row]
      if (key === "" || spent === undefined) continue
      const known = `${source} ${key}`
      if (copied) {
        this.#copies.push({ key: known, session, day: spent.day, model: spent.model ?? tally.model, tokens })
      } else if (!this.#seen.has(known)) {
        this.#seen.add(known)
        continue
      }
      rows[row] = subtractUsage(rows[row]!, tokens)
    }
    return rows
  }

  #settleCopies(): void {
    for (const { day, key, model, session, tokens } of this.#copies.splice(0)) {
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      const { cwd, source } = session
      const groups = [this.#sum("source", source), this.#sum("project", cwd), this.#sum("day", day)]
      for (const sum of [this.#total, ...groups, this.#sum("model", model)]) {
        if (sum.sessions + sum.subagents === 0) sum.session(session)
        sum.spend(tokens)
      }
    }
  }

  /** Days in their order, everything else by what it cost, the most first. To be called once, after the last session. */
  build(by: Breakdown | null): { readonly total: GroupTotals; readonly groups: ReadonlyArray<TotalsGroup> } {
    this.#settleCopies()
    const groups = (by === null ? breakdowns : [by]).flatMap((name) => {
      const rows = Array.from(this.#groups[name], ([key, sum]): TotalsGroup => ({ by: name, key, ...sum.totals }))
      if (name === "day") return rows.sort((a, b) => compareKeys(a.key, b.key))
      return rows.sort((a, b) => weight(b) - weight(a) || b.messages - a.messages || compareKeys(a.key, b.key))
    })
    return { total: this.#total.totals, groups }
  }
}
