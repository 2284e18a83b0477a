/**
 * Control characters, bidi overrides and other invisible steering made visible: nothing that a session contains reaches
 * a terminal raw. Line feeds and tabs stay; a carriage return before a line feed goes.
 */
export const sanitize = (text: string): string =>
  text.replaceAll("\r\n", "\n").replace(
    // C0 but tab and line feed, DEL, C1, soft hyphen is harmless; bidi marks and isolates, line separators, BOM, tags.
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu,
    visible
  )

const visible = (character: string): string => {
  const code = character.codePointAt(0)!
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return "\u2421"
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`
}

/** One line: as `sanitize`, with white space runs as one space. */
export const sanitizeLine = (text: string): string => sanitize(text.replace(/\s+/gu, " ").trim())

export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly role: (role: string, text: string) => string
  readonly error: (text: string) => string
}

const wrap =
  (code: string, color: boolean) =>
  (text: string): string =>
    color && text !== "" ? `\u001b[${code}m${text}\u001b[0m` : text

const roleColors: Readonly<Record<string, string>> = {
  user: "32",
  assistant: "36",
  system: "2",
  tool_use: "33",
  tool_result: "35"
}

/** Colours, or none. Meaning never depends on them. */
export const makePaint = (color: boolean): Paint => ({
  bold: wrap("1", color),
  dim: wrap("2", color),
  role: (role, text) => wrap(roleColors[role] ?? "0", color)(text),
  error: wrap("31", color)
})

/** Width of a text in terminal cells: East Asian wide characters and emoji take two, combining marks none. */
export const cellWidth = (text: string): number => {
  let width = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code < 0x300) width++
    else if (/\p{M}|\u200d|\ufe0f/u.test(character)) continue
    else
      width +=
        /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}|[\u{20000}-\u{3fffd}]/u.test(
          character
        )
          ? 2
          : 1
  }
  return width
}

/** A text cut or padded to exactly `width` cells. */
export const fit = (text: string, width: number): string => {
  let used = 0
  let shown = ""
  for (const character of text) {
    const cells = cellWidth(character)
    if (used + cells > width) {
      while (used > width - 1) {
        const last = Array.from(shown).at(-1) ?? ""
        shown = shown.slice(0, shown.length - last.length)
        used -= cellWidth(last)
        if (last === "") break
      }
      return `${shown}…${" ".repeat(Math.max(0, width - used - 1))}`
    }
    shown += character
    used += cells
  }
  return shown + " ".repeat(width - used)
}

export interface Column {
  readonly title: string
  /** Cells at least; a column without a `max` takes what is left of the terminal. */
  readonly max?: number
}

/** Rows as a table of at most `columns` cells; every cell is sanitized. */
export const renderTable = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
  width: number,
  paint: Paint
): string => {
  const cells = rows.map((row) => row.map(sanitizeLine))
  const natural = columns.map(({ max, title }, at) =>
    Math.min(max ?? Infinity, Math.max(cellWidth(title), ...cells.map((row) => cellWidth(row[at] ?? ""))))
  )
  const fixed = natural.reduce((sum, cell, at) => sum + (columns[at]!.max === undefined ? 0 : cell), 0)
  const open = columns.filter(({ max }) => max === undefined).length
  const left = Math.max(12 * open, width - fixed - 2 * (columns.length - 1))
  const widths = natural.map((cell, at) =>
    columns[at]!.max === undefined ? Math.min(cell, Math.floor(left / open)) : cell
  )
  const line = (row: ReadonlyArray<string>) =>
    row
      .map((cell, at) => fit(cell, widths[at]!))
      .join("  ")
      .trimEnd()
  return [paint.bold(line(columns.map(({ title }) => title))), ...cells.map(line)].map((row) => `${row}\n`).join("")
}
