import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { collect } from "../../../src/domain/context/collect.ts"
import { fit } from "../../../src/domain/context/fit.ts"
import { type Draft, toolUseText } from "../../../src/domain/message.ts"
import type { ContextBody, ContextFormat, ContextSession, ContextSummary } from "../../../src/domain/results.ts"
import type { MessageView } from "../../../src/domain/view.ts"
import { contextPrinting } from "../../../src/render/context-printing.ts"
import { draftArbitrary, transcriptOf } from "../../support/transcripts.ts"

const session: ContextSession = {
  id: "00000000-0000-4000-8000-000000000000",
  source: "made-up",
  sourceName: "Made Up",
  title: "A title",
  model: null,
  cwd: "/made/up",
  gitBranch: null,
  parentId: null,
  forkedFrom: null,
  createdAt: null,
  updatedAt: 0,
  totalMessages: 0,
  totalTokens: 0
}

interface How {
  readonly output: "json" | "jsonl" | "text"
  readonly apiVersion: 1 | 2
  readonly format: ContextFormat
  readonly budget: number
  readonly includeSystem: boolean
  readonly includeTools: boolean
}

const fitted = (drafts: ReadonlyArray<Draft>, how: Partial<How> = {}) => {
  const {
    apiVersion = 1,
    budget = 8000,
    format = "messages",
    includeSystem = false,
    includeTools = false,
    output = "json"
  } = how
  const transcript = transcriptOf(drafts)
  const all = collect(transcript, { includeSystem, includeTools, keep: Math.ceil(budget / 4) })
  const printing = contextPrinting(output, apiVersion, format)
  return { all, printing, ...fit(transcript, all, { session, target: null }, budget, printing) }
}

const said = (role: "user" | "assistant" | "system", text: string): Draft => ({ role, time: null, text, blocks: [] })

const call = (id: string, name: string, input: unknown): Draft => ({
  role: "tool_use",
  time: null,
  text: toolUseText(name, input),
  blocks: [{ type: "tool_use", id, name, input }]
})

const result = (id: string, text: string, isError = false): Draft => ({
  role: "tool_result",
  time: null,
  text,
  blocks: [{ type: "tool_result", toolUseId: id, isError }]
})

/** The summary of a context that has one. */
const summaryOf = ({ summary }: ContextBody): ContextSummary => {
  assert.isNotNull(summary)
  return summary
}

const indices = (messages: ReadonlyArray<{ readonly index: number }>) => messages.map(({ index }) => index)

const how = Schema.Struct({
  output: Schema.Literals(["json", "jsonl", "text"]),
  apiVersion: Schema.Literals([1, 2]),
  format: Schema.Literals(["messages", "summary", "markdown"]),
  budget: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 900 })),
  large: Schema.Literals([1, 1, 4, 20]),
  includeSystem: Schema.Boolean,
  includeTools: Schema.Boolean
})

const cases = Arbitrary.all({
  drafts: Arbitrary.array(draftArbitrary, { minLength: 0, maxLength: 14 }),
  how: Arbitrary.schema(how)
})

describe("a context within a budget", () => {
  it.prop(
    "never costs more, says each message once, and says whether anything is missing",
    { each: cases },
    ({ each: { drafts, how: asked } }) => {
      const budget = asked.budget * asked.large
      const { all, body, partial, tokens } = fitted(drafts, { ...asked, budget })
      assert.isTrue(tokens <= budget || (body.summary === null && tokens <= 4), `${tokens} of ${budget}`)
      const task = body.summary?.task ?? null
      const shown = [
        ...(task === null ? [] : [task]),
        ...(body.summary?.latestExchange.messages ?? []),
        ...body.messages
      ]
      assert.strictEqual(new Set(indices(shown)).size, shown.length)
      const conversation = asked.format === "summary" ? 0 : all.conversation.length
      const expected = (all.task === null ? 0 : 1) + all.exchange.length + conversation
      assert.strictEqual(body.omitted.messages, expected - shown.length)
      const isCut = shown.some(({ nextChar }) => nextChar !== null)
      assert.strictEqual(partial, isCut || Object.values(body.omitted).some((n) => n > 0))
      const transcript = transcriptOf(drafts)
      for (const { content, index, nextChar, role } of shown) {
        if (role === "tool_use" || role === "tool_result") continue
        assert.strictEqual(content, transcript.message(index).text.slice(0, nextChar ?? undefined))
      }
    },
    { arbitrary: { runs: 500, seed: 20261122 } }
  )

  const talk: ReadonlyArray<Draft> = [
    said("system", "You are an agent."),
    said("user", "<bash-input>ls</bash-input>"),
    said("user", "Fix the build."),
    said("assistant", "I look."),
    call("1", "Bash", { command: "make" }),
    result("1", "Exit code 2\nmake: *** [all] Error 1", true),
    said("assistant", "I went with an older compiler."),
    said("user", "Good. Now the tests."),
    call("2", "Bash", { command: ["bash", "-lc", "make test"] }),
    result("2", "ok"),
    call("3", "shell", { command: "sleep 9" }),
    said("assistant", "Half of them run."),
    said("assistant", "All of them run.\n- [ ] tidy up")
  ]

  it("has the first request, the latest exchange in full, and what was run and decided", () => {
    const { body, partial } = fitted(talk)
    assert.isFalse(partial)
    assert.strictEqual(summaryOf(body).task?.index, 3)
    assert.strictEqual(summaryOf(body).latestExchange.requestIndex, 8)
    assert.deepStrictEqual(indices(summaryOf(body).latestExchange.messages), [8, 12, 13])
    assert.deepStrictEqual(indices(body.messages), [2, 4, 7])
    assert.deepStrictEqual(summaryOf(body).decisions, [
      { index: 7, kind: "decided", text: "I went with an older compiler." }
    ])
    assert.deepStrictEqual(summaryOf(body).todos, [{ index: 13, status: "pending", text: "tidy up", from: "text" }])
    assert.deepStrictEqual(
      summaryOf(body).commands.map(({ command, exitCode, failed, index }) => [index, command, failed, exitCode]),
      [
        [5, "make", true, 2],
        [9, "make test", false, null],
        [11, "sleep 9", null, null]
      ]
    )
    assert.strictEqual(summaryOf(body).commands[0]?.outputEnd, "Exit code 2 make: *** [all] Error 1")
    assert.deepStrictEqual(body.commandCount, { total: 3, failed: 1 })
  })

  it("has what the tool said and what was called only when asked for", () => {
    const { body } = fitted(talk, { includeSystem: true, includeTools: true })
    assert.deepStrictEqual(indices(body.messages), [1, 2, 4, 5, 6, 7, 9, 10, 11])
  })

  it("does not repeat a request that is both the first and the latest", () => {
    const { body } = fitted([said("user", "Do it."), said("assistant", "Done.")])
    assert.strictEqual(summaryOf(body).task?.index, 1)
    assert.strictEqual(summaryOf(body).latestExchange.requestIndex, 1)
    assert.deepStrictEqual(indices(summaryOf(body).latestExchange.messages), [2])
  })

  it("of a session in which nobody asked ends with what was said last", () => {
    const { body } = fitted([said("assistant", "One."), said("assistant", "Two.")])
    assert.isNull(summaryOf(body).task)
    assert.isNull(summaryOf(body).latestExchange.requestIndex)
    assert.deepStrictEqual(indices(summaryOf(body).latestExchange.messages), [2])
    assert.deepStrictEqual(indices(body.messages), [1])
  })

  it("keeps the task and what was run beside an exchange that is too long, and cuts that", () => {
    const long = "word ".repeat(20_000)
    const { body, partial } = fitted([...talk.slice(0, 8), said("assistant", long)], { budget: 600 })
    assert.isTrue(partial)
    assert.strictEqual(summaryOf(body).task?.content, "Fix the build.")
    assert.lengthOf(summaryOf(body).commands, 1)
    const [request, answer] = summaryOf(body).latestExchange.messages as [MessageView, MessageView]
    assert.strictEqual(request.content, "Good. Now the tests.")
    assert.strictEqual(answer.contentChars, long.length)
    assert.isTrue(answer.nextChar !== null && answer.nextChar > 500)
    assert.strictEqual(answer.content, long.slice(0, answer.nextChar!))
  })

  it("drops the oldest of the conversation first, and the earliest commands", () => {
    const many = Array.from({ length: 60 }, (_, n) => [
      said("user", `Question ${n}?`),
      call(`c${n}`, "Bash", { command: `echo ${n}` }),
      result(`c${n}`, "ok"),
      said("assistant", `Answer ${n}.`)
    ]).flat()
    const { body } = fitted(many, { budget: 900 })
    const first = body.messages[0]!.index
    assert.isAbove(first, 2)
    assert.deepStrictEqual(
      indices(body.messages),
      indices(body.messages).toSorted((a, b) => a - b)
    )
    assert.strictEqual(body.messages.at(-1)?.index, 236)
    assert.strictEqual(summaryOf(body).commands.at(-1)?.command, "echo 59")
    assert.strictEqual(body.omitted.commands, 60 - summaryOf(body).commands.length)
    assert.strictEqual(body.omitted.messages, 118 - 1 - body.messages.length)
  })

  it("a result belongs to its own call only, whatever the order", () => {
    const { body } = fitted([
      said("user", "Both."),
      call("a", "Bash", { command: "one" }),
      call("b", "Bash", { command: "two" }),
      result("b", "bad", true),
      result("a", "fine")
    ])
    assert.deepStrictEqual(
      summaryOf(body).commands.map(({ failed }) => failed),
      [false, true]
    )
  })

  it("the list that the agent keeps counts as it was left, calls that failed apart", () => {
    const todo = (content: string, status = "pending") => ({ content, status })
    const { body } = fitted([
      said("user", "Plan it."),
      call("1", "TodoWrite", { todos: [todo("old")] }),
      result("1", "ok"),
      call("2", "TodoWrite", { todos: [todo("a", "completed"), todo("b", "in_progress"), todo("c")] }),
      result("2", "ok"),
      call("3", "TodoWrite", { todos: [] }),
      result("3", "no", true),
      said("assistant", "- [ ] c\n- [ ] d")
    ])
    assert.deepStrictEqual(
      summaryOf(body).todos.map(({ from, status, text }) => [text, status, from]),
      [
        ["b", "in_progress", "tool"],
        ["c", "pending", "tool"],
        ["d", "pending", "text"]
      ]
    )
  })
})
