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
  v4
} from "./reading.ts"

const counted = ["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "reasoningTokens"]

/** Calls, and the tokens of each model, as the events tell them one by one. */
const checkEvents = (file: string, events: ReadonlyArray<Line>, report: Report): void => {
  checkUnique(
    file,
    events.map(({ id }) => id as unknown),
    report
  )
  const calls = new Calls(file, report)
  const asked = new Set<unknown>()
  const agents = new Set<unknown>()
  const sums = new Map<string, ReadonlyArray<number>>()
  let turn = 0
  for (const [at, { agentId, data, id, parentId, type }] of events.entries()) {
    if (!v4.test(id)) report(file, `event ${id} is no v4 uuid`)
    if (parentId !== (at === 0 ? null : events[at - 1]!["id"])) report(file, `parent of ${id} is not the event above`)
    if (type === "subagent.started") agents.add(agentId)
    if (agentId !== undefined && !agents.has(agentId)) report(file, `event ${id} of an agent that was not started`)
    if (type === "user.message" && agentId === undefined) turn = 0
    if (type === "assistant.turn_start" && agentId === undefined && data.turnId !== String(turn++))
      report(file, `turn ${data.turnId} out of order`)
    for (const request of data.toolRequests ?? []) asked.add(request.toolCallId)
    if (type === "tool.user_requested") asked.add(data.toolCallId)
    if (type === "tool.execution_start") {
      if (!asked.has(data.toolCallId)) report(file, `nobody asked for call ${data.toolCallId}`)
      calls.call(data.toolCallId)
    }
    if (type === "tool.execution_complete") {
      calls.result(data.toolCallId)
      if (data.success !== (data.error === undefined)) report(file, `success and error of ${data.toolCallId} differ`)
    }
    if (type === "session.usage_record") {
      const sum = sums.get(data.usage.model) ?? counted.map(() => 0)
      sums.set(
        data.usage.model,
        sum.map((total, of) => total + (data.usage[counted[of]!] as number))
      )
      if (data.usage.cacheReadTokens + data.usage.cacheWriteTokens > data.usage.inputTokens)
        report(file, `more cached than read in ${id}`)
    }
    if (type === "session.shutdown") {
      for (const [model, sum] of sums) {
        const told = counted.map((key) => data.modelMetrics[model]?.usage[key] as number)
        if (told.join() !== sum.join()) report(file, `totals of ${model}: ${told.join()} is not ${sum.join()}`)
      }
      if (data.sessionStartTime !== Date.parse(events[0]!["data"].startTime)) report(file, "start and its total differ")
    }
  }
  calls.end()
}

const checkCheckpoints = (folder: string, events: ReadonlyArray<Line>, report: Report): void => {
  for (const { data, type } of events) {
    if (type !== "session.compaction_complete") continue
    const name = Path.basename(data.checkpointPath as string)
    const file = Path.join(folder, "checkpoints", name)
    const index = Fs.readFileSync(Path.join(folder, "checkpoints/index.md"), "utf8")
    if (!index.includes(`| ${data.checkpointNumber} |`) || !index.includes(name)) report(file, "not in the index")
    if (!Fs.existsSync(file) || !Fs.readFileSync(file, "utf8").includes(data.summaryContent)) {
      report(file, "does not have the summary of its event")
    }
  }
}

/** A fork begins with the events of its parent: only the first is its own. */
const checkFork = (
  file: string,
  events: ReadonlyArray<Line>,
  all: ReadonlyMap<string, ReadonlyArray<Line>>
): boolean => {
  const at = events.findIndex(({ data }) => data.infoType === "fork" && data.message.startsWith("Forked from"))
  if (at < 0) return true
  const id = /\(([0-9a-f-]{36})\) as /.exec(events[at]!["data"].message)?.[1]
  const parent = all.get(Path.join(Path.dirname(file), "..", id ?? "", "events.jsonl")) ?? []
  return at > 1 && JSON.stringify(events.slice(1, at)) === JSON.stringify(parent.slice(1, at))
}

const checkHistory = (file: string, document: Line, report: Report): void => {
  const { chatMessages, endTime, sessionId, startTime, timeline } = document
  if (Path.basename(file) !== `session_${sessionId}_${Date.parse(startTime)}.json`) report(file, "name and id differ")
  const calls = new Calls(file, report)
  const shown = (timeline as ReadonlyArray<Line>).map(({ callId }) => callId as unknown)
  for (const { role, tool_call_id, tool_calls } of chatMessages) {
    for (const { id } of tool_calls ?? []) calls.call(id)
    if (role === "tool") calls.result(tool_call_id)
    if (role === "tool" && !shown.includes(tool_call_id)) report(file, `call ${tool_call_id} is not in the timeline`)
  }
  calls.end()
  checkTimes(file, [startTime, ...timeline.map(({ timestamp }: Line) => timestamp as unknown), endTime], report)
}

/** Ids, the chain of events, calls and results, agents, totals at the end, checkpoints, what a fork begins with. */
export const checkCopilot = (root: string, report: Report): void => {
  const files = filesBelow(Path.join(root, "session-state")).filter((file) => file.endsWith(".jsonl"))
  const all = new Map(files.map((file) => [file, readLines(file, report)]))
  for (const [file, events] of all) {
    const folder = Path.dirname(file)
    const isFlat = Path.basename(file) !== "events.jsonl"
    const id = isFlat ? Path.basename(file, ".jsonl") : Path.basename(folder)
    const { context, sessionId, startTime } = events[0]!["data"]
    if (events[0]!["type"] !== "session.start" || sessionId !== id || !v4.test(id)) report(file, "id and name differ")
    if (Date.parse(startTime) > Date.parse(events[0]!["timestamp"])) report(file, "began after its first event")
    checkEvents(file, events, report)
    if (!checkFork(file, events, all)) report(file, "does not begin with the events of its parent")
    if (isFlat) continue
    checkCheckpoints(folder, events, report)
    const workspace = Fs.readFileSync(Path.join(folder, "workspace.yaml"), "utf8").split("\n")
    for (const line of [
      `id: ${id}`,
      `cwd: ${context.cwd}`,
      `git_root: ${context.gitRoot}`,
      `branch: ${context.branch}`
    ]) {
      if (!workspace.includes(line)) report(folder, `workspace.yaml without ${line}`)
    }
  }
  for (const file of filesBelow(Path.join(root, "history-session-state"))) {
    checkHistory(file, readDocument(file, report), report)
  }
}
