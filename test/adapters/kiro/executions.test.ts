import { assert, it } from "@effect/vitest"
import { executionDrafts } from "../../../src/adapters/kiro/drafts-ide.ts"

const said = (execution: Readonly<Record<string, unknown>>) =>
  executionDrafts(execution, true, null).map(({ role, text }) => [role, text])

const expected = [
  ["user", "Count the forks"],
  ["assistant", "Nine."]
]

it("messages of an execution are found under every name that versions gave them", () => {
  const messages = [
    { role: "human", entries: ["Count the forks"] },
    { role: "bot", entries: ["Nine."] }
  ]
  for (const name of ["messages", "conversation", "chat", "transcript", "entries", "events"]) {
    assert.deepStrictEqual(said({ [name]: messages }), expected, name)
    assert.deepStrictEqual(said({ context: { [name]: messages } }), expected, `context.${name}`)
  }
  assert.deepStrictEqual(said({ prompt: "Count the forks", response: "Nine." }), expected)
  assert.deepStrictEqual(said({ executions: [{ executionId: "x" }], version: 2 }), [])
})
