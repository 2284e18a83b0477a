import * as Fs from "node:fs"
import * as Path from "node:path"
import {
  Calls,
  checkTimes,
  filesBelow,
  type Line,
  readDocument,
  readLines,
  type Report,
  sha256,
  v4
} from "./reading.ts"

const list = (value: unknown): ReadonlyArray<Line> => (Array.isArray(value) ? (value as ReadonlyArray<Line>) : [])

/** The path of the project whose folder this is: a marker names it, else a path that the tool knows has this hash. */
const projectOf = (root: string, name: string, report: Report): string => {
  const marker = Path.join(root, "tmp", name, ".project_root")
  const registered = (readDocument(Path.join(root, "projects.json"), report)["projects"] ?? {}) as Line
  if (Fs.existsSync(marker)) {
    const path = Fs.readFileSync(marker, "utf8")
    if (registered[path] !== name) report(marker, `${path} is not registered as ${name}`)
    return path
  }
  const trusted = Object.keys(readDocument(Path.join(root, "trustedFolders.json"), report))
  const path = [...Object.keys(registered), ...trusted].find((known) => sha256(known) === name)
  if (path === undefined) report(marker, "no marker, and no known path has this hash")
  return path ?? ""
}

const checkMessage = (file: string, { id, tokens, toolCalls, type }: Line, report: Report): void => {
  if (!["user", "gemini", "info", "warning", "error"].includes(type as string)) report(file, `type ${type} of ${id}`)
  if (tokens !== undefined && tokens.total !== tokens.input + tokens.output + tokens.thoughts + tokens.tool)
    report(file, `tokens of ${id} do not add up`)
  if (tokens !== undefined && tokens.cached > tokens.input) report(file, `more cached than read in ${id}`)
  for (const call of list(toolCalls)) {
    const ids = list(call["result"]).map((part) => part["functionResponse"]?.id as unknown)
    if (ids.join() !== call["id"]) report(file, `call ${call["id"]} without a result of its own`)
  }
}

/** Replays a stream of records and gives back all messages, taken back or not, in their last copies. */
const checkStream = (file: string, lines: ReadonlyArray<Line>, report: Report): ReadonlyArray<Line> => {
  const all = new Map<unknown, Line>()
  let shown: Array<unknown> = []
  const calls = new Calls(file, report)
  const called = new Set<unknown>()
  for (const [at, line] of lines.entries()) {
    if (at === 0 && line["projectHash"] === undefined) report(file, "does not begin with its metadata")
    if (line["$rewindTo"] !== undefined) {
      const from = shown.indexOf(line["$rewindTo"])
      if (from < 0) report(file, `goes back to an unknown message ${line["$rewindTo"]}`)
      else shown = shown.slice(0, from)
    } else if (line["id"] !== undefined) {
      checkMessage(file, line, report)
      const { timestamp, type } = all.get(line["id"]) ?? line
      if (timestamp !== line["timestamp"] || type !== line["type"])
        report(file, `${line["id"]} written again otherwise`)
      if (!shown.includes(line["id"])) shown.push(line["id"])
      all.set(line["id"], line)
      for (const { id } of list(line["toolCalls"])) {
        if (!called.has(id)) calls.call(id)
        called.add(id)
      }
      for (const part of line["type"] === "user" ? list(line["content"]) : []) {
        if (part["functionResponse"] !== undefined) calls.result(part["functionResponse"].id)
      }
    } else if (line["$set"] !== undefined) {
      if (line["$set"].messages === undefined) continue
      shown = list(line["$set"].messages).map(({ id }) => id as unknown)
      for (const message of list(line["$set"].messages)) if (!all.has(message["id"])) all.set(message["id"], message)
    } else if (line["sessionId"] !== lines[0]!["sessionId"]) report(file, `line ${at + 1} is of no known shape`)
  }
  calls.end()
  return Array.from(all.values())
}

/** Names and ids, hashes of projects, shapes of records, results of calls, agents of a parent. */
export const checkGemini = (root: string, report: Report): void => {
  const files = filesBelow(Path.join(root, "tmp")).filter((file) => /[/\\]chats[/\\].*\.jsonl?$/.test(file))
  const agents = new Map<unknown, unknown>()
  const heads = new Map<string, Line>()
  const talks = new Map<unknown, number>()
  for (const file of files) {
    const lines = file.endsWith(".jsonl") ? readLines(file, report) : [readDocument(file, report)]
    const head = lines[0]!
    heads.set(file, head)
    const [, name] = Path.relative(root, file).split(Path.sep)
    if (head["projectHash"] !== sha256(projectOf(root, name!, report))) report(file, "hash of another project")
    if (!v4.test(head["sessionId"])) report(file, "id is no v4 uuid")
    const isAgent = head["kind"] === "subagent"
    const minute = String(head["startTime"]).slice(0, 16).replace(":", "-")
    const stem = isAgent ? head["sessionId"] : `session-${minute}-${String(head["sessionId"]).slice(0, 8)}`
    if (Path.basename(file).replace(/\.jsonl?$/, "") !== stem) report(file, "id or start and name differ")
    const isDocument = file.endsWith(".json")
    const messages = isDocument ? list(head["messages"]) : checkStream(file, lines, report)
    if (isDocument) for (const message of messages) checkMessage(file, message, report)
    const written = isDocument
      ? [head["startTime"], ...messages.map(({ timestamp }) => timestamp as unknown), head["lastUpdated"]]
      : lines.flatMap((line) => line["lastUpdated"] ?? line["$set"]?.lastUpdated ?? [])
    checkTimes(file, written, report)
    for (const { toolCalls } of messages) {
      for (const { agentId } of list(toolCalls)) if (agentId !== undefined) agents.set(agentId, head["sessionId"])
    }
    if (messages.some(({ type }) => type === "gemini"))
      talks.set(head["sessionId"], (talks.get(head["sessionId"]) ?? 0) + 1)
  }
  for (const [id, count] of talks) if (count > 1) report(root, `${id} is told in ${count} files`)
  for (const [file, { kind, sessionId }] of heads) {
    const parent = agents.get(sessionId)
    agents.delete(sessionId)
    if (kind === "subagent" && Path.basename(Path.dirname(file)) !== parent)
      report(file, "no call of its parent names it")
  }
  for (const agent of agents.keys()) report(root, `no file of agent ${agent}`)
}
