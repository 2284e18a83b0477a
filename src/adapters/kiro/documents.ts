import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import type { FileStat } from "../../domain/session.ts"
import type { StoreServices } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { asText, type Json, type SkipCounter } from "../support/json.ts"
import { readConversation } from "./database.ts"
import { conversationDrafts } from "./drafts-database.ts"
import { chatDrafts, executionDrafts, historyItems } from "./drafts-ide.ts"
import { documentLimit, type ExecutionFiles, type ExecutionIndex, type KiroEntry, objectIn, timeOf } from "./format.ts"

/** A JSON document, null where the file holds no object. Fails for one that is too large or cannot be read. */
export const readDocument = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<Json | null, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const stat = yield* files.stat(path)
  if (stat === null) return yield* new FileError({ path, reason: "the file has gone" })
  if (stat.size > documentLimit) return yield* new FileError({ path, reason: "the document is larger than 256 MB" })
  return yield* Effect.try({
    try: () => objectIn(files.textSync(path, documentLimit)?.replace(/^\ufeff/, "")),
    catch: (cause) =>
      cause instanceof FileError
        ? cause
        : new FileError({ path, reason: cause instanceof Error ? cause.message : String(cause) })
  })
})

const lookBytes = 4096

const keyIn = (text: string, name: string): string | null =>
  new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,200})"`).exec(text)?.[1] ?? null

const indexOf = Effect.fnUntraced(function* ({ files: all }: ExecutionFiles) {
  const files = yield* StoreFiles
  const byExecution = new Map<string, FileStat>()
  const bySession = new Map<string, Array<FileStat>>()
  for (const file of all) {
    const look = yield* files
      .ends(file.path, { head: lookBytes, tail: lookBytes }, ({ head, tail }) => ({
        head: decodeRange(head, 0, head.length),
        tail: decodeRange(tail, 0, tail.length)
      }))
      .pipe(Effect.catch(() => Effect.succeed({ head: "", tail: "" })))
    // A list of executions, which has no content.
    if (/^\s*\{\s*"(?:executions|version)"/.test(look.head)) continue
    const execution = keyIn(look.head, "executionId") ?? keyIn(look.tail, "executionId")
    const session = keyIn(look.head, "chatSessionId") ?? keyIn(look.tail, "chatSessionId")
    if (execution !== null) {
      const known = byExecution.get(execution)
      if (known === undefined || file.mtimeNs > known.mtimeNs) byExecution.set(execution, file)
    }
    if (session !== null) bySession.set(session, [...(bySession.get(session) ?? []), file])
  }
  return { byExecution, bySession } satisfies ExecutionIndex
})

const indexFor = Effect.fnUntraced(function* (entry: KiroEntry): Effect.fn.Return<ExecutionIndex, never, StoreFiles> {
  if (entry.executions === null) return { byExecution: new Map(), bySession: new Map() }
  return (entry.executions.index ??= yield* indexOf(entry.executions))
})

/** Files of the executions of a session: those that its history names, and those that name the session. */
export const executionsOf = Effect.fnUntraced(function* (
  entry: KiroEntry
): Effect.fn.Return<ReadonlyArray<string>, FileError, StoreFiles> {
  const document = yield* readDocument(entry.file.path)
  const { byExecution, bySession } = yield* indexFor(entry)
  const named = historyItems(document ?? {}, null).flatMap(({ executionId }) =>
    executionId === null ? [] : (byExecution.get(executionId) ?? [])
  )
  return Array.from(new Set([...named, ...(bySession.get(entry.id) ?? [])].map(({ path }) => path)))
})

/** Those of them that no other session claims. */
export const executionsOfAlone = Effect.fnUntraced(function* (
  entry: KiroEntry
): Effect.fn.Return<ReadonlyArray<string>, FileError, StoreServices> {
  const own = yield* executionsOf(entry)
  const { bySession } = yield* indexFor(entry)
  const others = new Set(
    Array.from(bySession).flatMap(([session, files]) => (session === entry.id ? [] : files.map(({ path }) => path)))
  )
  return own.filter((path) => !others.has(path))
})

/** Takes a draft, the `part`-th of the document number `unit`. */
export type OnDraft = (draft: Draft, unit: number, part: number) => void

/** What of a document has to be known to make its drafts again: 0 is the session's own, others are executions. */
interface Execution {
  readonly path: string
  readonly withPrompt: boolean
}

/** Reads the documents of one session, and single ones of them again. */
export class DocumentReader {
  readonly #entry: KiroEntry
  /** By unit; the first is the session itself. */
  readonly #executions: Array<Execution | null> = [null]

  constructor(entry: KiroEntry) {
    this.#entry = entry
  }

  /** Every draft in the order of the conversation. */
  each(skipped: SkipCounter, onDraft: OnDraft): Effect.Effect<void, FileError, StoreServices> {
    if (this.#entry.generation === "ide") return this.#eachOfIde(skipped, onDraft)
    return Effect.map(this.#own(skipped), (drafts) => {
      for (const [part, draft] of drafts.entries()) onDraft(draft, 0, part)
    })
  }

  /** The drafts of one document once more. */
  again(unit: number): Effect.Effect<ReadonlyArray<Draft>, FileError, StoreServices> {
    const execution = this.#executions[unit] ?? null
    if (execution === null) return this.#own(null)
    return Effect.map(readDocument(execution.path), (document) =>
      document === null ? [] : executionDrafts(document, execution.withPrompt, null)
    )
  }

  #own(skipped: SkipCounter | null): Effect.Effect<ReadonlyArray<Draft>, FileError, StoreServices> {
    const { file, generation } = this.#entry
    const document: Effect.Effect<Json | null, FileError, StoreServices> =
      generation === "database" ? readConversation(this.#entry) : readDocument(file.path)
    return Effect.map(document, (json): ReadonlyArray<Draft> => {
      if (json === null) {
        skipped?.add("document that is no JSON object")
        return []
      }
      if (generation === "database") return conversationDrafts(json, skipped)
      return generation === "chat"
        ? chatDrafts(json, skipped)
        : historyItems(json, skipped).flatMap(({ drafts }) => drafts)
    })
  }

  #eachOfIde = Effect.fnUntraced(function* (
    this: DocumentReader,
    skipped: SkipCounter,
    onDraft: OnDraft
  ): Effect.fn.Return<void, FileError, StoreFiles> {
    const entry = this.#entry
    const document = yield* readDocument(entry.file.path)
    if (document === null) skipped.add("document that is no JSON object")
    const items = historyItems(document ?? {}, skipped)
    const { byExecution, bySession } = yield* indexFor(entry)
    const lastItem = new Map(items.map(({ executionId }, at) => [executionId, at]))
    const said = new Set(items.flatMap(({ drafts }) => drafts.map(({ text }) => text)))
    const used = new Set<string>()
    let part = 0
    for (const [at, { drafts, executionId }] of items.entries()) {
      for (const draft of drafts) onDraft(draft, 0, part++)
      const file = executionId === null || lastItem.get(executionId) !== at ? undefined : byExecution.get(executionId)
      if (file === undefined) continue
      used.add(file.path)
      yield* this.#execution(file.path, false, new Set(drafts.map(({ text }) => text)), skipped, onDraft)
    }
    const rest: Array<{ readonly path: string; readonly time: number }> = []
    for (const { path } of bySession.get(entry.id) ?? []) {
      if (used.has(path)) continue
      const execution = yield* readDocument(path).pipe(Effect.catch(() => Effect.succeed(null)))
      if (asText(execution?.["chatSessionId"]) !== entry.id) continue
      rest.push({ path, time: timeOf(execution?.["startTime"]) ?? Infinity })
    }
    rest.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.path < b.path ? -1 : 1))
    for (const { path } of rest) yield* this.#execution(path, true, said, skipped, onDraft)
  })

  /** An execution's drafts, without what the document has said itself. */
  #execution = Effect.fnUntraced(function* (
    this: DocumentReader,
    path: string,
    withPrompt: boolean,
    said: ReadonlySet<string>,
    skipped: SkipCounter,
    onDraft: OnDraft
  ): Effect.fn.Return<void, never, StoreFiles> {
    const document = yield* readDocument(path).pipe(Effect.catch(() => Effect.succeed(null)))
    if (document === null || asText(document["executionId"]) === null) {
      skipped.add("execution that cannot be read")
      return
    }
    const unit = this.#executions.push({ path, withPrompt }) - 1
    for (const [part, draft] of executionDrafts(document, withPrompt, skipped).entries()) {
      const isSpeech = draft.role === "user" || draft.role === "assistant"
      if (!isSpeech || !said.has(draft.text)) onDraft(draft, unit, part)
    }
  })
}
