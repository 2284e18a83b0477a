import * as Effect from "effect/Effect"
import type { SqliteDatabase } from "../../services/Sqlite.ts"
import { Sqlite } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asArray, asObject, asText, type Json } from "../support/json.ts"
import {
  asMillis,
  cellText,
  type ChatInfo,
  type CursorEntry,
  looseObject,
  parentOf,
  pathOfUri,
  slugOf
} from "./format.ts"
import { composerOf, hasChats } from "./ide.ts"
import { md5Hex } from "./md5.ts"

const smallFile = 1024 * 1024

/** A small JSON file; null where it is missing, broken or not to be read. */
export const smallJson = (files: StoreFiles["Service"], path: string): Json | null => {
  try {
    return looseObject(files.textSync(path, smallFile))
  } catch {
    return null
  }
}

/** `meta.json` beside a store. */
export const metaOf = (files: StoreFiles["Service"], { store }: CursorEntry): Json | null =>
  store === null ? null : smallJson(files, `${parentOf(store)}/meta.json`)

/** Titles that the tool's index of summaries gives, read once per root. */
export const summaryTitle = Effect.fnUntraced(function* ({ id, root, shared }: CursorEntry) {
  const known = shared.titles.get(root)
  if (known !== undefined) return known.get(id) ?? null
  const sqlite = yield* Sqlite
  const rows = yield* sqlite
    .read(`${root}/ai-tracking/ai-code-tracking.db`, (database) => {
      const columns = database.columns("conversation_summaries")
      if (!columns.has("conversationId") || !columns.has("title")) return []
      return database.all("SELECT conversationId AS id, title FROM conversation_summaries")
    })
    .pipe(Effect.catch(() => Effect.succeed(null)))
  const titles = new Map<string, string>()
  for (const row of rows ?? []) {
    const title = asText(row["title"])
    if (title !== null && typeof row["id"] === "string") titles.set(row["id"], title)
  }
  shared.titles.set(root, titles)
  return titles.get(id) ?? null
})

/** The candidate whose hash, else whose slug, is the name of the session's folder. */
export const folderAmong = (entry: CursorEntry, candidates: ReadonlyArray<string>): string | null => {
  const paths = candidates.map((path) => pathOfUri(path.trim())).filter((path) => path !== null)
  const { hash, slug } = entry
  return (
    (hash === null ? undefined : paths.find((path) => md5Hex(path) === hash)) ??
    (slug === null ? undefined : paths.find((path) => slugOf(path) === slug)) ??
    null
  )
}

const mostLooks = 200

/** The one folder of this machine that has the slug; null where none or several have it. */
export const folderOfSlug = Effect.fnUntraced(function* ({ shared, slug }: CursorEntry) {
  if (slug === null || !/[A-Za-z]/.test(slug)) return null
  const known = shared.folders.get(slug)
  if (known !== undefined) return known
  const files = yield* StoreFiles
  const found: Array<string> = []
  const waiting = [""]
  for (let looks = 0; waiting.length > 0 && looks < mostLooks && found.length < 2; looks++) {
    const folder = waiting.shift()!
    const names: Array<string> = []
    yield* files.walk(folder === "" ? "/" : folder, {
      depth: 1,
      enter: (name, depth) => {
        if (depth === 0) names.push(name)
        return false
      },
      take: () => false
    })
    for (const name of names) {
      const path = `${folder}/${name}`
      const own = slugOf(path)
      if (own === slug) found.push(path)
      else if (own !== "" && slug.startsWith(`${own}-`)) waiting.push(path)
    }
  }
  const folder = found.length === 1 ? found[0]! : null
  shared.folders.set(slug, folder)
  return folder
})

const folderOfWorkspace = (value: Json | null): string | null => {
  const uri = asObject(asObject(value?.["workspaceIdentifier"])?.["uri"])
  return asText(uri?.["fsPath"])
}

const infoOf = (id: string, composer: Json | null): ChatInfo => ({
  id,
  name: asText(composer?.["name"]),
  cwd: folderOfWorkspace(composer),
  createdAt: asMillis(composer?.["createdAt"]),
  updatedAt: asMillis(composer?.["lastUpdatedAt"]),
  model: asText(asObject(composer?.["modelConfig"])?.["modelName"]),
  parentId: asText(composer?.["glassMetaParentAgent"]) ?? asText(asObject(composer?.["glassMetaParentAgent"])?.["id"]),
  isSubagent: composer?.["isSubagent"] === true
})

interface Listed {
  readonly value: Json | null
  readonly workspaceId: string | null
}

/** What the lists of chats say: a table since 3.12, a value of `ItemTable` before. Tokens lie there too: one key only. */
const listedIn = (database: SqliteDatabase): ReadonlyMap<string, Listed> => {
  const listed = new Map<string, Listed>()
  if (database.columns("ItemTable").has("value")) {
    const [row] = database.all("SELECT value FROM ItemTable WHERE key = 'composer.composerHeaders'")
    for (const item of asArray(looseObject(cellText(row?.["value"]))?.["allComposers"])) {
      const value = asObject(item)
      const id = asText(value?.["composerId"])
      if (id !== null) listed.set(id, { value, workspaceId: asText(asObject(value?.["workspaceIdentifier"])?.["id"]) })
    }
  }
  const columns = database.columns("composerHeaders")
  if (columns.has("composerId")) {
    const names = ["composerId", "workspaceId", "value"].filter((name) => columns.has(name))
    for (const row of database.all(`SELECT ${names.join(", ")} FROM composerHeaders`)) {
      const id = cellText(row["composerId"])
      if (id === null) continue
      listed.set(id, { value: looseObject(cellText(row["value"])), workspaceId: cellText(row["workspaceId"]) })
    }
  }
  return listed
}

/** Names of chats by their ids, as the lists have them. */
export const listedNames = (database: SqliteDatabase): ReadonlyMap<string, string> => {
  const names = new Map<string, string>()
  for (const [id, { value }] of listedIn(database)) {
    const name = asText(value?.["name"])
    if (name !== null) names.set(id, name)
  }
  return names
}

/** What the records of the IDE say of a chat; that of all chats is read at once. */
export const chatInfo = Effect.fnUntraced(function* (entry: CursorEntry) {
  const { file, id, root, shared } = entry
  const known = shared.chats.get(file.path)
  if (known !== undefined) return known.get(id) ?? infoOf(id, null)
  const files = yield* StoreFiles
  const sqlite = yield* Sqlite
  const infos = yield* sqlite.read(file.path, (database) => {
    const chats = new Map<string, ChatInfo>()
    if (!hasChats(database)) return chats
    const listed = listedIn(database)
    const keys = database.all(
      "SELECT substr(key, 14) AS id FROM cursorDiskKV WHERE key >= 'composerData:' AND key < 'composerData;'"
    )
    for (const key of keys) {
      const chat = cellText(key["id"]) ?? ""
      const info = infoOf(chat, composerOf(database, chat).json)
      const more = listed.get(chat)
      const workspace = more?.workspaceId ?? null
      const folder = workspace === null || !/^[\w-]+$/.test(workspace) ? null : workspace
      const uri =
        info.cwd !== null || folder === null
          ? null
          : asText(smallJson(files, `${root}/workspaceStorage/${folder}/workspace.json`)?.["folder"])
      chats.set(chat, {
        ...info,
        name: info.name ?? asText(more?.value?.["name"]),
        cwd: info.cwd ?? folderOfWorkspace(more?.value ?? null) ?? (uri === null ? null : pathOfUri(uri))
      })
    }
    return chats
  })
  shared.chats.set(file.path, infos ?? new Map())
  return infos?.get(id) ?? infoOf(id, null)
})
