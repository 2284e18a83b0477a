import * as Effect from "effect/Effect"
import { didYouMean } from "../domain/choice.ts"
import { exitCodes } from "../domain/error-table.ts"
import { ConflictingFlags, InvalidArg, UsageError } from "../domain/errors.ts"
import { Redaction } from "../domain/redaction.ts"
import { type ExportFormat, exportFormats } from "../domain/results/export.ts"
import type { ExportResult } from "../domain/results.ts"
import { redactionText } from "../render/answers/export.ts"
import { warningLines } from "../render/answers/common.ts"
import { htmlDocument } from "../render/export/html.ts"
import { jsonDocument, jsonlDocument } from "../render/export/json.ts"
import { markdownDocument } from "../render/export/markdown.ts"
import type { Document, ExportSource } from "../render/export/source.ts"
import { makePaint } from "../render/terminal.ts"
import { AdapterRegistry } from "../services/AdapterRegistry.ts"
import { FileOutput } from "../services/FileOutput.ts"
import { Host } from "../services/Host.ts"
import { Invocation } from "../services/Invocation.ts"
import { Markdown } from "../services/Markdown.ts"
import { Output } from "../services/Output.ts"
import { Progress } from "../services/Progress.ts"
import { Redactor } from "../services/Redactor.ts"
import { type OpenSession, Sessions } from "../services/Sessions.ts"
import { Settings } from "../services/Settings.ts"
import { formatFor } from "./format.ts"
import { idArgument, sessionId } from "./session-id.ts"
import { defineCommand, type FlagSpecs } from "./spec.ts"
import { sourceName } from "./values.ts"

/** UTF-16 units that are put together before they are written. */
const pieceChars = 64 * 1024

/** Bytes of a document up to which an envelope may hold it: an envelope is made whole. */
const envelopeBytes = 16 * 1024 * 1024

const flags = {
  format: {
    value: "FORMAT",
    description: exportFormats.join(", "),
    default: "as the name of the file ends, else markdown"
  },
  out: {
    alias: "o",
    value: "FILE",
    description: "write this file, and answer with its path and size; - is stdout",
    default: "stdout: the document itself, in an envelope only if --output json or jsonl is asked for"
  },
  redact: { description: "take out secrets, by known patterns and names; always so for markdown and html" },
  "no-redact": { description: "leave everything in" },
  source: { alias: "s", value: "SOURCE", description: "the source, where an id is not unique" }
} as const satisfies FlagSpecs

const documents: { readonly [F in ExportFormat]: (source: ExportSource) => Document } = {
  markdown: markdownDocument,
  html: htmlDocument,
  json: jsonDocument,
  jsonl: jsonlDocument
}

const endings: Readonly<Record<string, ExportFormat>> = {
  md: "markdown",
  markdown: "markdown",
  html: "html",
  htm: "html",
  json: "json",
  jsonl: "jsonl",
  ndjson: "jsonl"
}

const formatOf = (typed: string | null, out: string | null): Effect.Effect<ExportFormat, UsageError> => {
  if (typed === null) {
    return Effect.succeed(endings[/\.([a-z]+)$/.exec((out ?? "").toLowerCase())?.[1] ?? ""] ?? "markdown")
  }
  const known = exportFormats.find((format) => format === typed)
  if (known !== undefined) return Effect.succeed(known)
  return Effect.fail(
    new UsageError({
      message: `--format is ${JSON.stringify(typed)}; it can be ${exportFormats.join(", ")}`,
      suggestion: "sessionr help export",
      argument: typed,
      did_you_mean: [
        ...didYouMean(typed, exportFormats, { md: "markdown", htm: "html", ndjson: "jsonl", text: "markdown" })
      ]
    })
  )
}

/** The next pieces of a document as one; null when there are no more. */
const gather = (document: Document): string | null => {
  const pieces: Array<string> = []
  for (let chars = 0; chars < pieceChars;) {
    const next = document.next()
    if (next.done === true) return pieces.length === 0 ? null : pieces.join("")
    pieces.push(next.value)
    chars += next.value.length
  }
  return pieces.join("")
}

/** Writes a document piece by piece: the next is made when the last has been taken, until `stop` says so. */
const pump = <E, R, R2>(
  document: Document,
  write: (piece: string) => Effect.Effect<void, E, R>,
  stop: Effect.Effect<boolean, never, R2>
) =>
  Effect.gen(function* () {
    while (!(yield* stop)) {
      const piece = yield* Effect.sync(() => gather(document))
      if (piece === null) return
      yield* write(piece)
    }
  })

const never = Effect.succeed(false)

/** What is printed or written, and how: everything that was typed, understood. */
interface Request {
  readonly id: string
  readonly source: string | null
  readonly format: ExportFormat
  /** Null is stdout. */
  readonly out: string | null
  readonly redact: boolean
}

const requestOf = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  typed: {
    readonly format: string | null
    readonly out: string | null
    readonly redact: boolean
    readonly "no-redact": boolean
    readonly source: string | null
  }
) {
  if (typed.redact && typed["no-redact"]) {
    return yield* new ConflictingFlags({
      message: "--redact and --no-redact exclude each other",
      flags: ["--redact", "--no-redact"]
    })
  }
  if (typed.out === "") {
    return yield* new UsageError({ message: "--out needs the name of a file", argument: "--out", did_you_mean: [] })
  }
  const format = yield* formatOf(typed.format, typed.out)
  return {
    id: yield* sessionId("export", args),
    source: yield* sourceName(typed.source),
    format,
    out: typed.out === "-" ? null : typed.out,
    redact: typed.redact || (!typed["no-redact"] && (format === "html" || format === "markdown"))
  } satisfies Request
})

/** The session as a document that is made while it is written. */
const documentOf = Effect.fnUntraced(function* (session: OpenSession, request: Request, shows: boolean) {
  const { version } = yield* Settings
  const progress = yield* Progress
  const redact = request.redact ? yield* (yield* Redactor).load : null
  const isProse = request.format === "html" || request.format === "markdown"
  const markdown = isProse ? yield* (yield* Markdown).load : { toHtml: String, contain: String }
  const { row, tool, transcript } = session
  const redaction = new Redaction(redact)
  const message = (index: number) => {
    if (shows) progress.update("messages", index, transcript.count)
    return transcript.message(index)
  }
  const again = new Redaction(redact)
  const source: ExportSource = {
    row,
    tool,
    version,
    redaction,
    again,
    markdown,
    transcript: Object.create(transcript, { message: { value: message } }) as typeof transcript
  }
  return { document: documents[request.format](source), redaction }
})

const toStdout = Effect.fnUntraced(function* (session: OpenSession, request: Request) {
  const output = yield* Output
  const { color, stdoutIsTerminal } = yield* Invocation
  const { columns } = yield* Host
  const { document, redaction } = yield* documentOf(session, request, !stdoutIsTerminal)
  yield* session.reading(pump(document, output.stdout, output.closed))
  const style = { paint: makePaint(color), width: columns }
  yield* output.stderr(`${redactionText(redaction.isOn, redaction.counts)}\n${warningLines(session.warnings, style)}`)
  return exitCodes.OK
})

const asContent = Effect.fnUntraced(function* (session: OpenSession, request: Request) {
  const { document, redaction } = yield* documentOf(session, request, true)
  const pieces: Array<string> = []
  const encoder = new TextEncoder()
  let bytes = 0
  const keep = (piece: string) =>
    Effect.suspend(() => {
      bytes += encoder.encode(piece).length
      pieces.push(piece)
      if (bytes <= envelopeBytes) return Effect.void
      const name = `${session.row.shortId}.${request.format === "markdown" ? "md" : request.format}`
      return Effect.fail(
        new InvalidArg({
          message: `the document is larger than the ${envelopeBytes} bytes that an envelope may hold; name a file with -o`,
          suggestion: session.commandLine("export", ["--format", request.format, "-o", name]),
          argument: "--output",
          value: "json",
          min: null,
          max: envelopeBytes
        })
      )
    })
  yield* session.reading(pump(document, keep, never))
  return { bytes, redaction, content: pieces.join("") }
})

const toFile = Effect.fnUntraced(function* (session: OpenSession, request: Request, out: string) {
  const { adapters, dataHost } = yield* AdapterRegistry
  const files = yield* FileOutput
  const stores = adapters.flatMap((adapter) => adapter.roots(dataHost))
  const { document, redaction } = yield* documentOf(session, request, true)
  const written = yield* files.write(out, stores, (write) => session.reading(pump(document, write, never)))
  return { ...written, redaction, content: null }
})

/** `export`: a session as a document. */
export const exportCommand = defineCommand({
  name: "export",
  summary: "Write a session as a document: markdown, html, json or jsonl",
  description:
    "Every message in full. The document goes to stdout as it is, or to a file with -o; asked for --output json or jsonl " +
    "without -o, the answer is an envelope with the document in content (at most 16 MiB). html is one file without scripts " +
    "that fetches nothing. Redaction is by known patterns and names and can miss a secret: look before you share.",
  args: [idArgument],
  flags,
  examples: [
    { command: "sessionr export 135e0b78 -o session.html", description: "a page to share, secrets taken out" },
    { command: "sessionr export 135e0b78 > session.md", description: "Markdown" },
    { command: "sessionr export 135e0b78 --format jsonl", description: "a message a line, for jq" },
    { command: "sessionr export 135e0b78 --format json --redact -o session.json", description: "for a program" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND],
  isDocument: (words) => {
    const out = words.findLast((word) => word.startsWith("--out="))
    return out === undefined || out === "--out=-"
  },
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const request = yield* requestOf(args, typed)
    const sessions = yield* Sessions
    const session = yield* sessions.open(request.id, request.source)
    const { out } = request
    const format = formatFor(yield* Invocation, "export", true)
    if (out === null && format !== "json" && format !== "jsonl") return yield* toStdout(session, request)
    const { bytes, content, redaction, ...written } =
      out === null ? { path: null, ...(yield* asContent(session, request)) } : yield* toFile(session, request, out)
    const result: ExportResult = {
      _tag: "export",
      sessionId: session.row.id,
      source: session.row.source,
      path: written.path,
      format: request.format,
      bytes,
      messages: session.transcript.count,
      redacted: redaction.isOn,
      redactions: redaction.counts,
      content,
      warnings: session.warnings,
      actions: session.actions
    }
    return { result, exitCode: exitCodes.OK }
  })
})
