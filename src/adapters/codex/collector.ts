import { IntColumn } from "../../domain/columns.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import type { Draft } from "../../domain/message.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { type Place, TranscriptBuilder } from "../../domain/transcript.ts"
import { IdTable } from "../support/id-table.ts"
import { asObject, asText, SkipCounter } from "../support/json.ts"
import { AgentLinks } from "./agents.ts"
import type { Link } from "./chain.ts"
import { callIdOf, draftsOf, type Mode } from "./drafts.ts"
import type { Rollout } from "./format.ts"
import { outcomeOf } from "./outcome.ts"
import { Ownership } from "./ownership.ts"
import { ModifiedFiles } from "./patches.ts"
import { TokenMeter } from "./tokens.ts"

const unknown = 0
const succeeded = 1
const failed = 2

/** Whether calls failed: results and the records that judge them come in either order. */
class Outcomes {
  readonly #calls = new IdTable()
  readonly #verdict = new IntColumn()
  /** Candidate number of the result, plus 1. */
  readonly #result = new IntColumn()
  readonly #builder: TranscriptBuilder

  constructor(builder: TranscriptBuilder) {
    this.#builder = builder
  }

  result(callId: string, candidate: number): void {
    const call = this.#calls.intern(callId)
    this.#result.set(call, candidate + 1)
    this.#apply(call)
  }

  judge(callId: string, isError: boolean): void {
    const call = this.#calls.intern(callId)
    this.#verdict.set(call, isError ? failed : succeeded)
    this.#apply(call)
  }

  #apply(call: number): void {
    const verdict = this.#verdict.get(call)
    const result = this.#result.get(call)
    if (verdict !== unknown && result > 0) this.#builder.setError(result - 1, verdict === failed)
  }
}

const callTypes: ReadonlySet<unknown> = new Set(["custom_tool_call", "function_call", "local_shell_call"])

/** Takes the records of a session in order and keeps what the transcript needs of them. */
export class Collector {
  readonly builder: TranscriptBuilder
  readonly skips = new SkipCounter()
  readonly tokens: TokenMeter
  readonly files: ModifiedFiles
  readonly agents: AgentLinks
  /** Response items, and events that repeat them. */
  items = 0
  chatEvents = 0
  readonly #outcomes: Outcomes
  readonly #mode: Mode
  readonly #entry: SessionEntry
  #ownership: Ownership | null = null
  /** The model of the current turn. */
  #model: string | null = null
  /** An abort is told by an event and, to the model, by a message: one of them is shown. */
  #abortShown = false

  constructor(entry: SessionEntry, head: SessionHead, mode: Mode, inherits: boolean, options: LoadOptions) {
    this.builder = new TranscriptBuilder((draft) => draft, options.retainedChars, options.measures)
    this.tokens = new TokenMeter(entry.id, inherits)
    this.files = new ModifiedFiles(head.cwd)
    this.agents = new AgentLinks(entry.id)
    this.#outcomes = new Outcomes(this.builder)
    this.#mode = mode
    this.#entry = entry
  }

  /** To be called before the records of a link. */
  begin({ meta, threadId }: Link): void {
    const isLegacyFork = meta !== null && meta.historyBase === null && meta.forkedFrom !== null
    this.#ownership = threadId === this.#entry.id ? new Ownership(meta, isLegacyFork) : null
  }

  take(record: Rollout, place: Place): void {
    const own = this.#ownership?.owns(record) === true
    if (record.type === "event_msg") this.#event(record, own)
    else if (record.type === "response_item") this.#item(record, own)
    else if (record.type === "token_usage_record" && own) {
      this.tokens.record(record.payload, record.time, this.#model)
    } else if (record.type === "turn_context") this.#model = asText(record.payload["model"]) ?? this.#model
    const drafts = draftsOf(record, this.#mode)
    if (typeof drafts === "string") this.skips.add(drafts)
    else if (drafts.length > 0) this.#add(record, drafts, place)
  }

  #event({ payload, time }: Rollout, own: boolean): void {
    const kind = payload["type"]
    if (kind === "token_count") {
      if (own) this.tokens.count(payload["info"], time, this.#model)
      return
    }
    if (kind === "task_started" || kind === "turn_started") this.#abortShown = false
    const outcome = outcomeOf(payload)
    if (outcome !== null) this.#outcomes.judge(outcome.callId, outcome.failed)
    const item = kind === "item_completed" ? asObject(payload["item"]) : null
    if (kind === "patch_apply_end" || item?.["type"] === "FileChange") {
      const callId = asText(item === null ? payload["call_id"] : item["id"])
      this.files.changes(callId, (item ?? payload)["changes"], outcome?.failed === true)
    } else if (own) this.agents.event(payload)
  }

  #item({ payload }: Rollout, own: boolean): void {
    this.items++
    if (callTypes.has(payload["type"])) this.files.call(payload)
    else if (own && payload["type"] === "function_call_output") this.agents.result(payload)
  }

  #add(record: Rollout, drafts: ReadonlyArray<Draft>, place: Place): void {
    for (const [part, draft] of drafts.entries()) {
      if (draft.role === "user") this.#abortShown = false
      else if (draft.role === "system" && tellsAbort(record, draft)) {
        if (this.#abortShown) continue
        this.#abortShown = true
      }
      const candidate = this.builder.add(draft, place, part)
      if (draft.role === "tool_result") this.#result(record, candidate)
    }
  }

  #result({ payload }: Rollout, candidate: number): void {
    const callId = asText(payload["call_id"]) ?? callIdOf(payload)
    if (callId === null) return
    this.#outcomes.result(callId, candidate)
    this.files.result(callId, this.builder.isError(candidate))
  }
}

const tellsAbort = (record: Rollout, draft: Draft): boolean =>
  record.type === "event_msg"
    ? record.payload["type"] === "turn_aborted"
    : draft.text.trimStart().startsWith("<turn_aborted>")
