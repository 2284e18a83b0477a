import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { oneLine } from "../../domain/text.ts"
import type { Sqlite, SqliteDatabase } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asObject, asText, type Json } from "../support/json.ts"
import { asMillis, type CursorEntry, isCursorEntry } from "./format.ts"
import { chatInfo, folderAmong, folderOfSlug, metaOf, summaryTitle } from "./info.ts"
import { eachLine, eachRow, reading } from "./reading.ts"
import { blobIds } from "./protobuf.ts"
import { branchOf, foldersOf, lastModel, openStore } from "./store.ts"

/** How far the first prompt is looked for, records. */
const promptDepth = 500
const titleChars = 100

/** Gathers what the first records tell. */
class Start {
  firstPrompt: string | null = null
  /** Something was said by anybody but the tool. */
  spoken = false
  /** The folder that the tool names to the model. */
  folder: string | null = null
  #records = 0

  take(drafts: ReadonlyArray<Draft>): boolean {
    for (const { role, text } of drafts) {
      if (role === "system") this.folder ??= /^Workspace Path: (.+?)\s*$/m.exec(text.slice(0, 10_000))?.[1] ?? null
      else this.spoken = true
      if (role === "user") this.firstPrompt ??= asText(text)
    }
    return this.firstPrompt === null && ++this.#records < promptDepth
  }
}

interface StoreFacts {
  readonly start: Start
  readonly meta: Json | null
  readonly folders: ReadonlyArray<string>
  readonly branch: string | null
  readonly model: string | null
  /** False: the list of messages is missing, and the transcript has to do. */
  readonly usable: boolean
}

const storeFacts = (database: SqliteDatabase, entry: CursorEntry): StoreFacts => {
  const { find, meta, root } = openStore(database)
  const start = new Start()
  const usable = eachRow(database, entry, null, (_row, drafts) => start.take(drafts))
  return {
    start,
    meta,
    folders: root === null ? [] : foldersOf(root),
    branch: root === null ? null : branchOf(root),
    model: asText(meta?.["lastUsedModel"]) ?? (root === null ? null : lastModel(root, find)),
    usable
  }
}

/** The head of a session, and whether its database holds the conversation. */
export interface Survey {
  readonly head: SessionHead
  readonly usesDatabase: boolean
  /** The call that started this session. */
  readonly toolUseId: string | null
}

const lineStart = Effect.fnUntraced(function* (path: string | undefined) {
  const start = new Start()
  if (path !== undefined) yield* eachLine(path, null, (_offset, _length, drafts) => start.take(drafts))
  return start
})

const other = ({ id }: CursorEntry, parent: string | null): string | null => (parent === id ? null : parent)

/** Chats of the IDE say so in their title: they share their ids' form, and no command resumes them. */
const ideMark = "(Cursor IDE)"

const surveyIde = Effect.fnUntraced(function* (entry: CursorEntry, brief: boolean) {
  const info = yield* chatInfo(entry)
  const start = new Start()
  yield* reading(entry, (database) => eachRow(database, entry, null, (_row, drafts) => start.take(drafts)))
  const parentId = other(entry, info.parentId ?? entry.parentId)
  const isSubagent = entry.kind === "subagent" || info.isSubagent || parentId !== null
  const cwd = info.cwd ?? folderAmong(entry, start.folder === null ? [] : [start.folder])
  const title = info.name ?? (start.firstPrompt === null ? null : oneLine(start.firstPrompt, titleChars))
  const head: SessionHead = {
    cwd: cwd ?? (brief ? null : yield* folderOfSlug(entry)),
    createdAt: info.createdAt,
    updatedAt: info.updatedAt ?? info.createdAt ?? Math.floor(entry.file.mtimeMs),
    isEmpty: !start.spoken,
    kind: isSubagent ? "subagent" : "session",
    parentId: isSubagent ? parentId : null,
    gitBranch: null,
    model: info.model === "default" ? null : info.model,
    title: title === null ? ideMark : `${title} ${ideMark}`,
    firstPrompt: start.firstPrompt,
    forkedFrom: null
  }
  return { head, usesDatabase: true, toolUseId: null } satisfies Survey
})

/**
 * The head of a session whose `meta.json` says where it ran and that something was said, without its messages; null where
 * they have to be looked at.
 */
const briefHead = (database: SqliteDatabase, entry: CursorEntry, meta: Json): SessionHead | null => {
  const cwd = asText(meta["cwd"])
  const updatedAt = asMillis(meta["updatedAtMs"])
  if (meta["hasConversation"] !== true || cwd === null || updatedAt === null) return null
  const { meta: stored, root } = openStore(database)
  if (root === null || blobIds(root, 1).length === 0) return null
  return {
    ...kinshipOf(entry, meta, stored),
    cwd,
    createdAt: asMillis(meta["createdAtMs"]) ?? asMillis(stored?.["createdAt"]),
    updatedAt,
    isEmpty: false,
    gitBranch: null,
    model: null,
    title: null,
    firstPrompt: null
  }
}

const subagentIn = (meta: Json | null, stored: Json | null): Json | null =>
  asObject(meta?.["subagentInfo"]) ?? asObject(stored?.["subagentInfo"])

const kinshipOf = (
  entry: CursorEntry,
  meta: Json | null,
  stored: Json | null
): Pick<SessionHead, "kind" | "parentId"> => {
  const parentId = other(entry, entry.parentId ?? asText(subagentIn(meta, stored)?.["parentAgentId"]))
  const isSubagent = entry.kind === "subagent" || meta?.["isSubagent"] === true || parentId !== null
  return { kind: isSubagent ? "subagent" : "session", parentId: isSubagent ? parentId : null }
}

const surveyTerminal = Effect.fnUntraced(function* (entry: CursorEntry, brief: boolean) {
  const files = yield* StoreFiles
  const meta = metaOf(files, entry)
  if (brief && meta !== null) {
    const head = yield* reading(entry, (database) => briefHead(database, entry, meta)).pipe(
      Effect.catch(() => Effect.succeed(null))
    )
    if (head !== null) return { head, usesDatabase: true, toolUseId: null } satisfies Survey
  }
  const stored =
    entry.store === null
      ? null
      : yield* reading(entry, (database) => storeFacts(database, entry)).pipe(
          Effect.catch((error) => (entry.transcript === null ? Effect.fail(error) : Effect.succeed(null)))
        )
  const usesDatabase = stored !== null && (stored.usable || entry.transcript === null)
  const start = usesDatabase ? stored.start : yield* lineStart(entry.transcript?.path)
  const link = subagentIn(meta, stored?.meta ?? null)
  const name = asText(stored?.meta?.["name"])
  const cwd =
    asText(meta?.["cwd"]) ??
    folderAmong(entry, [...(stored?.folders ?? []), ...(start.folder === null ? [] : [start.folder])]) ??
    (yield* folderOfSlug(entry))
  const head: SessionHead = {
    cwd,
    createdAt: asMillis(meta?.["createdAtMs"]) ?? asMillis(stored?.meta?.["createdAt"]),
    updatedAt: asMillis(meta?.["updatedAtMs"]) ?? Math.floor(entry.file.mtimeMs),
    isEmpty: !start.spoken,
    ...kinshipOf(entry, meta, stored?.meta ?? null),
    gitBranch: stored?.branch ?? null,
    model: stored?.model ?? null,
    title:
      asText(meta?.["title"]) ??
      (name === "New Agent" ? null : name) ??
      (yield* summaryTitle(entry)) ??
      (start.firstPrompt === null ? null : oneLine(start.firstPrompt, titleChars)),
    firstPrompt: start.firstPrompt,
    forkedFrom: null
  }
  return { head, usesDatabase, toolUseId: asText(link?.["toolCallId"]) } satisfies Survey
})

export const surveyWhole = (entry: CursorEntry, brief = false): Effect.Effect<Survey, FileError, StoreFiles | Sqlite> =>
  entry.kept === "ide" ? surveyIde(entry, brief) : surveyTerminal(entry, brief)

/** The entry as `discover` made it. */
export const ownEntry = (entry: SessionEntry): Effect.Effect<CursorEntry, FileError> =>
  isCursorEntry(entry)
    ? Effect.succeed(entry)
    : Effect.fail(new FileError({ path: entry.file.path, reason: "no entry of Cursor" }))

export const survey = Effect.fnUntraced(function* (given: SessionEntry, brief = false) {
  const { head } = yield* surveyWhole(yield* ownEntry(given), brief)
  return head
})
