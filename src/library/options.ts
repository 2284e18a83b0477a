import type { JobStatus } from "../domain/job.ts"
import type { Role } from "../domain/message.ts"
import type { ContextFormat } from "../domain/results.ts"
import type { Permission } from "../domain/sending.ts"
import type { Detail, Preset } from "../domain/view.ts"

/** Of which source a session is, where its id is not unique: a name or an alias. */
export interface SourceOption {
  readonly source?: string
}

/** A point in time: a date, or a text as the program takes it (`7d`, `12h`, `2026-05-01`). */
export type When = string | Date

/** `list`. */
export interface ListOptions extends SourceOption {
  /** Sessions in the answer, 1 to 1000; 20 where absent. */
  readonly limit?: number
  readonly offset?: number
  /** Only sessions in which this was said. */
  readonly search?: string
  /** How many sessions `search` looks through, 1 to 200; 50 where absent. */
  readonly maxSessions?: number
  /** `auto`, `current`, `all` or a directory; `auto` where absent. */
  readonly cwd?: string
  readonly since?: When
  readonly until?: When
  readonly branch?: string
  readonly model?: string
  readonly tag?: string
  readonly includeSubagents?: boolean
  readonly includeEmpty?: boolean
}

/** `search`. */
export interface SearchOptions extends SourceOption {
  /** The text is one regular expression. */
  readonly regex?: boolean
  readonly caseSensitive?: boolean
  /** `auto`, `current`, `all` or a directory; `all` where absent. */
  readonly cwd?: string
  readonly since?: When
  readonly until?: When
  /** Sessions in the answer, 1 to 200; 10 where absent. */
  readonly top?: number
  /** Looks through the newest so many; through all where absent. */
  readonly maxSessions?: number
  readonly roles?: ReadonlyArray<Role>
  /** UTF-16 units of a snippet on each side of the hit, 0 to 2000; 60 where absent. */
  readonly context?: number
}

/**
 * Where a page begins. To go on after a page: `{ after: cursor.next.after, charOffset: messages.at(-1).nextChar ?? 0 }`.
 */
export type Anchor =
  | "head"
  | "tail"
  /** Messages from `after + 1` on, the first one from this UTF-16 unit of its text. */
  | { readonly after: number; readonly charOffset?: number }
  /** Messages below that index, ending nearest to it. */
  | { readonly before: number }
  | { readonly from: number; readonly to?: number; readonly charOffset?: number }
  | { readonly page: number }
  /** Around the first match, or the first after that index; `/regex/` is a pattern. */
  | { readonly search: string; readonly after?: number }

/** `read`. */
export interface ReadOptions extends SourceOption {
  /** How much of each message: `verbose` where absent. */
  readonly preset?: Preset
  /** Wins over `preset`. */
  readonly detail?: Detail
  /** Budget in estimated tokens of the messages as JSON; 8000 where absent, which is also the ceiling. */
  readonly tokens?: number
  /** `head` where absent. */
  readonly anchor?: Anchor
  readonly roles?: ReadonlyArray<Role>
  /** The branch below this record instead of the active one. */
  readonly branchOf?: string
  /** The session's summary on every page, not only the first. */
  readonly includeSummary?: boolean
}

/** `context`. */
export interface ContextOptions extends SourceOption {
  /** `messages` where absent. */
  readonly format?: ContextFormat
  /** As in `read`, for the summary and the messages. */
  readonly tokens?: number
  /** The source that is to carry on. */
  readonly targetSource?: string
  readonly includeSystemPrompt?: boolean
  readonly includeToolResults?: boolean
}

/** `diff`. */
export interface DiffOptions {
  /** The source of both. */
  readonly source?: string
  readonly sourceA?: string
  readonly sourceB?: string
  /** Also the messages that differ, aligned: within so many tokens, after so many steps. */
  readonly messages?: boolean | { readonly tokens?: number; readonly after?: number }
}

/** `tag`: adds, removes, or neither to show them. */
export type TagOptions = SourceOption &
  (
    | { readonly add?: never; readonly remove?: never }
    | { readonly add: ReadonlyArray<string>; readonly remove?: never }
    | { readonly remove: ReadonlyArray<string>; readonly add?: never }
  )

/** `checkpoint`. */
export interface CheckpointOptions extends SourceOption {
  /** Index of the message; the last where absent. */
  readonly at?: number
}

/** What every send takes. */
export interface SendOptions {
  readonly prompt: string
  /** Names the session, to use the name in the place of its id. */
  readonly name?: string
  /** Where the agent runs: the session's directory, or the current one for a new session, where absent. */
  readonly cwd?: string
  /** Ends the agent after so long, at least a second; half an hour where absent, and never with `async`. */
  readonly timeoutMs?: number
  /** How long the prompt may take to appear in the store; 2000 where absent. */
  readonly detectTimeoutMs?: number
  /** Wait while another process writes to the session, instead of failing with `SessionBusy`. */
  readonly queue?: boolean
  /** The agent's model, in its own spelling. */
  readonly model?: string
  readonly permission?: Permission
  /** Words for the agent's program, as they are. */
  readonly extra?: ReadonlyArray<string>
  /** Budget for the new messages, as in `read`. */
  readonly tokens?: number
  /** How much of each new message: `standard` where absent. */
  readonly preset?: Preset
}

/** `start` and `continue`: which agent. */
export interface StartOptions extends SendOptions {
  readonly source: string
}

/** `resume` and `fork`. */
export interface ResumeOptions extends SendOptions, SourceOption {}

/** Answer with a job as soon as the agent runs. The program `sessionr` looks after it: see `Surroundings.binary`. */
export interface Async {
  readonly async: true
  /** Send at most once under this key. */
  readonly idempotencyKey?: string
}

/** Say what would be started; nothing is started, written or locked. */
export interface DryRun {
  readonly dryRun: true
  readonly idempotencyKey?: string
}

/** Send at most once under this key, however often it is called. What was sent before may still run: then it is a job. */
export interface Once {
  readonly idempotencyKey: string
}

/** `wait`. */
export interface WaitOptions {
  /** Fails with `JobTimeout` after so long; 300 000 where absent. */
  readonly timeoutMs?: number
  /** Looks at least so often, 1000 to 60 000; 5000 where absent. */
  readonly intervalMs?: number
}

/** `jobs`. */
export interface JobsOptions {
  readonly status?: JobStatus
  /** 1 to 1000; 20 where absent. */
  readonly limit?: number
}
