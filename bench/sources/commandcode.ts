import * as path from "node:path"
import { jsonLines, writeAt } from "../files.ts"
import { inputOf, iso, type OpenStore, type Talk } from "../talk.ts"

const recordsOf = ({ cwd, dice, end, id, start, title, turns }: Talk): ReadonlyArray<object> => {
  const records: Array<object> = [{ type: "session", version: 3, id, timestamp: iso(start), cwd }]
  let last: string | null = null
  const put = (type: string, time: number, fields: object): void => {
    const own = dice.uuid().slice(0, 8)
    records.push({ type, id: own, parentId: last, timestamp: iso(time), ...fields })
    last = own
  }
  const said = (role: string, source: string, time: number, content: ReadonlyArray<object>, more: object = {}): void =>
    put("message", time, { message: { role, content, meta: { source, createdAt: time } }, ...more })
  const usage = { inputTokens: 9000, outputTokens: 300, cacheReadTokens: 8000, cacheWriteTokens: 0 }
  const spent = { usage, model: "acme/m-1" }
  for (const { answer, answeredAt, prompt, steps, time } of turns) {
    said("user", "user", time, [{ type: "text", text: prompt }])
    for (const { call, doneAt, said: text, thought, time: at } of steps) {
      const { input, name } = inputOf(call)
      const blocks = [
        ...(thought === null ? [] : [{ type: "thinking", thinking: thought, signature: "" }]),
        ...(text === null ? [] : [{ type: "text", text }]),
        { type: "tool_use", id: call.id, name, input }
      ]
      said("assistant", "model", at, blocks, spent)
      const content = [{ type: "text", text: call.output }]
      said("user", "tool", doneAt, [{ type: "tool_result", tool_use_id: call.id, content }])
    }
    said("assistant", "model", answeredAt, [{ type: "text", text: answer }], spent)
  }
  put("session_info", end, { name: title })
  return records
}

/** Command Code: a tree of entries as lines of JSON. */
export const openCommandcode: OpenStore = (home) => ({
  add: (talk) => {
    const project = talk.cwd.slice(1).replaceAll("/", "-")
    const file = path.join(home, ".commandcode/projects", project, `${talk.id}.jsonl`)
    return writeAt(file, jsonLines(recordsOf(talk)), talk.end)
  },
  close: () => {}
})
