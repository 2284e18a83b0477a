import * as Crypto from "node:crypto"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Zlib from "node:zlib"
import type { Line, Report } from "./reading.ts"

type Query = (sql: string, ...values: ReadonlyArray<string>) => Array<Line>

/** Runs a check on a copy of a database and its log: opening one that has a log writes beside it. */
const withDatabase = (path: string, report: Report, check: (query: Query) => void): void => {
  if (!Fs.existsSync(path)) return report(path, "is not there: npm run demo")
  const folder = Fs.mkdtempSync(Path.join(Os.tmpdir(), "check-demo-"))
  try {
    const copy = Path.join(folder, "copy.db")
    Fs.copyFileSync(path, copy)
    if (Fs.existsSync(`${path}-wal`)) Fs.copyFileSync(`${path}-wal`, `${copy}-wal`)
    const database = new DatabaseSync(copy)
    check((sql, ...values) => database.prepare(sql).all(...values) as Array<Line>)
    database.close()
  } catch (cause) {
    report(path, String(cause))
  } finally {
    Fs.rmSync(folder, { recursive: true, force: true })
  }
}

const checkAnswers = (path: string, calls: ReadonlyArray<unknown>, results: ReadonlyArray<unknown>, report: Report) => {
  const open = new Set(calls)
  if (open.size !== calls.length) report(path, "two calls of one id")
  for (const id of results) if (!open.delete(id)) report(path, `result of an unknown or answered call ${id}`)
}

/** The time in an id: twelve hex digits of milliseconds times 4096, turned round in those of sessions. */
const timeOfId = (id: string, near: number): number => {
  const digits = BigInt(`0x${id.slice(4, 16)}`)
  const value = id.startsWith("ses_") ? (1n << 48n) - 1n - digits : digits
  const low = Number(value >> 12n)
  return near - (near % 2 ** 36) + low
}

const sum = (tokens: ReadonlyArray<Line>): string => {
  const of = (pick: (tokens: Line) => number) => tokens.reduce((all, one) => all + pick(one), 0)
  return [
    of(({ input }) => input as number),
    of(({ output }) => output as number),
    of(({ reasoning }) => reasoning as number),
    of(({ cache }) => cache.read as number),
    of(({ cache }) => cache.write as number)
  ].join()
}

const columns =
  "id, parent_id, time_created, tokens_input, tokens_output, tokens_reasoning, tokens_cache_read, tokens_cache_write"

const checkRow = (path: string, row: Line, told: ReadonlyArray<Line>, report: Report): void => {
  const { time_created: time } = row
  if (timeOfId(row["id"] as string, time as number) !== time) report(path, `time in the id of ${row["id"]}`)
  const said = ["input", "output", "reasoning", "cache_read", "cache_write"].map((name) => row[`tokens_${name}`]).join()
  if (said !== sum(told)) report(path, `tokens of ${row["id"]}: ${said} is not ${sum(told)}`)
}

const checkOpencode = (path: string, report: Report): void =>
  withDatabase(path, report, (query) => {
    const sessions = query(`SELECT ${columns} FROM session`)
    for (const row of sessions) {
      const messages = query("SELECT id, time_created, data FROM message WHERE session_id = ?", row["id"])
      const data = new Map(messages.map(({ data, id }) => [id, JSON.parse(data as string) as Line]))
      checkRow(
        path,
        row,
        Array.from(data.values()).flatMap(({ tokens }) => (tokens === undefined ? [] : [tokens as Line])),
        report
      )
      if (row["parent_id"] !== null && !sessions.some(({ id }) => id === row["parent_id"])) report(path, "no parent")
      for (const message of messages) {
        if (timeOfId(message["id"], message["time_created"]) !== message["time_created"])
          report(path, `time in the id of ${message["id"]}`)
        const parent = data.get(message["id"])!["parentID"]
        if (parent !== undefined && !data.has(parent))
          report(path, `${message["id"]} answers ${parent}, which is not there`)
      }
      for (const { data: text, message_id: message } of query(
        "SELECT message_id, data FROM part WHERE session_id = ?",
        row["id"]
      )) {
        if (!data.has(message)) report(path, `part of ${message}, which is not in ${row["id"]}`)
        const child = (JSON.parse(text as string) as Line)["state"]?.metadata?.sessionId
        if (child !== undefined && !sessions.some(({ id, parent_id }) => id === child && parent_id === row["id"])) {
          report(path, `no agent ${child} of ${row["id"]}`)
        }
      }
    }
    if (query("SELECT 1 FROM sqlite_master WHERE name = 'session_v2'").length === 0) return
    for (const row of query(`SELECT ${columns}, fork_session_id FROM session_v2`)) {
      const messages = query(
        "SELECT seq, time_created, data FROM session_message WHERE session_id = ? ORDER BY seq",
        row["id"]
      )
      if (messages.some(({ seq }, at) => seq !== at + 1)) report(path, `order of ${row["id"]}`)
      // What a fork copied is older than it, and was paid for by the original.
      const own = messages
        .map(({ data }) => JSON.parse(data as string) as Line)
        .filter(({ time }) => time.created >= row["time_created"])
      checkRow(
        path,
        row,
        own.flatMap(({ tokens }) => (tokens === undefined ? [] : [tokens as Line])),
        report
      )
      const origin = row["fork_session_id"]
      if (origin !== null && query("SELECT 1 FROM session_v2 WHERE id = ?", origin).length === 0)
        report(path, "no origin")
    }
  })

const checkGoose = (path: string, report: Report): void =>
  withDatabase(path, report, (query) => {
    for (const { accumulated_total_tokens: total, id, parent_delegation: link, parent_session_id: parent } of query(
      "SELECT * FROM sessions"
    )) {
      const rows = query("SELECT content_json, created_timestamp FROM messages WHERE session_id = ? ORDER BY id", id)
      if (rows.some((row, at) => at > 0 && row["created_timestamp"] < rows[at - 1]!["created_timestamp"]))
        report(path, `time goes back in ${id}`)
      const items = rows.flatMap(({ content_json }) => JSON.parse(content_json as string) as Array<Line>)
      const ids = (type: string) => items.filter((item) => item["type"] === type).map((item) => item["id"] as unknown)
      checkAnswers(path, ids("toolRequest"), ids("toolResponse"), report)
      const ledger = query(
        "SELECT input_tokens + output_tokens AS spent, total_tokens AS total FROM usage_ledger WHERE session_id = ?",
        id
      )
      if (ledger.some(({ spent, total }) => spent !== total)) report(path, `a total in the ledger of ${id}`)
      const spent = ledger.reduce((all, row) => all + row["spent"], 0)
      if (ledger.length > 0 && spent !== total) report(path, `total of ${id}: ${total} is not ${spent}`)
      const call = link === null ? null : (JSON.parse(link as string) as Line)["parent_delegate_message_id"]
      if (
        parent !== null &&
        query("SELECT 1 FROM messages WHERE session_id = ? AND message_id = ?", parent, call).length === 0
      ) {
        report(path, `no call of ${parent} that began ${id}`)
      }
    }
  })

const checkZed = (path: string, report: Report): void =>
  withDatabase(path, report, (query) => {
    const threads = query("SELECT * FROM threads")
    for (const {
      data,
      data_type: type,
      folder_paths: folders,
      folder_paths_order: order,
      id,
      parent_id: parent,
      updated_at: updated
    } of threads) {
      const document = JSON.parse(
        (type === "zstd" ? Zlib.zstdDecompressSync(data) : Buffer.from(data)).toString()
      ) as Line
      if (Date.parse(document["updated_at"]) !== Date.parse(updated)) report(path, `times of ${id} differ`)
      if (folders !== null && folders.split("\n").length !== order.split(",").length) report(path, `folders of ${id}`)
      if (parent !== null && !threads.some((other) => other["id"] === parent)) report(path, `no parent of ${id}`)
      if (parent !== null && document["subagent_context"]?.parent_thread_id !== parent)
        report(path, `parents of ${id} differ`)
      for (const { Agent: agent } of (document["messages"] as Array<Line>).filter(
        (message) => message["Agent"] !== undefined
      )) {
        const calls = (agent.content as Array<Line>).flatMap(({ ToolUse }) =>
          ToolUse === undefined ? [] : [ToolUse.id as unknown]
        )
        checkAnswers(path, calls, Object.keys(agent.tool_results), report)
      }
    }
  })

const hashOf = (algorithm: "md5" | "sha256", data: string | Uint8Array): string =>
  Crypto.createHash(algorithm).update(data).digest("hex")

const checkCursor = (chats: string, report: Report): void => {
  for (const name of Fs.readdirSync(chats, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith("store.db")
  )) {
    const path = Path.join(chats, name)
    const { cwd } = JSON.parse(Fs.readFileSync(path.replace(/store\.db$/, "meta.json"), "utf8")) as Line
    if (hashOf("md5", cwd) !== name.split(Path.sep)[0]) report(path, "the folder's name is no hash of the workspace")
    withDatabase(path, report, (query) => {
      const blobs = query("SELECT id, data FROM blobs")
      for (const { data, id } of blobs) if (hashOf("sha256", data) !== id) report(path, `hash of ${id}`)
      const meta = JSON.parse(Buffer.from(query("SELECT value FROM meta")[0]!["value"], "hex").toString()) as Line
      if (meta["agentId"] !== name.split(Path.sep)[1]) report(path, "id and folder differ")
      if (!blobs.some(({ id }) => id === meta["latestRootBlobId"])) report(path, "no root")
    })
  }
}

const checkChats = (path: string, report: Report): void =>
  withDatabase(path, report, (query) => {
    for (const { key, value } of query("SELECT key, value FROM cursorDiskKV WHERE key LIKE 'composerData:%'")) {
      const chat = JSON.parse(value as string) as Line
      if (key !== `composerData:${chat["composerId"]}`) report(path, `id and key of ${key} differ`)
      for (const { bubbleId } of (chat["fullConversationHeadersOnly"] ?? []) as Array<Line>) {
        const found = query("SELECT 1 FROM cursorDiskKV WHERE key = ?", `bubbleId:${chat["composerId"]}:${bubbleId}`)
        if (found.length === 0) report(path, `no bubble ${bubbleId}`)
      }
    }
  })

const checkKiro = (path: string, report: Report): void =>
  withDatabase(path, report, (query) => {
    for (const { conversation_id: id, value } of query(
      "SELECT conversation_id, value FROM conversations_v2 UNION ALL SELECT NULL, value FROM conversations"
    )) {
      const conversation = JSON.parse(value as string) as Line
      if (id !== null && id !== conversation["conversation_id"]) report(path, `ids of ${id} differ`)
      const items = (conversation["history"] as Array<any>).map(
        (item) => (Array.isArray(item) ? item : [item.user, item.assistant]) as [Line, Line]
      )
      const calls = items.flatMap(([, { ToolUse }]) => (ToolUse?.tool_uses ?? []) as Array<Line>)
      const results = items.flatMap(
        ([{ content }]) =>
          ((content.ToolUseResults ?? content.CancelledToolUses)?.tool_use_results ?? []) as Array<Line>
      )
      checkAnswers(
        path,
        calls.map((call) => call["id"] as unknown),
        results.map((result) => result["tool_use_id"] as unknown),
        report
      )
    }
  })

/** Checks what `npm run demo` built: ids, hashes, times, parents, calls with their results, totals. */
export const checkDatabases = (home: string, report: Report): void => {
  const data = Path.join(home, ".local/share")
  for (const name of ["opencode.db", "opencode-dev.db"]) checkOpencode(Path.join(data, "opencode", name), report)
  checkGoose(Path.join(data, "goose/sessions/sessions.db"), report)
  checkZed(Path.join(data, "zed/threads/threads.db"), report)
  checkCursor(Path.join(home, ".cursor/chats"), report)
  checkChats(Path.join(home, ".config/Cursor/User/globalStorage/state.vscdb"), report)
  checkKiro(Path.join(data, "kiro-cli/data.sqlite3"), report)
}
