import * as path from "node:path"
import * as zlib from "node:zlib"
import { newDatabase, schemaOf } from "../files.ts"
import { inputOf, iso, type OpenStore, type Talk } from "../talk.ts"

/** As the tool writes times into columns. */
const rustTime = (time: number): string => iso(time).replace("Z", "000000+00:00")

const documentOf = ({ cwd, dice, end, title, turns }: Talk): object => ({
  title,
  messages: turns.flatMap(({ answer, prompt, steps }) => [
    { User: { id: dice.uuid(), content: [{ Text: prompt }] } },
    ...steps.map(({ call, said, thought }) => {
      const { input, name } = inputOf(call)
      const use = { id: call.id, name, raw_input: JSON.stringify(input), input: { type: "json", value: input } }
      const result = { tool_use_id: call.id, tool_name: name, is_error: false, content: [{ Text: call.output }] }
      return {
        Agent: {
          content: [
            ...(thought === null ? [] : [{ Thinking: { text: thought, signature: null } }]),
            ...(said === null ? [] : [{ Text: said }]),
            { ToolUse: { ...use, is_input_complete: true, thought_signature: null } }
          ],
          tool_results: { [call.id]: { ...result, output: null } },
          reasoning_details: null
        }
      }
    }),
    { Agent: { content: [{ Text: answer }], tool_results: {}, reasoning_details: null } }
  ]),
  updated_at: iso(end),
  detailed_summary: null,
  initial_project_snapshot: {
    worktree_snapshots: [{ worktree_path: cwd, git_state: { current_branch: "main" } }],
    timestamp: iso(end)
  },
  cumulative_token_usage: { input_tokens: 9000, output_tokens: 500 },
  request_token_usage: {},
  model: { provider: "zed.dev", model: "m-1" },
  version: "0.3.0"
})

/** The agent of Zed: a document for each thread, compressed, in one database. What is counted is the document. */
export const openZed: OpenStore = (home) => {
  const file = path.join(home, ".local/share/zed/threads/threads.db")
  const { close, insert } = newDatabase(file, schemaOf("zed/threads-2025.sql", "zed/threads-2026.sql"))
  return {
    add: (talk) => {
      const json = Buffer.from(JSON.stringify(documentOf(talk)))
      insert("threads", {
        id: talk.id,
        summary: talk.title,
        updated_at: rustTime(talk.end),
        created_at: rustTime(talk.start),
        data_type: "zstd",
        data: zlib.zstdCompressSync(json),
        folder_paths: talk.cwd,
        folder_paths_order: "0"
      })
      return json.length
    },
    close
  }
}
