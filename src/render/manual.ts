import { cellWidth, fit, type Paint, sanitize } from "./terminal.ts"

/** Wider than this, lines of prose are hard to follow. */
const widest = 100

interface Style {
  readonly paint: Paint
  /** Cells. */
  readonly width: number
}

/** Marks of a line of prose, as a terminal shows them. A backslash keeps a bar in a cell of a table. */
const plain = (text: string): string =>
  text
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/\*\*([^*]+)\*\*/g, "$1")
    .replace(/`([^`]+)`/g, "$1")
    .replaceAll("\\|", "|")

/** Words in lines of at most `width` cells; the first begins with `first`, the others with as much space. */
const wrap = (text: string, first: string, width: number): string => {
  const indent = " ".repeat(cellWidth(first))
  const lines: Array<string> = []
  let line = first
  let isEmpty = true
  for (const word of text.split(/\s+/)) {
    if (!isEmpty && cellWidth(line) + 1 + cellWidth(word) > width) {
      lines.push(line)
      line = indent
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line].map((one) => `${one}\n`).join("")
}

const cellsOf = (line: string): ReadonlyArray<string> =>
  line
    .replace(/^\||\|\s*$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => plain(cell.trim()))

/** Cells of the last column at least: narrower, it is broken all the same, and the line is longer than the terminal. */
const leastCells = 20

/** A table whose last column is wrapped: unlike data, a manual is read to its end. */
const table = (lines: ReadonlyArray<string>, { paint, width }: Style): string => {
  const [head, , ...rows] = lines.map(cellsOf)
  const last = head!.length - 1
  const widths = head!
    .slice(0, last)
    .map((title, at) => Math.max(cellWidth(title), ...rows.map((row) => cellWidth(row[at] ?? ""))))
  const leadOf = (row: ReadonlyArray<string>) => widths.map((cells, at) => `${fit(row[at] ?? "", cells)}  `).join("")
  const lead = widths.reduce((sum, cells) => sum + cells + 2, 0)
  const line = (row: ReadonlyArray<string>) =>
    wrap(row[last] ?? "", leadOf(row), Math.max(width, lead + leastCells)).replace(/ +$/gm, "")
  return paint.bold(line(head!).trimEnd()) + "\n" + rows.map(line).join("")
}

const listItem = /^(\s*)(-|\d+\.)\s+(.*)$/

/**
 * The markdown of our own manual as plain text for a terminal: headings, paragraphs, lists, tables and code blocks. It is
 * no markdown renderer: it knows what the manual uses.
 */
export const renderManual = (markdown: string, { paint, width }: Style): string => {
  const style = { paint, width: Math.min(widest, width) }
  const lines = markdown.trimEnd().split("\n")
  let text = ""
  let at = 0
  /** The lines from `at` on that go on as `test` says. */
  const take = (test: (line: string) => boolean): ReadonlyArray<string> => {
    const from = at
    while (at < lines.length && test(lines[at]!)) at++
    return lines.slice(from, at)
  }
  while (at < lines.length) {
    const line = lines[at]!
    const heading = /^(#+)\s+(.*)$/.exec(line)
    const item = listItem.exec(line)
    if (line.startsWith("```")) {
      at++
      const code = take((one) => !one.startsWith("```"))
      at++
      text += code.map((one) => `    ${sanitize(one)}`.trimEnd() + "\n").join("")
    } else if (heading !== null) {
      at++
      text += `${paint.bold(plain(heading[1] === "#" ? heading[2]!.toUpperCase() : heading[2]!))}\n`
    } else if (line.startsWith("|"))
      text += table(
        take((one) => one.startsWith("|")),
        style
      )
    else if (item !== null) {
      at++
      const more = take((one) => /^\s+\S/.test(one) && !listItem.test(one))
      text += wrap(plain([item[3]!, ...more].join(" ").trim()), `${item[1]!}${item[2]!} `, style.width)
    } else if (line.trim() === "") {
      at++
      text += "\n"
    } else {
      const paragraph = take((one) => one.trim() !== "" && !/^(#|```|\|)/.test(one) && !listItem.test(one))
      text += wrap(plain(paragraph.join(" ").trim()), "", style.width)
    }
  }
  return text
}
