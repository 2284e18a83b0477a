import type { KitFixture } from "../../support/adapter-kit.ts"
import { fixtureRecords, response, Script } from "./records.ts"

const whole = (name: string, file: string, messages: KitFixture["messages"]): KitFixture => ({
  name,
  records: (id) => fixtureRecords(file, id),
  messages
})

const written = (
  name: string,
  write: (script: Script) => Script,
  messages: KitFixture["messages"],
  skipped?: KitFixture["skipped"]
): KitFixture => ({
  name,
  records: (id) => write(new Script(id, "f").meta()).lines,
  messages,
  ...(skipped === undefined ? {} : { skipped })
})

const context = ["system", "<session_context>\nThe workshop is open.\n</session_context>"] as const

const moved =
  "Output too large. Showing first 4 and last 4 characters. For full output see: " +
  "/home/dev/.gemini/tmp/workshop/tool-outputs/session-6a000000-0000-4000-8000-000000000001/read_file_call_4.txt\n" +
  "head\n\n... [9 characters omitted] ...\n\ntail"

/** One whole file per generation and drift, then one fixture per shape that those do not have. */
export const fixtures: ReadonlyArray<KitFixture> = [
  whole("a stream of records (0.61)", "stream", [
    context,
    ["user", "switch on the lamp in @lamp.ts"],
    [
      "system",
      "\n--- Content from referenced files ---\nContent from @lamp.ts:\noff\n--- End of content ---" +
        "\n<hook_context>It is dark.</hook_context>"
    ],
    ["assistant", "Switching it on."],
    ["tool_use", 'replace {"file_path":"lamp.ts","old_string":"off","new_string":"on"}'],
    ["tool_use", 'run_shell_command {"command":"make lamp"}'],
    ["tool_result", "Replaced one line."],
    ["tool_result", "make: no rule for lamp"],
    ["system", "Request cancelled."],
    ["system", "The lamp is hot."],
    ["tool_use", 'write_file {"file_path":"/home/dev/workshop/never.ts","content":"x"}'],
    ["tool_use", 'read_file {"file_path":"/home/dev/workshop/log.txt"}'],
    ["tool_use", 'invoke_agent {"agent_name":"lookout","prompt":"look for a bulb"}'],
    ["tool_use", "mcp_lamp_state {}"],
    ["tool_use", 'run_shell_command {"command":"sleep 9"}'],
    ["tool_result", "The user said no."],
    ["tool_result", moved],
    ["tool_result", "No bulb found."],
    ["tool_result", '{"watts":7}'],
    ["system", "[API Error: too many lamps]"],
    ["user", "/explain lamps"],
    ["system", "Explain lamps at length. Use short words."],
    ["user", "what is this"],
    ["assistant", "A lamp."]
  ]),
  whole("a resume, and a turn that failed", "resumed", [
    context,
    ["user", "/where is the lamp"],
    ["assistant", "Here."],
    ["user", "move it"],
    ["assistant", "Moving."],
    ["tool_use", 'write_file {"file_path":"/home/dev/workshop/place","content":"left"}'],
    ["tool_result", "written"],
    ["assistant", "Moved."],
    ["system", "Saved."],
    ["user", "thanks"],
    ["assistant", "Welcome."],
    ["user", "goodbye"],
    ["assistant", "Bye."]
  ]),
  whole("a compressed history keeps what was said", "compressed", [
    context,
    ["user", "count to three"],
    ["assistant", "One, two, three."],
    ["user", "and on"],
    ["system", "<state_snapshot>\nCounted to nine.\n</state_snapshot>"],
    ["assistant", "Got it."],
    ["assistant", "Four."],
    ["tool_use", 'run_shell_command {"command":"seq 9"}'],
    ["tool_result", "1 2 3 4 5 6 7 8 9"],
    ["user", "stop"],
    ["assistant", "Stopped."],
    ["user", "go on"],
    ["assistant", "Ten."]
  ]),
  whole("what was rewound is gone", "rewound", [
    ["user", "paint it red"],
    ["assistant", "Red."],
    ["user", "paint it blue"],
    ["assistant", "Blue."]
  ]),
  whole("an imported session", "imported", [
    ["system", "Imported session from /home/dev/.gemini/tmp/workshop/chats/session-2026-11-01T10-00-6a000000.jsonl"],
    context,
    ["user", "dig"],
    ["assistant", "Digging."],
    ["user", "deeper"],
    ["assistant", "Deeper."]
  ]),
  written(
    "a rewind to an unknown message takes back everything",
    (s) => s.user("one").answer("1").line({ $rewindTo: "nobody" }).user("two"),
    [["user", "two"]]
  ),
  written(
    "contents are strings, parts, or arrays of both",
    (s) =>
      s
        .message("user", "a string")
        .message("user", { text: "a part" })
        .message("user", ["mixed", { text: "with parts" }])
        .answer([{ text: "One " }, "answer", { thoughtSignature: "c2ln" }])
        .message("info", [{ text: "told " }, "twice"]),
    [
      ["user", "a string"],
      ["user", "a part"],
      ["user", "mixed\nwith parts"],
      ["assistant", "One answer"],
      ["system", "told twice"]
    ]
  ),
  written(
    "a history that was never recorded as calls: parts alone",
    (s) =>
      s
        .answer([
          { text: "let me see", thought: true },
          { text: "Looking." },
          { functionCall: { id: "p1", name: "glob", args: { pattern: "*" } } },
          { functionCall: { name: "nameless" } }
        ])
        .message("user", [response("p1", "glob", { output: "lamp.ts" }), response("p1", "glob", { output: "lamp.ts" })])
        .message("user", [{ functionResponse: { name: "nameless", response: { content: [1] } } }])
        .answer([{ text: "only thought", thought: true }]),
    [
      ["assistant", "Looking."],
      ["tool_use", 'glob {"pattern":"*"}'],
      ["tool_use", "nameless"],
      ["tool_result", "lamp.ts"],
      ["tool_result", '{"content":[1]}'],
      ["assistant", ""]
    ]
  ),
  written(
    "results in other shapes",
    (s) =>
      s.answer("", {
        toolCalls: [
          { id: "r1", name: "a", args: {}, result: "plain", status: "success" },
          { id: "r2", name: "b", args: {}, result: null, status: "success", resultDisplay: "shown" },
          { id: "r3", name: "c", args: {}, result: null, status: "success", resultDisplay: { fileDiff: "+1" } },
          { id: "r4", name: "d", args: {}, result: null, status: "cancelled" },
          // A rebuilt history gives a call all the results of its turn.
          {
            id: "r5",
            name: "e",
            args: {},
            result: [response("r4", "d", { output: "of another" }), response("r5", "e", { output: "its own" })],
            status: "success"
          },
          { id: "r6", name: "f", args: {}, result: [response("r6", "f", { output: "" })], status: "success" }
        ]
      }),
    [
      ["tool_use", "a {}"],
      ["tool_use", "b {}"],
      ["tool_use", "c {}"],
      ["tool_use", "d {}"],
      ["tool_use", "e {}"],
      ["tool_use", "f {}"],
      ["tool_result", "plain"],
      ["tool_result", "shown"],
      ["tool_result", "+1"],
      ["tool_result", ""],
      ["tool_result", "its own"],
      ["tool_result", ""]
    ]
  ),
  written(
    "a metadata line may hold the messages of a document",
    (s) =>
      s
        .meta({ messages: [{ id: "h1", timestamp: "2026-11-01T10:00:00.000Z", type: "user", content: "from before" }] })
        .answer("And now."),
    [
      ["user", "from before"],
      ["assistant", "And now."]
    ]
  ),
  written(
    "what the tool says in the user's name is system",
    (s) =>
      s
        .user("<hook_context>dark</hook_context>")
        .user("Background execution update:\n<background_output>\nok\n</background_output>")
        .user("This is the Gemini CLI. We are setting up the context for our chat.")
        .user("<b> is a tag")
        .answer("So it is."),
    [
      ["system", "<hook_context>dark</hook_context>"],
      ["system", "Background execution update:\n<background_output>\nok\n</background_output>"],
      ["system", "This is the Gemini CLI. We are setting up the context for our chat."],
      ["user", "<b> is a tag"],
      ["assistant", "So it is."]
    ]
  ),
  written(
    "what nobody knows is counted",
    (s) =>
      s
        .line({ hologram: true })
        .message("smell", "roses")
        .message(7 as never, "x")
        .user("hello")
        .answer([{ dance: 1 }, 7, { text: "hi" }], { toolCalls: [7] })
        .line({ $set: { messages: [{ type: "user" }, 7] } }),
    [
      ["user", "hello"],
      ["assistant", "hi"]
    ],
    {
      "record of unknown shape": 1,
      "unknown message type smell": 1,
      "message without a type": 1,
      "unknown part dance": 1,
      "part that is no object": 1,
      "tool call that is no object": 1,
      "message without an id": 2
    }
  )
]
