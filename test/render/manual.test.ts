import { assert, describe, it } from "@effect/vitest"
import { renderManual } from "../../src/render/manual.ts"
import { cellWidth, makePaint } from "../../src/render/terminal.ts"

const style = { paint: makePaint(false), width: 40 }

describe("the manual on a terminal", () => {
  it("has no marks, wraps prose and lists, and leaves code as it is", () => {
    const page = [
      "# Some `title`",
      "",
      "A paragraph with **bold** and [a link](https://example.com) that goes on",
      "over two lines.",
      "",
      "- one item that is longer than the terminal is wide,",
      "  on two lines",
      "- two",
      "",
      "```sh",
      "sessionr read ID --anchor tail --tokens 2000 # not wrapped",
      "```",
      ""
    ].join("\n")
    assert.strictEqual(
      renderManual(page, style),
      [
        "SOME TITLE",
        "",
        "A paragraph with bold and a link that",
        "goes on over two lines.",
        "",
        "- one item that is longer than the",
        "  terminal is wide, on two lines",
        "- two",
        "",
        "    sessionr read ID --anchor tail --tokens 2000 # not wrapped",
        ""
      ].join("\n")
    )
  })

  it("loses no word of a table: its last column is wrapped", () => {
    const page = "| code | when |\n|---|---|\n| `A\\|B` | something that is said in more words than fit |\n| C | - |\n"
    const text = renderManual(page, style)
    assert.strictEqual(text, "code  when\nA|B   something that is said in more\n      words than fit\nC     -\n")
    assert.isTrue(text.split("\n").every((line) => cellWidth(line) <= style.width))
  })
})
