import * as path from "node:path"
import { jsonLines, writeAt } from "../files.ts"
import { inputOf, iso, type OpenStore, type Step, type Talk } from "../talk.ts"

const tokens = { input: 9000, output: 300, cached: 8000, thoughts: 40, tool: 0, total: 9340 }

const stepRecords = ({ call, doneAt, said, thought, time }: Step, id: string): ReadonlyArray<object> => {
  const { input, name } = inputOf(call)
  const answer = {
    id,
    timestamp: iso(time),
    type: "gemini",
    content: said ?? "",
    thoughts: thought === null ? [] : [{ subject: "Plan", description: thought, timestamp: iso(time) }],
    tokens,
    model: "gemini-3.8-flash"
  }
  const result = { functionResponse: { id: call.id, name, response: { output: call.output } } }
  const done = { id: call.id, name, args: input, result: [result], status: "success", timestamp: iso(doneAt) }
  // An answer is written again with its calls once they are done, and their results once more for the model.
  return [
    answer,
    { $set: { lastUpdated: iso(time) } },
    { ...answer, toolCalls: [{ ...done, displayName: name }] },
    { id: `${id}-r`, timestamp: iso(doneAt), type: "user", content: [result] },
    { $set: { lastUpdated: iso(doneAt) } }
  ]
}

const recordsOf = ({ end, id, start, title, turns }: Talk): ReadonlyArray<object> => {
  const context = [{ text: "<session_context>\nThis is the Gemini CLI.\n</session_context>" }]
  return [
    { sessionId: id, projectHash: "3f".repeat(32), startTime: iso(start), lastUpdated: iso(start), kind: "main" },
    { $set: { messages: [{ id: "ctx", timestamp: iso(start), type: "user", content: context }] } },
    ...turns.flatMap((turn, at) => [
      { id: `u${at}`, timestamp: iso(turn.time), type: "user", content: [{ text: turn.prompt }] },
      ...turn.steps.flatMap((step, number) => stepRecords(step, `g${at}-${number}`)),
      {
        id: `a${at}`,
        timestamp: iso(turn.answeredAt),
        type: "gemini",
        content: turn.answer,
        thoughts: [],
        tokens,
        model: "gemini-3.8-flash"
      }
    ]),
    { $set: { summary: title, lastUpdated: iso(end) } }
  ]
}

/** Gemini CLI: lines of JSON below the folder of a project. */
export const openGemini: OpenStore = (home) => ({
  add: (talk) => {
    const project = path.join(home, ".gemini/tmp", path.basename(talk.cwd))
    writeAt(path.join(project, ".project_root"), `${talk.cwd}\n`, talk.start)
    const minute = iso(talk.start).slice(0, 16).replace(":", "-")
    const file = path.join(project, "chats", `session-${minute}-${talk.id.slice(0, 8)}.jsonl`)
    return writeAt(file, jsonLines(recordsOf(talk)), talk.end)
  },
  close: () => {}
})
