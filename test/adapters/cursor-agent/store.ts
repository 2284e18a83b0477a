import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import type { KitSession } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"

export const first = "7c1d0000-0000-4000-8000-000000000001"
export const second = "7c1d0000-0000-4000-8000-000000000002"
export const child = "7c1d0000-0000-4000-8000-000000000003"
export const start = 1793500000000
export const cwd = "/srv/boat"

export const fixtureText = (name: string): string =>
  fs.readFileSync(fileURLToPath(new URL(`../../fixtures/cursor-agent/${name}`, import.meta.url)), "utf8")

export const fixture = (name: string): ReadonlyArray<Record<string, unknown>> =>
  fixtureText(`${name}.jsonl`)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)

const varint = (value: number): ReadonlyArray<number> =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]

/** A length-delimited field of protobuf. */
export const field = (number: number, payload: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(payload)
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes])
}

export const number = (at: number, value: number): Buffer => Buffer.from([...varint(at * 8), ...varint(value)])

export const md5 = (text: string): string => createHash("md5").update(text).digest("hex")

export const storeDir = (home: string, id: string): string => `${home}/.cursor/chats/${md5(cwd)}/${id}`

export const openFast = (path: string): DatabaseSync => {
  fs.rmSync(path, { force: true })
  fs.mkdirSync(nodePath.dirname(path), { recursive: true })
  const database = new DatabaseSync(path)
  database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")
  return database
}

/** Puts blobs into a new store; `root` gets a function that stores a blob and gives its id. */
export const writeBlobs = (
  path: string,
  meta: object,
  root: (put: (data: Uint8Array | string) => Buffer) => Uint8Array | null,
  hex = true
): void => {
  const database = openFast(path)
  database.exec(`BEGIN; CREATE TABLE blobs(id TEXT PRIMARY KEY, data BLOB);
    CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT)`)
  const insert = database.prepare("INSERT OR IGNORE INTO blobs VALUES (?, ?)")
  const put = (data: Uint8Array | string): Buffer => {
    const id = createHash("sha256").update(data).digest()
    insert.run(id.toString("hex"), Buffer.from(data))
    return id
  }
  const bytes = root(put)
  const latestRootBlobId = bytes === null ? "ab".repeat(32) : put(bytes).toString("hex")
  const json = JSON.stringify({ ...meta, latestRootBlobId, blobEncryptionKey: "k3y" })
  database.prepare("INSERT INTO meta VALUES ('0', ?)").run(hex ? Buffer.from(json).toString("hex") : json)
  database.exec("COMMIT")
  database.close()
}

const touch = (path: string, mtimeMs: number | undefined): void => {
  if (mtimeMs !== undefined) fs.utimesSync(path, mtimeMs / 1000, mtimeMs / 1000)
}

/** Sessions as stores: every record is a message. */
export const writeStores = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) {
    const path = `${storeDir(home, id)}/store.db`
    const meta = { agentId: id, name: "New Agent", createdAt: start, lastUsedModel: "m-1" }
    writeBlobs(path, meta, (put) =>
      Buffer.concat([field(19, "main"), ...records.map((record) => field(1, put(JSON.stringify(record) ?? "")))])
    )
    touch(path, mtimeMs)
    writeMeta(home, id, mtimeMs ?? start + 60_000)
  }
}

export const transcriptPath = (home: string, id: string): string =>
  `${home}/.cursor/projects/srv-no-such-boat/agent-transcripts/${id}/${id}.jsonl`

const writeMeta = (home: string, id: string, updatedAtMs: number): void => {
  const meta = { schemaVersion: 1, createdAtMs: start, updatedAtMs, hasConversation: true, title: "Boats", cwd }
  writeFile(`${storeDir(home, id)}/meta.json`, JSON.stringify(meta))
}

/** Sessions as transcripts, each with a store that has lost its list of messages. */
export const writeTranscripts = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) {
    const path = `${storeDir(home, id)}/store.db`
    writeBlobs(path, { agentId: id, name: "New Agent", createdAt: start, lastUsedModel: "m-1" }, () => null, false)
    touch(path, mtimeMs)
    writeMeta(home, id, mtimeMs ?? start + 60_000)
    writeFile(transcriptPath(home, id), jsonLines(records), mtimeMs)
  }
}

export const idePath = (home: string): string => `${home}/.config/Cursor/User/globalStorage/state.vscdb`

/** Keys and values of the IDE's database, as the only ones of it. */
export const writeIde = (home: string, rows: ReadonlyArray<readonly [key: string, value: unknown]>): void => {
  const database = openFast(idePath(home))
  database.exec(`BEGIN; CREATE TABLE cursorDiskKV(key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
    CREATE TABLE ItemTable(key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)`)
  const insert = database.prepare("INSERT INTO cursorDiskKV VALUES (?, ?)")
  for (const [key, value] of rows) insert.run(key, typeof value === "string" ? value : JSON.stringify(value))
  database.exec("COMMIT")
  database.close()
}

/** Sessions as chats: every record is a bubble, each under a key of its own. */
export const writeChats = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  writeIde(
    home,
    sessions.flatMap(({ id, mtimeMs, records }) => {
      const ids = records.map((_, at) => `b${at}`)
      const composer = {
        composerId: id,
        name: "Boats",
        createdAt: start,
        lastUpdatedAt: mtimeMs ?? start + 60_000,
        modelConfig: { modelName: "m-1" },
        workspaceIdentifier: { id: "w", uri: { fsPath: cwd } },
        fullConversationHeadersOnly: ids.map((bubbleId) => ({ bubbleId }))
      }
      return [
        [`composerData:${id}`, composer] as const,
        ...records.map((record, at) => [`bubbleId:${id}:b${at}`, record ?? "null"] as const)
      ]
    })
  )
}
