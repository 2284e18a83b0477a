import * as Fs from "node:fs"
import * as Path from "node:path"
import {
  Calls,
  checkTimes,
  checkUnique,
  filesBelow,
  type Line,
  readDocument,
  readLines,
  type Report,
  sha256,
  v4
} from "./reading.ts"

/** `messages.jsonl` beside `session.json`: ids, executions that began, results of calls, times. */
const checkEvents = (file: string, report: Report): void => {
  const session = readDocument(Path.join(Path.dirname(file), "session.json"), report)
  const events = readLines(file, report)
  const [id, folder] = Path.dirname(file).split(Path.sep).reverse()
  if (session["id"] !== id || !v4.test(String(id).slice("sess_".length))) report(file, "id and folder differ")
  if (!/^[0-9a-f]{16}$/.test(folder!)) report(file, "the folder of its workspace is no hash")
  checkUnique(
    file,
    events.map((event) => event["id"] as unknown),
    report
  )
  checkTimes(
    file,
    [session["createdAt"], ...events.map(({ timestamp }) => timestamp as unknown), session["lastModifiedAt"]],
    report
  )
  const calls = new Calls(file, report)
  const begun = new Set<unknown>([undefined])
  if (events[0]?.["payload"].type !== "session_start") report(file, "does not begin with session_start")
  for (const { payload } of events) {
    if (payload.type === "turn_start") begun.add(payload.executionId)
    if (!begun.has(payload.executionId)) report(file, `execution ${payload.executionId} did not begin`)
    if (payload.type === "tool_call") calls.call(payload.toolCallId)
    if (payload.type === "tool_result") calls.result(payload.toolCallId)
  }
  calls.end()
}

/** `<id>.jsonl` beside `<id>.json`: ids, results of calls, times of prompts (seconds), the parent of a subagent. */
const checkTurns = (file: string, report: Report): void => {
  const session = readDocument(file.replace(/l$/, ""), report)
  const records = readLines(file, report)
  const id = Path.basename(file, ".jsonl")
  if (session["session_id"] !== id || !v4.test(id)) report(file, "id and name differ")
  checkUnique(
    file,
    records.map(({ data }) => data.message_id as unknown),
    report
  )
  const calls = new Calls(file, report)
  for (const { data, kind } of records) {
    const parts = data.content as ReadonlyArray<Line>
    for (const part of parts) {
      if (part["kind"] === "toolUse") calls.call(part["data"].toolUseId)
      if (part["kind"] === "toolResult") calls.result(part["data"].toolUseId)
    }
    const answered = parts.flatMap((part) => (part["kind"] === "toolResult" ? [part["data"].toolUseId as string] : []))
    if (kind === "ToolResults" && answered.join() !== Object.keys(data.results).join()) report(file, "map of results")
  }
  calls.end()
  const prompts = records.flatMap(({ data }) => (data.meta === undefined ? [] : [data.meta.timestamp * 1000]))
  checkTimes(
    file,
    [Math.floor(Date.parse(session["created_at"]) / 1000) * 1000, ...prompts, session["updated_at"]],
    report
  )
  const turns = session["session_state"].conversation_metadata.user_turn_metadatas as ReadonlyArray<Line>
  checkTimes(
    file,
    [session["created_at"], ...turns.map((turn) => turn["end_timestamp"]), session["updated_at"]],
    report
  )
  if (turns.length !== prompts.length) report(file, "turns and prompts differ in number")
  const parent = session["parent_session_id"] as string | null
  if ((parent !== null) !== (session["session_created_reason"] === "subagent")) report(file, "parent and reason differ")
  if (parent === null) return
  const asked = Fs.readFileSync(Path.join(Path.dirname(file), `${parent}.jsonl`), "utf8")
  if (!asked.includes(JSON.stringify(records[0]!["data"].content[0].data)))
    report(file, "its parent did not ask for it")
}

/** Documents of the IDE: the folder's name says where, `sessions.json` lists them. */
const checkDocuments = (storage: string, report: Report): void => {
  for (const file of filesBelow(Path.join(storage, "workspace-sessions"))) {
    const folder = Path.basename(Path.dirname(file))
    const directory = Buffer.from(folder.replace(/_+$/, ""), "base64url").toString("utf8")
    const listed = readDocument(
      Path.join(Path.dirname(file), "sessions.json"),
      report
    ) as unknown as ReadonlyArray<Line>
    if (Path.basename(file) === "sessions.json") continue
    const { sessionId, workspaceDirectory } = readDocument(file, report)
    const own = listed.find((session) => session["sessionId"] === sessionId)
    if (sessionId !== Path.basename(file, ".json") || own === undefined) report(file, "id, name and list differ")
    if (workspaceDirectory !== directory || own?.["workspaceDirectory"] !== directory) report(file, "folder of another")
  }
}

/** `.chat` files of one workflow: each repeats those before it, in a folder named by the hash of the workspace. */
const checkChats = (storage: string, report: Report): void => {
  const folders = filesBelow(Path.resolve(storage, "../../workspaceStorage")).map((file) =>
    String(readDocument(file, report)["folder"]).slice("file://".length)
  )
  const flows = new Map<unknown, Array<Line>>()
  for (const file of filesBelow(storage).filter((name) => name.endsWith(".chat"))) {
    const document = readDocument(file, report)
    const hash = Path.basename(Path.dirname(file))
    if (!folders.some((folder) => sha256(folder).slice(0, 32) === hash)) report(file, "no workspace has this hash")
    const { metadata } = document
    flows.set(metadata.workflowId, [...(flows.get(metadata.workflowId) ?? []), document])
    checkTimes(file, [metadata.startTime, metadata.endTime], report)
  }
  for (const [flow, documents] of flows) {
    const byTime = documents.toSorted((a, b) => a["metadata"].startTime - b["metadata"].startTime)
    for (const [at, { chat }] of byTime.entries()) {
      const before = (byTime[at - 1]?.["chat"] ?? []) as ReadonlyArray<Line>
      if (JSON.stringify(chat.slice(0, before.length)) !== JSON.stringify(before)) report(storage, `files of ${flow}`)
    }
  }
}

/** The stores of Kiro that are files: `.kiro/sessions` and the storage of the IDE's extension. */
export const checkKiro = (home: string, report: Report): void => {
  for (const file of filesBelow(Path.join(home, ".kiro/sessions"))) {
    if (Path.basename(file) === "messages.jsonl") checkEvents(file, report)
    else if (/[/\\]cli[/\\][^/\\]*\.jsonl$/.test(file)) checkTurns(file, report)
  }
  const storage = Path.join(home, ".config/Kiro/User/globalStorage/kiro.kiroagent")
  checkDocuments(storage, report)
  checkChats(storage, report)
}
