import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import type { Draft } from "../../src/domain/message.ts"
import { roles, toolUseText } from "../../src/domain/message.ts"
import { type Transcript, TranscriptBuilder } from "../../src/domain/transcript.ts"

/** What breaks slicing when something is wrong: pairs, wide letters, escapes, controls, lone surrogates, long words. */
const pieces = [
  "a",
  "The quick brown fox. ",
  "\n",
  "x=1;\n\t",
  "日本語の文章。",
  "😀",
  "👩‍👩‍👧",
  "e\u0301",
  "\u0001",
  "\u001b[31m",
  "\u202e",
  '"\\',
  "𠮷",
  "\ud83d",
  "0123456789abcdef",
  '{"k":[1,2]}'
] as const

const chunk = Schema.Struct({
  piece: Schema.Literals(pieces),
  times: Schema.Literals([1, 2, 3, 7, 40, 300])
})

/** Texts from none to a few thousand characters. */
export const textArbitrary = Arbitrary.array(Arbitrary.schema(chunk), { minLength: 0, maxLength: 5 }).pipe(
  Arbitrary.map((chunks) => chunks.map(({ piece, times }) => piece.repeat(times)).join(""))
)

const shape = Arbitrary.all({
  role: Arbitrary.schema(Schema.Literals(roles)),
  text: textArbitrary,
  thinking: textArbitrary,
  options: Arbitrary.schema(
    Schema.Struct({
      thinks: Schema.Boolean,
      thinkingOnly: Schema.Boolean,
      isError: Schema.Boolean,
      timed: Schema.Boolean,
      attachment: Schema.Boolean,
      name: Schema.Literals(["Bash", "Read", "mcp__a_server_with_a_long_name__and_a_tool_with_a_longer_one"])
    })
  )
})

/** Drafts as an adapter could make them, of every role. */
export const draftArbitrary: Arbitrary.Arbitrary<Draft> = shape.pipe(
  Arbitrary.map(({ options, role, text, thinking }): Draft => {
    const time = options.timed ? 1_790_000_000_000 : null
    const thoughts = options.thinks ? [{ type: "thinking" as const, text: thinking }] : []
    if (role === "tool_use") {
      const input = { command: text, nested: [1, { deep: null }] }
      const call = { type: "tool_use" as const, id: "toolu_0123456789abcdefghij", name: options.name, input }
      return { role, time, text: toolUseText(options.name, input), blocks: [...thoughts, call] }
    }
    if (role === "tool_result") {
      const result = { type: "tool_result" as const, toolUseId: "toolu_0123456789abcdefghij", isError: options.isError }
      return { role, time, text, blocks: [result] }
    }
    if (role !== "assistant") {
      const attached = { type: "attachment" as const, kind: "image", mediaType: "image/png", bytes: 12 }
      return { role, time, text, blocks: options.attachment ? [attached] : [] }
    }
    return options.thinkingOnly
      ? { role, time, text: "", blocks: [{ type: "thinking", text: thinking }], thinkingOnly: true }
      : { role, time, text, blocks: thoughts }
  })
)

/**
 * A transcript of these drafts, in this order. `retainedChars` below 0 makes every message again from its draft; `remade`
 * takes the positions of the drafts that were asked for.
 */
export const transcriptOf = (
  drafts: ReadonlyArray<Draft>,
  retainedChars?: number,
  remade: Array<number> = []
): Transcript => {
  const builder = new TranscriptBuilder((draft) => draft, retainedChars)
  drafts.forEach((draft, at) => builder.add(draft, { file: 0, offset: at, length: 1 }, 0))
  return builder.build({
    entry: {
      source: "made-up",
      id: "00000000-0000-4000-8000-000000000000",
      file: { path: "/made/up", size: 0, mtimeMs: 0, mtimeNs: 0n, inode: 0 },
      root: "/made",
      kind: "session",
      parentId: null,
      archived: false,
      sidecars: [],
      indexTitle: null
    },
    head: {
      cwd: null,
      createdAt: null,
      updatedAt: 0,
      isEmpty: drafts.length === 0,
      kind: "session",
      parentId: null,
      gitBranch: null,
      model: null,
      title: null,
      firstPrompt: null
    },
    order: drafts.map((_, at) => at),
    reparse: ({ offset }) => {
      remade.push(offset)
      return [drafts[offset]!]
    },
    facts: { tokenUsage: null, filesModified: [], subagents: [], forkedFrom: null },
    skipped: []
  })
}
