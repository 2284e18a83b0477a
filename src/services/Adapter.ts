import type * as Effect from "effect/Effect"
import type { FileError } from "../domain/errors.ts"
import type { Capabilities, Storage } from "../domain/results.ts"
import type { OutputReader, Refusal, SendKind, SendOrder, SendPlan } from "../domain/sending.ts"
import type { Discovery, SessionEntry, SessionHead } from "../domain/session.ts"
import type { Transcript } from "../domain/transcript.ts"
import type { Sqlite, SqlValue } from "./Sqlite.ts"
import type { StoreFiles } from "./StoreFiles.ts"

/** What adapters may use: reading foreign files and databases, and nothing else. */
export type StoreServices = StoreFiles | Sqlite

/** What an adapter needs to know of the machine in order to say where a tool keeps its data. */
export interface DataHost {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: string
  /** True under `--home`: the tool's own variables say nothing about that home. */
  readonly ignoreEnv: boolean
}

/** How prompts are sent into sessions of a source with the tool's own program. */
export interface Sender {
  /** The tool's programs by name, the preferred one first. */
  readonly binaries: readonly [string, ...ReadonlyArray<string>]
  readonly supports: ReadonlyArray<SendKind>
  /** How well each kind is known to work. `run`: against the real tool; `parser`: against its argument parser or help; `documentation`. */
  readonly evidence: Readonly<Partial<Record<SendKind, "run" | "parser" | "documentation">>>
  /** The call that carries out an order, or why there is none. Pure. */
  readonly plan: (order: SendOrder) => SendPlan | Refusal
  readonly reader: () => OutputReader
  /** Whether the tool's output names every session that it starts, unless it is killed before. */
  readonly namesSession: boolean
  /** Whether a plan depends on the version of the installed program; asking for it takes as long as the program's start. */
  readonly needsVersion: boolean
  /** The tool's own command that logs a user in, to be shown where it says that nobody is. */
  readonly login: string | null
}

/** What the tool deletes by itself. */
export interface Retention {
  readonly days: number
  /** Where the number comes from: a settings file, or the tool's default. */
  readonly from: string
}

/** A process that registered itself as having a session open; one that was killed leaves its registration behind. */
export interface OpenIn {
  readonly pid: number
  /** A word of the command line that every such process has; null where other programs register themselves too. */
  readonly program: string | null
}

/**
 * What on the disk is one session and nothing else, so that it may be moved to the trash; or why that cannot be told, or
 * must not be done. `paths` are absolute, files or whole directories; what does not exist is passed over.
 */
export type Belongings =
  | { readonly paths: ReadonlyArray<string>; readonly openIn?: ReadonlyArray<OpenIn> }
  | { readonly refused: string }

export interface LoadOptions {
  /** A record id (uuid) whose branch is read instead of the active one. */
  readonly branchOf?: string
  /** UTF-16 units of message text kept in memory, for `TranscriptBuilder`; its default where absent. */
  readonly retainedChars?: number
  /** False puts token estimates and the content hash off until somebody asks: search only wants the texts. */
  readonly measures?: boolean
}

/** Is given what the store holds of opaque sessions. */
export interface StoredTexts {
  /**
   * A text of this session as it is stored: JSON, or plain text. Bytes are only looked at during the call; what is no
   * text is passed over. False when nothing more of this session is needed.
   */
  readonly take: (entry: SessionEntry, stored: SqlValue | undefined) => boolean
  /** Whether one of these runs of ASCII characters is in a text, quickly. */
  readonly contains: (stored: string | Uint8Array, anyOf: ReadonlyArray<string>) => boolean
  /** What is stored of this session cannot be looked at: it has to be read. */
  readonly unsure: (entry: SessionEntry) => void
}

/** How search looks through opaque sessions without reading each of them. */
export interface StoredTextSource {
  /**
   * Texts that the adapter puts into messages or titles though the store does not have them: what may be a part of one
   * proves nothing. Words with white space around them, or single characters that may be joined to others.
   */
  readonly coined: ReadonlyArray<string>
  /**
   * Gives every text of these sessions in which a message or the title can have words, one pass for each store. A word
   * that is made of two stored strings has to be given as it is made. What fails leaves the sessions concerned unsure.
   */
  readonly each: (
    entries: ReadonlyArray<SessionEntry>,
    discovery: Discovery,
    to: StoredTexts
  ) => Effect.Effect<void, never, StoreServices>
}

/** One source of sessions. Everything that is particular to a tool lives behind this. */
export interface Adapter {
  readonly source: string
  readonly aliases: ReadonlyArray<string>
  readonly displayName: string
  readonly storage: Storage
  readonly capabilities: Capabilities
  /** Data roots, most specific first, existing or not, without duplicates. */
  readonly roots: (host: DataHost) => ReadonlyArray<string>
  /** Every session of the given roots, from names and stats alone. Never fails: what cannot be read is counted. */
  readonly discover: (roots: ReadonlyArray<string>) => Effect.Effect<Discovery, never, StoreServices>
  /**
   * Metadata from the first and last bytes of the session's files. Must not cost more than a few reads. With `brief`,
   * for sorting and filtering thousands, only cwd, times, emptiness, kind and parent are asked for: what would cost more
   * may be null then.
   */
  readonly survey: (entry: SessionEntry, brief?: boolean) => Effect.Effect<SessionHead, FileError, StoreServices>
  /** The whole session. Bad records are counted in `skipped`; fails only when the store cannot be read at all. */
  readonly load: (
    entry: SessionEntry,
    discovery: Discovery,
    options: LoadOptions
  ) => Effect.Effect<Transcript, FileError, StoreServices>
  /**
   * A session whose file has these bytes in its first 64 KiB takes part of its text from files of other sessions, which
   * `linkedFiles` names; null: no session of this source does. Search relies on it to scan raw files.
   */
  readonly linkMarker: string | null
  readonly linkedFiles: (
    entry: SessionEntry,
    discovery: Discovery
  ) => Effect.Effect<ReadonlyArray<string>, FileError, StoreServices>
  /**
   * Whether the texts of a session are not to be found in the bytes of its files, because the tool compresses them or a
   * database cuts them into pages: search asks `storedTexts` for such a session instead of scanning it. Absent: none is.
   */
  readonly opaque?: (entry: SessionEntry) => boolean
  /** Of the opaque sessions; absent, search reads each of them. */
  readonly storedTexts?: StoredTextSource
  /** Files beside a session that say what it cost or came from: when one changes, what is remembered of it is old. */
  readonly companions?: (entry: SessionEntry) => ReadonlyArray<string>
  /**
   * What belongs to each of the entries, in their order: every copy of the session that discovery would find next, its
   * sidecars, and whatever else the tool keeps for it alone. Subagents are asked for by entries of their own. Only reads.
   * Absent: nothing of this source can be moved.
   */
  readonly belongings?: (
    entries: ReadonlyArray<SessionEntry>,
    discovery: Discovery,
    roots: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<Belongings>, FileError, StoreServices>
  readonly retention: (roots: ReadonlyArray<string>) => Effect.Effect<Retention | null, never, StoreServices>
  /** Facts about the roots worth a line in `doctor`: live locks, compressed rollouts, archived sessions. */
  readonly notes: (
    roots: ReadonlyArray<string>,
    discovery: Discovery
  ) => Effect.Effect<ReadonlyArray<string>, never, StoreServices>
  /** How prompts are sent; null for a source whose sessions only their own program can go on with. */
  readonly sender: Sender | null
}
