import { assert, describe, it } from "@effect/vitest"
import { bar, compact, renderBars } from "../../src/render/bars.ts"
import { makePaint } from "../../src/render/terminal.ts"

describe("bars", () => {
  it("are as long as their share, to an eighth of a cell; what is not nothing can be seen", () => {
    assert.strictEqual(bar(1, 4), "████")
    assert.strictEqual(bar(0.5, 3), "█▌")
    assert.strictEqual(bar(0.0001, 10), "▏")
    assert.strictEqual(bar(0, 10), "")
    assert.strictEqual(bar(7, 2), "██")
  })

  it("use what the columns leave of the terminal, and go where that is nothing", () => {
    const rows = [
      { cells: ["claude", "12"], value: 12 },
      { cells: ["x\u001b[31m", "3"], value: 3 }
    ]
    const columns = [
      { title: "SOURCE", max: 10 },
      { title: "N", max: 4 }
    ]
    const style = { paint: makePaint(false), width: 30 }
    // Six and two cells, and two behind each; the escape is shown, not sent.
    assert.strictEqual(
      renderBars(columns, rows, style),
      `SOURCE  N\nclaude  12  ${"█".repeat(18)}\nx␛[31m  3   ${"█".repeat(4)}▌\n`
    )
    assert.strictEqual(renderBars(columns, rows, { ...style, width: 15 }), "SOURCE  N\nclaude  12\nx␛[31m  3\n")
    const nothing = rows.map((row) => ({ ...row, value: 0 }))
    assert.notInclude(renderBars(columns, nothing, style), "█")
  })
})

describe("compact counts", () => {
  it("have three digits at most, and their unit", () => {
    const cases: ReadonlyArray<readonly [number, string]> = [
      [0, "0"],
      [999, "999"],
      [1000, "1k"],
      [12_345, "12.3k"],
      [99_960, "100k"],
      [999_499, "999k"],
      [999_500, "1M"],
      [2_200_000_000, "2.2G"]
    ]
    for (const [count, text] of cases) assert.strictEqual(compact(count), text)
  })
})
