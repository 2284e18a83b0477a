import { assert, describe, it } from "@effect/vitest"
import { parseWorkspace, titleOf } from "../../../src/adapters/copilot/workspace.ts"

const nameOf = (lines: string): string | null => parseWorkspace(lines).name

describe("workspace.yaml", () => {
  it("plain values, times, nothing", () => {
    assert.deepStrictEqual(
      parseWorkspace(
        "id: x\r\ncwd: /srv/a b: c\nbranch: null\nname: Fix the typo\ncreated_at: 2026-11-01T10:00:00.000Z\nupdated_at: soon\n"
      ),
      {
        cwd: "/srv/a b: c",
        branch: null,
        name: "Fix the typo",
        createdAt: Date.UTC(2026, 10, 1, 10),
        updatedAt: null
      }
    )
    assert.deepStrictEqual(parseWorkspace(""), {
      cwd: null,
      branch: null,
      name: null,
      createdAt: null,
      updatedAt: null
    })
  })

  it("quoted names", () => {
    assert.strictEqual(nameOf("name: '# it''s a heading'\n"), "# it's a heading")
    assert.strictEqual(nameOf(String.raw`name: "\"a\" \\ b\nc\té\x21é\U0001F600\q"`), '"a" \\ b\nc\té!é😀q')
    assert.strictEqual(nameOf(String.raw`name: "\UFFFFFFFF"`), "\ufffd")
    assert.strictEqual(nameOf("name: 'one\n\n  two\n  three'\nuser_named: true\n"), "one\ntwo three")
  })

  it("block scalars", () => {
    assert.strictEqual(nameOf("name: |-\n  one\n    two\n\n  three\nuser_named: false\n"), "one\n  two\n\nthree")
    assert.strictEqual(nameOf("name: >-\n  one\n  two\n\n  three\n"), "one two\nthree")
    assert.strictEqual(nameOf("name: |-\nbranch: main\n"), null)
  })

  it("older files have a summary; lists and comments are passed over", () => {
    assert.strictEqual(nameOf("# x\n- y\nmcp:\n  - name: no\nsummary: Old name\n"), "Old name")
    assert.strictEqual(nameOf("name: ~\nsummary: ''\n"), null)
  })

  it("titles are one line", () => {
    assert.strictEqual(titleOf(parseWorkspace("name: |-\n  one\n  two\n"), "prompt"), "one two")
    assert.strictEqual(titleOf(parseWorkspace(""), "a\nprompt"), "a prompt")
    assert.isNull(titleOf(parseWorkspace(""), null))
  })
})
