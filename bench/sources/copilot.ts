import * as path from "node:path"
import { jsonLines, writeAt } from "../files.ts"
import { inputOf, iso, type OpenStore, type Talk } from "../talk.ts"

const recordsOf = ({ cwd, end, id, start, turns }: Talk): ReadonlyArray<object> => {
  const records: Array<object> = []
  const put = (type: string, time: number, data: object): void => {
    const at = records.length
    records.push({ type, data, id: `e${at}`, timestamp: iso(time), parentId: at === 0 ? null : `e${at - 1}` })
  }
  const context = { cwd, gitRoot: cwd, branch: "main" }
  put("session.start", start, {
    sessionId: id,
    version: 1,
    producer: "copilot-agent",
    copilotVersion: "1.0.102",
    startTime: iso(start),
    selectedModel: "gpt-5.4",
    context
  })
  for (const [number, { answer, answeredAt, prompt, steps, time }] of turns.entries()) {
    const transformedContent = `<current_datetime>${iso(time)}</current_datetime>\n\n${prompt}`
    put("user.message", time, { content: prompt, transformedContent, messageId: `m${number}` })
    for (const { call, doneAt, said, thought, time: at } of steps) {
      const { input, name } = inputOf(call)
      put("assistant.turn_start", at, { turnId: `${number}` })
      put("assistant.message", at, {
        model: "gpt-5.4",
        content: said ?? "",
        ...(thought === null ? {} : { reasoningText: thought }),
        toolRequests: [{ toolCallId: call.id, name, arguments: input, type: "function" }]
      })
      put("tool.execution_start", at, { toolCallId: call.id, toolName: name, arguments: input })
      put("tool.execution_complete", doneAt, {
        toolCallId: call.id,
        success: true,
        result: { content: call.output },
        ...(call.edit === null ? {} : { fileEdits: [{ path: call.edit.path, kind: "edit" }] })
      })
      put("assistant.turn_end", doneAt, { turnId: `${number}` })
    }
    put("assistant.message", answeredAt, { model: "gpt-5.4", content: answer, toolRequests: [] })
  }
  const usage = { inputTokens: 9000, outputTokens: 600, cacheReadTokens: 8000, cacheWriteTokens: 10 }
  put("session.shutdown", end, { shutdownType: "routine", modelMetrics: { "gpt-5.4": { usage } } })
  return records
}

/** GitHub Copilot CLI: a folder for each session, with its events and a little YAML. */
export const openCopilot: OpenStore = (home) => ({
  add: (talk) => {
    const folder = path.join(home, ".copilot/session-state", talk.id)
    const times = `created_at: ${iso(talk.start)}\nupdated_at: ${iso(talk.end)}\n`
    const place = `cwd: ${talk.cwd}\ngit_root: ${talk.cwd}\nbranch: main\n`
    const yaml = `id: ${talk.id}\n${place}client_name: github/cli\nname: ${JSON.stringify(talk.title)}\n${times}`
    const bytes = writeAt(path.join(folder, "workspace.yaml"), yaml, talk.end)
    return bytes + writeAt(path.join(folder, "events.jsonl"), jsonLines(recordsOf(talk)), talk.end)
  },
  close: () => {}
})
