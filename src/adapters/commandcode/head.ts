import type { Draft } from "../../domain/message.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { oneLine } from "../../domain/text.ts"
import { asObject, asText, asTime, type Json, parseJson } from "../support/json.ts"
import { classOf, idOfPath, promptOf, spokenOf, timeOf } from "./format.ts"

/** Characters of a prompt that stand for a title. */
const titleChars = 200

/**
 * Collects what the head of a session is made of. Records are told in file order, or from the end backwards: then the
 * first value seen is the last one of the file.
 */
export class HeadFacts {
  cwd: string | null = null
  createdAt: number | null = null
  lastTime: number | null = null
  model: string | null = null
  /** What the last `session_info` says: null takes a name away, undefined where there is none. */
  name: string | null | undefined = undefined
  branch: string | null = null
  firstPrompt: string | null = null
  /** A slash command: the first prompt of a session that has no better one. */
  standIn: string | null = null
  /** The id that the header says; that of the source in some copies. */
  headerId: string | null = null
  /** The id of the session whose file was copied. */
  parentSession: string | null = null
  /** Whether anybody but the tool said something. */
  isShown = false
  #hasHeader = false
  /** Whether there is a line of an older format, which has no cwd. */
  #isFlat = false
  readonly #backward: boolean

  constructor(backward: boolean) {
    this.#backward = backward
  }

  /** Whether the records seen so far say everything that the end of a file can say, but for a name. */
  get knowsEnd(): boolean {
    return this.lastTime !== null && (this.model !== null || this.#isFlat)
  }

  /** Whether the first records say where and when the session began, and that something was said. */
  get knowsBrief(): boolean {
    return (this.#hasHeader || this.#isFlat) && this.createdAt !== null && this.isShown
  }

  /** Whether the records seen so far say everything that the beginning of a file can say. */
  get knowsStart(): boolean {
    return this.knowsBrief && this.firstPrompt !== null
  }

  take(record: Json, drafts: ReadonlyArray<Draft>): void {
    const kind = classOf(record)
    if (kind === "unknown" || kind === "untyped") return
    const time = timeOf(record)
    if (time !== null) {
      this.createdAt = this.#earliest(this.createdAt, time)
      if (!this.#backward || this.lastTime === null) this.lastTime = time
    }
    if (kind === "header") return this.#header(record)
    if (kind === "flat") {
      this.#isFlat = true
      const branch = asText(record["gitBranch"])
      if (branch !== "-") this.branch = this.#earliest(this.branch, branch)
    }
    const type = record["type"]
    if (type === "model_change" || type === "message") {
      this.model = this.#latest(this.model, asText(record["model"]))
    } else if (type === "session_info" && (!this.#backward || this.name === undefined)) {
      this.name = asText(record["name"])
    }
    if (type !== "message" && kind !== "flat") return
    if (drafts.some(({ role }) => role !== "system")) this.isShown = true
    if (this.firstPrompt === null || this.#backward) this.#prompt(record, drafts)
  }

  #header(header: Json): void {
    if (this.#hasHeader && !this.#backward) return
    this.#hasHeader = true
    this.cwd = asText(header["cwd"])
    this.headerId = asText(header["id"])
    const parent = asText(header["parentSession"])
    this.parentSession = parent === null ? null : idOfPath(parent)
    this.createdAt = asTime(header["timestamp"]) ?? this.createdAt
  }

  #prompt(record: Json, drafts: ReadonlyArray<Draft>): void {
    const spoken = spokenOf(record)
    if (spoken === null || spoken.role !== "user") return
    // Some slash commands put their text into the conversation as if a human had said it, and mark it so.
    const isCommand = spoken.meta?.["isAutomated"] === true && spoken.meta["isMeta"] !== true
    for (const { role, text } of drafts) {
      if (role !== "user" && role !== "system") continue
      const prompt = promptOf(text, role === "user") ?? (isCommand ? promptOf(text, true) : null)
      if (prompt === null) continue
      if (role === "system") this.standIn = this.#earliest(this.standIn, prompt.text)
      else {
        this.firstPrompt = prompt.text
        return
      }
    }
  }

  #earliest<A>(known: A | null, found: A | null): A | null {
    return this.#backward ? (found ?? known) : (known ?? found)
  }

  #latest(known: string | null, found: string | null): string | null {
    return found === null || (this.#backward && known !== null) ? known : found
  }
}

/** What the tool keeps beside a session. */
export interface SessionMeta {
  readonly title: string | null
  readonly model: string | null
  readonly gitBranch: string | null
  readonly parentId: string | null
}

export const noMeta: SessionMeta = { title: null, model: null, gitBranch: null, parentId: null }

const metaBytes = 1024 * 1024

/** The session's `.meta.json`; nothing where there is none, or none that can be read. */
export const readMeta = (path: string, textSync: (path: string, limit: number) => string | null): SessionMeta => {
  try {
    const meta = asObject(parseJson(textSync(path, metaBytes) ?? ""))
    if (meta === null) return noMeta
    const branch = asText(meta["gitBranch"])
    return {
      title: asText(meta["title"]),
      model: asText(meta["model"]),
      gitBranch: branch === "-" ? null : branch,
      parentId: asText(meta["parentSessionId"])
    }
  } catch {
    return noMeta
  }
}

/** The session that this one is a copy of: as its meta file, its header or the id in a copied header says. */
export const forkedFrom = (entry: SessionEntry, start: HeadFacts, meta: SessionMeta): string | null =>
  [meta.parentId, start.parentSession, start.headerId].find((id) => id !== null && id !== entry.id) ?? null

/** `end` holds the facts of the end where they were collected apart, else it is the same. */
export const toHead = (entry: SessionEntry, start: HeadFacts, end: HeadFacts, meta: SessionMeta): SessionHead => {
  const firstPrompt = start.firstPrompt ?? end.firstPrompt ?? start.standIn ?? end.standIn
  const name = end.name === undefined ? start.name : end.name
  return {
    cwd: start.cwd ?? end.cwd,
    createdAt: start.createdAt ?? end.createdAt,
    updatedAt: end.lastTime ?? start.lastTime ?? entry.file.mtimeMs,
    isEmpty: !(start.isShown || end.isShown),
    kind: entry.kind,
    // A fork is a session of its own; `forkedFrom` names its source.
    parentId: null,
    gitBranch: meta.gitBranch ?? start.branch ?? end.branch,
    model: end.model ?? start.model ?? meta.model,
    title: name ?? meta.title ?? (firstPrompt === null ? null : oneLine(firstPrompt, titleChars)),
    firstPrompt,
    forkedFrom: forkedFrom(entry, start, meta)
  }
}
