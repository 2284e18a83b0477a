import * as Path from "node:path"
import { Calls, checkUnique, filesBelow, type Line, readDocument, readLines, type Report, v4 } from "./reading.ts"

const tokenKeys = ["inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "thinkingTokens"]

const blocksOf = ({ message }: Line): ReadonlyArray<Line> => (message?.content ?? []) as ReadonlyArray<Line>

const messagesOf = (lines: ReadonlyArray<Line>): ReadonlyArray<Line> => lines.filter(({ type }) => type === "message")

const checkRecords = (file: string, [header, ...records]: ReadonlyArray<Line>, report: Report): void => {
  const folder = `-${String(header!["cwd"]).slice(1).replaceAll("/", "-")}`
  if (header!["type"] !== "session_start" || header!["id"] !== Path.basename(file, ".jsonl"))
    report(file, "id and name")
  if (Path.basename(Path.dirname(file)) !== folder) report(file, "directory and folder differ")
  const messages = messagesOf(records)
  checkUnique(
    file,
    messages.map(({ id }) => id as unknown),
    report
  )
  const calls = new Calls(file, report)
  for (const [at, line] of messages.entries()) {
    if (line["parentId"] !== messages[at - 1]?.["id"]) report(file, `parent of ${line["id"]} is not the message above`)
    for (const block of blocksOf(line)) {
      if (block["type"] === "tool_use") calls.call(block["id"])
      if (block["type"] === "tool_result") calls.result(block["tool_use_id"])
    }
  }
  calls.end()
  for (const [at, { anchorMessage, turnId, type }] of records.entries()) {
    const named = type === "agent_turn_outcome" ? turnId : type === "compaction_state" ? anchorMessage.id : undefined
    if (type === "session_start") report(file, "a second header")
    if (named !== undefined && !records.slice(0, at).some(({ id }) => id === named)) report(file, `no message ${named}`)
  }
}

/** What the settings count of children is what these count themselves, and all of it together is the total. */
const checkSettings = (file: string, settings: Line, sessions: ReadonlyMap<unknown, string>, report: Report): void => {
  const children = (settings["childInclusiveTokenUsageBySessionId"] ?? {}) as Record<string, Line>
  const inclusive = settings["inclusiveTokenUsage"] as Line | undefined
  for (const [id, usage] of Object.entries(children)) {
    const child = sessions.get(id)
    const own = child === undefined ? {} : readDocument(child.replace(/jsonl$/, "settings.json"), report)
    if (JSON.stringify(own["tokenUsage"]) !== JSON.stringify(usage)) report(file, `tokens of ${id} differ from its own`)
  }
  for (const key of inclusive === undefined ? [] : tokenKeys) {
    const parts = [settings["tokenUsage"], ...Object.values(children)] as ReadonlyArray<Line>
    if (parts.reduce((sum, usage) => sum + usage[key], 0) !== inclusive![key]) report(file, `total of ${key}`)
  }
}

/** Ids, parents, results of calls, settings beside transcripts, callers of subagents, what a fork begins with. */
export const checkFactory = (root: string, report: Report): void => {
  const files = filesBelow(Path.join(root, "sessions")).filter((file) => file.endsWith(".jsonl"))
  const all = new Map(files.map((file) => [file, readLines(file, report)]))
  const sessions = new Map<unknown, string>([...all].map(([file, lines]) => [lines[0]?.["id"], file]))
  const { invocations } = readDocument(Path.join(root, "task-invocations.json"), report)
  for (const [file, lines] of all) {
    if (!v4.test(Path.basename(file, ".jsonl"))) report(file, "name is no v4 uuid")
    checkRecords(file, lines, report)
    const settings = file.replace(/jsonl$/, "settings.json")
    if (messagesOf(lines).length > 0) checkSettings(settings, readDocument(settings, report), sessions, report)
    const { callingSessionId, callingToolUseId, forkedAtMessageId, id, parent } = lines[0]!
    const source = parent === undefined ? [] : (all.get(sessions.get(parent) ?? "") ?? [])
    if (parent !== undefined && source.length === 0) report(file, "no parent session")
    if (callingSessionId !== undefined) {
      const call = source.flatMap(blocksOf).find((block) => block["id"] === callingToolUseId)
      const listed = (invocations as ReadonlyArray<Line>).find(({ childSessionId }) => childSessionId === id)
      if (call?.["name"] !== "Task" || callingSessionId !== parent) report(file, "its call is not in its parent")
      if (listed?.["parentSessionId"] !== parent || listed?.["parentToolUseId"] !== callingToolUseId) {
        report(file, "is not in the list of invocations")
      }
    }
    if (forkedAtMessageId === undefined) continue
    const copied = messagesOf(source)
    const own = messagesOf(lines).slice(0, copied.length)
    if (JSON.stringify(own) !== JSON.stringify(copied) || own.at(-1)?.["id"] !== forkedAtMessageId) {
      report(file, "does not begin with the messages of its parent")
    }
  }
}
