import * as path from "node:path"
import { jsonLines, writeAt } from "../files.ts"
import { inputOf, iso, type OpenStore, type Talk } from "../talk.ts"

const recordsOf = ({ cwd, dice, id, title, turns }: Talk): ReadonlyArray<object> => {
  const records: Array<object> = [{ type: "session_start", id, title, owner: "ann", version: 2, cwd }]
  let last: string | null = null
  const put = (time: number, message: object): void => {
    const own = dice.uuid()
    const parent = last === null ? {} : { parentId: last }
    records.push({ type: "message", id: own, ...parent, timestamp: iso(time), message })
    last = own
  }
  const reminder = `<system-reminder>\nTools: Read, Edit, Execute\n</system-reminder>`
  put(turns[0]!.time, { role: "user", content: [{ type: "text", text: reminder }], visibility: "llm_only" })
  for (const { answer, answeredAt, prompt, steps, time } of turns) {
    put(time, { role: "user", content: [{ type: "text", text: prompt }], userMessageSource: "cli_tui" })
    for (const { call, doneAt, said, thought, time: at } of steps) {
      const { input, name } = inputOf(call)
      const content = [
        ...(thought === null ? [] : [{ type: "thinking", thinking: thought, signature: "s" }]),
        ...(said === null ? [] : [{ type: "text", text: said }]),
        { type: "tool_use", id: call.id, name, input }
      ]
      put(at, { role: "assistant", content, modelId: "claude-opus-5" })
      put(doneAt, { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: call.output }] })
    }
    put(answeredAt, { role: "assistant", content: [{ type: "text", text: answer }], modelId: "claude-opus-5" })
  }
  return records
}

const settings = {
  assistantActiveTimeMs: 1200,
  model: "claude-opus-5",
  reasoningEffort: "high",
  interactionMode: "auto",
  autonomyLevel: "low",
  tags: [{ name: "exec" }],
  tokenUsage: { inputTokens: 100, outputTokens: 70, cacheCreationTokens: 4, cacheReadTokens: 300, thinkingTokens: 2 }
}

/** Factory Droid: lines of JSON, and a file of settings beside them. */
export const openFactory: OpenStore = (home) => ({
  add: (talk) => {
    const folder = path.join(home, ".factory/sessions", talk.cwd.replaceAll("/", "-"))
    const bytes = writeAt(path.join(folder, `${talk.id}.settings.json`), JSON.stringify(settings, null, 2), talk.end)
    return bytes + writeAt(path.join(folder, `${talk.id}.jsonl`), jsonLines(recordsOf(talk)), talk.end)
  },
  close: () => {}
})
