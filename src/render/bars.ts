import { cellWidth, type Column, type Paint, renderTable, sanitizeLine } from "./terminal.ts"

/** Blocks of an eighth to seven eighths of a cell. */
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

/** A bar of `share` (0 to 1) of `cells` cells; whatever is more than nothing can be seen. */
export const bar = (share: number, cells: number): string => {
  const size = Math.round(Math.min(1, Math.max(0, share)) * cells * 8)
  const shown = size === 0 && share > 0 ? 1 : size
  return "█".repeat(shown >> 3) + eighths[shown & 7]!
}

/** A count as people read it at a glance: `950`, `12.3k`, `4.5M`. */
export const compact = (count: number): string => {
  const units = ["", "k", "M", "G", "T"]
  let value = count
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  if (unit === 0) return String(Math.round(value))
  return `${value < 99.95 ? value.toFixed(1).replace(/\.0$/, "") : value.toFixed(0)}${units[unit]}`
}

export interface BarRow {
  readonly cells: ReadonlyArray<string>
  readonly value: number
}

/** Below this many cells a bar says nothing. */
const leastCells = 6

/** A table whose rows end in bars, scaled to the largest value and to what the terminal leaves beside the columns. */
export const renderBars = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<BarRow>,
  style: { readonly paint: Paint; readonly width: number }
): string => {
  const taken = columns.reduce((sum, { max = Infinity, title }, at) => {
    const widest = Math.max(cellWidth(title), ...rows.map(({ cells }) => cellWidth(sanitizeLine(cells[at] ?? ""))))
    return sum + Math.min(max, widest) + 2
  }, 0)
  const cells = style.width - taken
  const most = Math.max(...rows.map(({ value }) => value))
  const withBars = cells >= leastCells && most > 0
  return renderTable(
    withBars ? [...columns, { title: "", max: cells }] : columns,
    rows.map((row) => (withBars ? [...row.cells, bar(row.value / most, cells)] : row.cells)),
    style.width,
    style.paint
  )
}
