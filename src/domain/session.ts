import type { Role } from "./message.ts"
import type { Spent } from "./spending.ts"

/** A file or directory as one `stat` saw it. */
export interface FileStat {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch, with fractions. */
  readonly mtimeMs: number
  /** Nanoseconds since the epoch: what tells two writes within a millisecond apart. */
  readonly mtimeNs: bigint
  readonly inode: number
}

/** Why a file of a store could not be used. Never fatal for the store. */
export interface Unreadable {
  readonly path: string
  readonly reason: string
}

/** What discovery knows of a session from directory listings and file names alone, nothing opened. */
export interface SessionEntry {
  readonly source: string
  readonly id: string
  /** The file that is the session. */
  readonly file: FileStat
  /** The data root below which it was found. */
  readonly root: string
  /** `subagent` where the layout alone says so; the head may still turn a `session` into one. */
  readonly kind: "session" | "subagent"
  readonly parentId: string | null
  readonly archived: boolean
  /** Absolute paths of further files that hold text of this session only: outputs that the tool moved out of it. */
  readonly sidecars: ReadonlyArray<string>
  /** The name that the tool's own index file gives the session; null where it has none. */
  readonly indexTitle: string | null
}

/** All entries of one source. */
export interface Discovery {
  readonly entries: ReadonlyArray<SessionEntry>
  readonly unreadable: ReadonlyArray<Unreadable>
}

/** What is told from the first and last bytes of a session's files: enough to filter, sort and show a list. */
export interface SessionHead {
  readonly cwd: string | null
  /** Milliseconds since the epoch. */
  readonly createdAt: number | null
  /** Last record's time, else the file's mtime, in milliseconds. */
  readonly updatedAt: number
  /** No message at all. */
  readonly isEmpty: boolean
  readonly kind: "session" | "subagent"
  readonly parentId: string | null
  readonly gitBranch: string | null
  readonly model: string | null
  readonly title: string | null
  /** The first prompt of a human, whole; null when there is none. */
  readonly firstPrompt: string | null
  /** The session that this one was forked from; absent where the ends of a file cannot tell, null where there is none. */
  readonly forkedFrom?: string | null
  /** The session that goes on with this conversation under an id of its own, where the tool says so. */
  readonly continuedIn?: string | null
}

/** Tokens as the tool counted them. `input` is what was not cached; `output` contains `thinking`. */
export interface TokenUsage {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheCreation: number
  readonly thinking: number
}

export const noUsage: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheCreation: 0, thinking: 0 }

export interface ToolFrequency {
  readonly name: string
  readonly count: number
  readonly errors: number
}

/** A session that this one started. `kind` says how it is kept: a file of its own, or inline in this one. */
export interface SubagentLink {
  readonly id: string
  readonly kind: "file" | "inline"
  readonly description: string | null
  /** The tool call that started it, where the tool records one. */
  readonly toolUseId: string | null
}

/** Everything about a session that needs all its records, but none of its messages. */
export interface SessionFacts {
  readonly tokenUsage: TokenUsage | null
  /** `tokenUsage` by UTC day and model, as far as the answers say both; absent where only the sum is known. */
  readonly spent?: ReadonlyArray<Spent>
  /** The answers one by one, encoded when asked for, where files of other sessions may hold copies of them. */
  readonly answers?: () => string
  readonly toolFrequency: ReadonlyArray<ToolFrequency>
  /** Absolute where the tool recorded them so, in first-touch order, each once. */
  readonly filesModified: ReadonlyArray<string>
  readonly subagents: ReadonlyArray<SubagentLink>
  /** The session this one was forked from. */
  readonly forkedFrom: string | null
  /** Blocks of every message by type, text blocks included. */
  readonly byBlockType: Readonly<Record<string, number>>
  /** Newest time minus oldest, milliseconds. */
  readonly durationMs: number | null
}

/** Records that were passed over, with the reason; `count` is never zero. */
export interface Skipped {
  readonly reason: string
  readonly count: number
}

export type RoleCounts = Readonly<Record<Role, number>>
