/**
 * Builds what of the demo home is no text: databases, from the SQL and JSON in `examples/databases`. `npm run demo`.
 *
 * They are built beside each other in a temporary folder and renamed into their places, so that whoever reads the home
 * meanwhile sees the old or the new one whole. Nothing is done where the sources are those of the last time.
 */
import * as Crypto from "node:crypto"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Zlib from "node:zlib"

interface Database {
  /** Below the home. */
  readonly path: string
  /** A folder of `examples/databases`, and in it the SQL to run in this order. */
  readonly source: string
  readonly sql: ReadonlyArray<string>
  /** A chat of Cursor, which is blobs by their hash and cannot be said in SQL. */
  readonly chat?: string
  /** What is in it stays in its log, as after a tool that ended without a checkpoint. */
  readonly inLog?: true
  /** When the tool wrote to it last. */
  readonly time: string
}

const workspace = ".cursor/chats/c5540378454550a35532cffdae719e38"

const databases: ReadonlyArray<Database> = [
  {
    path: ".local/share/opencode/opencode.db",
    source: "opencode",
    sql: ["schema.sql", "schema-2.sql", "opencode.sql"],
    time: "2026-10-06T09:00:21.000Z"
  },
  {
    path: ".local/share/opencode/opencode-dev.db",
    source: "opencode",
    sql: ["schema.sql", "opencode-dev.sql"],
    inLog: true,
    time: "2026-09-15T20:15:14.000Z"
  },
  {
    path: ".local/share/goose/sessions/sessions.db",
    source: "goose",
    sql: ["schema.sql", "sessions.sql"],
    time: "2026-10-02T06:00:00.000Z"
  },
  {
    path: ".local/share/zed/threads/threads.db",
    source: "zed",
    sql: ["threads.sql"],
    time: "2026-07-20T19:03:44.000Z"
  },
  {
    path: ".local/share/zed/db/0-stable/db.sqlite",
    source: "zed",
    sql: ["sidebar.sql"],
    time: "2026-07-21T07:00:00.000Z"
  },
  {
    path: `${workspace}/7e4e1a10-77eb-49cb-bdf7-1d791c558e3c/store.db`,
    source: "cursor-agent",
    sql: ["store.sql"],
    chat: "order-search.json",
    time: "2026-08-11T14:31:40.000Z"
  },
  {
    path: `${workspace}/497e269d-9be0-4d56-ad17-d45818c51f95/store.db`,
    source: "cursor-agent",
    sql: ["store.sql"],
    chat: "empty.json",
    time: "2026-08-12T06:00:00.000Z"
  },
  {
    path: ".config/Cursor/User/globalStorage/state.vscdb",
    source: "cursor-agent",
    sql: ["state.sql"],
    time: "2026-07-31T05:00:00.000Z"
  },
  { path: ".local/share/kiro-cli/data.sqlite3", source: "kiro", sql: ["data.sql"], time: "2026-04-03T08:00:00.000Z" }
]

/** Transcripts of Cursor hold no times: theirs is that of the file, which Git does not keep. */
const times: ReadonlyArray<readonly [path: string, time: string]> = [
  [
    ".cursor/projects/srv-acme-shop/agent-transcripts/7e4e1a10-77eb-49cb-bdf7-1d791c558e3c/subagents/38eef04c-8cf9-4572-8e41-603e4b9b84b2.jsonl",
    "2026-08-11T14:07:12.000Z"
  ],
  [
    ".cursor/projects/home-dana-notes/agent-transcripts/cb18b054-7c38-487e-8fff-3be88e5a764e.txt",
    "2026-01-30T18:45:00.000Z"
  ]
]

const examples = Path.resolve(import.meta.dirname, "../examples")

const setTime = (path: string, time: string): void => {
  if (Fs.statSync(path).mtimeMs !== Date.parse(time)) Fs.utimesSync(path, new Date(time), new Date(time))
}

const varint = (value: number): ReadonlyArray<number> =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]

type Put = (data: Uint8Array) => Buffer

/** What a field holds: a text, the hash of a blob, JSON as text, or a message of its own. */
const payload = (value: unknown, put: Put): Buffer => {
  if (typeof value === "string") return Buffer.from(value)
  const object = value as Readonly<Record<string, unknown>>
  if ("blob" in object) return put(payload(object["blob"], put))
  return "json" in object ? Buffer.from(JSON.stringify(object["json"])) : message(object, put)
}

/** A message of protobuf, from an object whose keys are the numbers of its fields. */
const message = (fields: Readonly<Record<string, unknown>>, put: Put): Buffer =>
  Buffer.concat(
    Object.entries(fields).flatMap(([number, values]) =>
      (Array.isArray(values) ? values : [values]).map((value: unknown) => {
        if (typeof value === "number") return Buffer.from([...varint(Number(number) * 8), ...varint(value)])
        const bytes = payload(value, put)
        return Buffer.concat([Buffer.from([...varint(Number(number) * 8 + 2), ...varint(bytes.length)]), bytes])
      })
    )
  )

const insertChat = (database: DatabaseSync, text: string): void => {
  const chat = JSON.parse(text) as { readonly meta: object; readonly root: Readonly<Record<string, unknown>> }
  const insert = database.prepare("INSERT OR IGNORE INTO blobs VALUES (?, ?)")
  const put: Put = (data) => {
    const id = Crypto.createHash("sha256").update(data).digest()
    insert.run(id.toString("hex"), data)
    return id
  }
  const latestRootBlobId = put(message(chat.root, put)).toString("hex")
  const meta = JSON.stringify({ ...chat.meta, latestRootBlobId })
  database.prepare("INSERT INTO meta VALUES ('0', ?)").run(Buffer.from(meta).toString("hex"))
}

/** Writes a database, and its log where that is to stay, into `folder`; gives the names of the files. */
const build = ({ chat, inLog, source, sql }: Database, folder: string): ReadonlyArray<string> => {
  const read = (name: unknown): string =>
    Fs.readFileSync(Path.join(examples, "databases", source, String(name)), "utf8")
  const path = Path.join(folder, "new.db")
  const database = new DatabaseSync(path)
  // For the SQL: a document beside it as one line, and a frame of zstd.
  database.function("document", { deterministic: true }, (name) => JSON.stringify(JSON.parse(read(name))))
  database.function("zstd", { deterministic: true }, (text) => Zlib.zstdCompressSync(Buffer.from(String(text))))
  database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = OFF")
  database.exec(`BEGIN; ${sql.map(read).join("\n")}`)
  if (chat !== undefined) insertChat(database, read(chat))
  database.exec("COMMIT")
  if (inLog !== true) {
    // The last one to close a database moves the log into it.
    database.close()
    return ["new.db"]
  }
  for (const name of ["new.db", "new.db-wal"])
    Fs.copyFileSync(Path.join(folder, name), Path.join(folder, `kept-${name}`))
  database.close()
  // The log first: a database without it would look empty.
  return ["kept-new.db-wal", "kept-new.db"]
}

const place = (database: Database, home: string, scratch: string): void => {
  const folder = Fs.mkdtempSync(Path.join(scratch, "build-"))
  const target = Path.join(home, database.path)
  const names = build(database, folder)
  Fs.mkdirSync(Path.dirname(target), { recursive: true })
  for (const name of names) {
    setTime(Path.join(folder, name), database.time)
    Fs.renameSync(Path.join(folder, name), name.endsWith("-wal") ? `${target}-wal` : target)
  }
  // What another program that looked at it may have left there.
  for (const end of database.inLog === true ? ["-shm"] : ["-wal", "-shm"]) Fs.rmSync(target + end, { force: true })
}

/** A hash of everything that the databases are made from. */
const sourcesHash = (): string => {
  const hash = Crypto.createHash("sha256").update(Fs.readFileSync(import.meta.filename))
  const root = Path.join(examples, "databases")
  for (const name of Fs.readdirSync(root, { recursive: true, encoding: "utf8" }).sort()) {
    const path = Path.join(root, name)
    if (Fs.statSync(path).isFile()) hash.update(name).update(Fs.readFileSync(path))
  }
  return hash.digest("hex")
}

/** Builds the databases of the demo home where they are missing or older than their sources; true where it did. */
export const buildDemoHome = (): boolean => {
  const home = Path.join(examples, "home")
  // The same disk as the home: only there is renaming one step.
  const scratch = Path.join(examples, "../.cache/demo-home")
  const stamp = Path.join(scratch, "sources")
  for (const [path, time] of times) setTime(Path.join(home, path), time)
  const hash = sourcesHash()
  const isBuilt = databases.every(({ path }) => Fs.existsSync(Path.join(home, path)))
  if (isBuilt && Fs.existsSync(stamp) && Fs.readFileSync(stamp, "utf8") === hash) return false
  Fs.mkdirSync(scratch, { recursive: true })
  const own = Fs.mkdtempSync(Path.join(scratch, "run-"))
  try {
    for (const database of databases) place(database, home, own)
    Fs.writeFileSync(Path.join(own, "sources"), hash)
    Fs.renameSync(Path.join(own, "sources"), stamp)
  } finally {
    Fs.rmSync(own, { recursive: true, force: true })
  }
  return true
}

if (import.meta.main) {
  const built = buildDemoHome()
  console.error(`demo home: ${built ? "built" : "up to date"}, ${databases.length} databases below examples/home`)
}
