import type { KitMessage } from "../../support/adapter-kit.ts"

export const messages: ReadonlyArray<KitMessage> = [
  ["user", "count the files"],
  ["assistant", "I will look."],
  ["tool_use", 'list_directory {"path":"app"}'],
  ["tool_result", "a.ts\nb.ts"],
  ["assistant", "Two."]
]

/** A conversation in the shape of one generation. */
export interface Dialect {
  readonly conversation: () => ReadonlyArray<unknown>
  readonly growth: () => ReadonlyArray<unknown>
  readonly prompt: (id: string, text: string) => ReadonlyArray<unknown>
}

const call = { id: "conv-1", name: "list_directory", input: { path: "app" } }
const result = { tool_use_id: "conv-1", is_error: false, content: "a.ts\nb.ts", output: null }

export const current: Dialect = {
  conversation: () => [
    { User: { id: "conv-u", content: [{ Text: "count the files" }] } },
    {
      Agent: {
        content: [
          { Thinking: { text: "where are they", signature: null } },
          { Text: "I will look." },
          { ToolUse: { ...call, raw_input: "{}", input: { type: "json", value: call.input }, is_input_complete: true } }
        ],
        tool_results: { "conv-1": { ...result, tool_name: "list_directory", content: [{ Text: result.content }] } },
        reasoning_details: null
      }
    },
    { Agent: { content: [{ Text: "Two." }], tool_results: {}, reasoning_details: null } }
  ],
  growth: () => [
    { User: { id: "conv-v", content: [{ Text: "sure?" }] } },
    { Agent: { content: [{ Text: "Yes." }], tool_results: {}, reasoning_details: null } }
  ],
  prompt: (_id, text) => [{ User: { id: "conv-u", content: [{ Text: text }] } }]
}

const said = (role: string, text: string) => ({ id: 1, role, segments: [{ type: "text", text }] })

export const old: Dialect = {
  conversation: () => [
    said("user", "count the files"),
    {
      id: 2,
      role: "assistant",
      segments: [
        { type: "thinking", text: "where are they" },
        { type: "text", text: "I will look." }
      ],
      tool_uses: [call],
      tool_results: [result]
    },
    said("assistant", "Two.")
  ],
  growth: () => [said("user", "sure?"), said("assistant", "Yes.")],
  prompt: (_id, text) => [said("user", text)]
}
