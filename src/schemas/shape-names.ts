/** Everything that is printed as JSON, by the name that `sessionr schema` knows it by. */
export const shapeNames = [
  "list",
  "search",
  "read",
  "unchanged",
  "context",
  "diff",
  "info",
  "stats",
  "export",
  "tag",
  "totals",
  "tree",
  "prune",
  "pruned",
  "restored",
  "trash",
  "doctor",
  "sources",
  "names",
  "send",
  "dry-run",
  "job",
  "jobs",
  "help",
  "schema",
  "completions",
  "docs",
  "topic",
  "version",
  "error"
] as const

export type ShapeName = (typeof shapeNames)[number]

export type LineShape = Exclude<ShapeName, "error">

/** Answers that are printed line by line under `--output jsonl`; an error is one line, its envelope. */
export const lineShapes = shapeNames.filter((name): name is LineShape => name !== "error")

/** All names that `sessionr schema` knows. */
export const schemaNames: ReadonlyArray<string> = [
  ...shapeNames,
  ...lineShapes.map((name) => `${name}-line`),
  "batch-line",
  "end-line",
  "export-document",
  "export-document-line"
]
