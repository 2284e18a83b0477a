import type { Draft } from "../../domain/message.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { asObject, asText, asTime, type Json } from "../support/json.ts"
import { promptOf } from "./format.ts"

/** Characters of a prompt that the tool uses as a title. */
const titleChars = 200

/** Bytes from the end in which the tool looks for a title first; it appends its metadata again to keep it there. */
export const titleReach = 64 * 1024

export const customTitleFile = "custom-title.json"

interface Summary {
  readonly text: string
  readonly leafUuid: string
}

/**
 * Collects what the head of a session is made of. Records are told in file order, or from the end backwards: then the
 * first value seen is the last one of the file.
 */
export class HeadFacts {
  cwd: string | null = null
  relocated: string | null = null
  createdAt: number | null = null
  lastTime: number | null = null
  /** Undefined until a record says which branch, or that there is none. */
  branch: string | null | undefined = undefined
  model: string | null = null
  customTitle: string | null = null
  customTitleAt = -1
  aiTitle: string | null = null
  lastPrompt: string | null = null
  readonly summaries: Array<Summary> = []
  firstPrompt: string | null = null
  /** A slash command or the like: the first prompt of a session that has no better one. */
  standIn: string | null = null
  /** The session that these records name as theirs: the parent's, in a subagent's file. */
  sessionId: string | null = null
  /** The session that a copied line was taken from: `/branch` copies from the first line on, and marks each. */
  forkedFrom: string | null = null
  continuedIn: string | null = null
  /** Whether there is a message that is not the tool's own. */
  isShown = false
  readonly #backward: boolean
  readonly #readsSidechains: boolean

  constructor(readsSidechains: boolean, backward: boolean) {
    this.#readsSidechains = readsSidechains
    this.#backward = backward
  }

  /** Whether the records seen so far say everything that the end of a file can say. */
  get knowsEnd(): boolean {
    return this.lastTime !== null && this.model !== null && this.branch !== undefined
  }

  /** Whether they say where and when the session began, and that something was said; its agents name their parent. */
  get knowsBrief(): boolean {
    const isWarmUpTold = !this.#readsSidechains || (this.sessionId !== null && this.firstPrompt !== null)
    return this.cwd !== null && this.isShown && this.createdAt !== null && isWarmUpTold
  }

  /** Whether the records seen so far say everything that the beginning of a file can say. */
  get knowsStart(): boolean {
    return this.cwd !== null && this.firstPrompt !== null && this.createdAt !== null
  }

  /** The time of a record that is not told itself. */
  time(time: number | null, isChain: boolean): void {
    if (time === null) return
    this.createdAt = this.#earliest(this.createdAt, time)
    if (isChain && (!this.#backward || this.lastTime === null)) this.lastTime = time
  }

  /** A metadata record of the classes that make up the head, which begins at byte `offset`. */
  metadata(record: Json, offset: number): void {
    switch (record["type"]) {
      case "custom-title": {
        const title = asText(record["customTitle"])
        if (title === null || (this.#backward && this.customTitle !== null)) return
        this.customTitle = title
        this.customTitleAt = offset
        return
      }
      case "continued-in":
        this.continuedIn = this.#latest(this.continuedIn, asText(record["continuedInSessionId"]))
        return
      case "ai-title":
        this.aiTitle = this.#latest(this.aiTitle, asText(record["aiTitle"]))
        return
      case "last-prompt":
        this.lastPrompt = this.#latest(this.lastPrompt, asText(record["lastPrompt"]))
        return
      case "relocated":
        this.relocated = this.#latest(this.relocated, asText(record["relocatedCwd"]))
        return
      case "summary": {
        const text = asText(record["summary"])
        const leafUuid = asText(record["leafUuid"])
        if (text === null || leafUuid === null || this.summaries.length >= 1000) return
        if (this.#backward) this.summaries.unshift({ text, leafUuid })
        else this.summaries.push({ text, leafUuid })
      }
    }
  }

  /** A chain record and the messages made of it. */
  chain(record: Json, drafts: ReadonlyArray<Draft>): void {
    this.time(asTime(record["timestamp"]), true)
    this.sessionId = this.#earliest(this.sessionId, asText(record["sessionId"]))
    this.forkedFrom = this.#earliest(this.forkedFrom, asText(asObject(record["forkedFrom"])?.["sessionId"]))
    if (record["isSidechain"] === true && !this.#readsSidechains) return
    this.cwd = this.#earliest(this.cwd, asText(record["cwd"]))
    const type = record["type"]
    if (type === "attachment" || type === "progress") {
      if (drafts.length === 0) return
    } else if (typeof record["gitBranch"] === "string" && (!this.#backward || this.branch === undefined)) {
      this.branch = asText(record["gitBranch"])
    }
    if (type === "assistant") {
      const model = asText(asObject(record["message"])?.["model"])
      if (model !== null && model !== "<synthetic>") this.model = this.#latest(this.model, model)
    }
    if (drafts.some((draft) => draft.role !== "system")) this.isShown = true
    if (type === "assistant" || (this.firstPrompt !== null && !this.#backward)) return
    for (const draft of drafts) {
      if (draft.role !== "user" && draft.role !== "system") continue
      const prompt = promptOf(draft.text, draft.role === "user")
      if (prompt === null) continue
      if (prompt.standIn) this.standIn = this.#earliest(this.standIn, prompt.text)
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

/** A prompt as the tool shows it in one line. */
const asTitle = (prompt: string): string => {
  const line = prompt
    .slice(0, titleChars * 4)
    .replace(/\s+/g, " ")
    .trim()
  return line.length <= titleChars ? line : `${line.slice(0, titleChars).trim()}…`
}

const sidecarTitle = (entry: SessionEntry, textSync: (path: string) => string | null): string | null => {
  const path = entry.sidecars.find((sidecar) => sidecar.endsWith(`/${customTitleFile}`))
  if (path === undefined) return null
  try {
    return asText(asObject(JSON.parse(textSync(path) ?? "null"))?.["customTitle"])
  } catch {
    return null
  }
}

export interface HeadSources {
  readonly start: HeadFacts
  /** Facts of the end where they were collected apart, else the same. */
  readonly end: HeadFacts
  /** Whether a record of this session has this uuid: summaries at the top of old files are of other sessions. */
  readonly hasUuid: (uuid: string) => boolean
  readonly textSync: (path: string) => string | null
  /** No title is asked for: finding one costs more than all the rest. */
  readonly brief?: boolean
}

/** The tool's own order: newest custom title, the title's own file, an older custom title, then what it made up itself. */
const titleOf = (entry: SessionEntry, sources: HeadSources, firstPrompt: string | null): string | null => {
  const { end, start } = sources
  const custom = end.customTitle === null ? start : end
  if (custom.customTitle !== null && custom.customTitleAt >= entry.file.size - titleReach) return custom.customTitle
  const named = sidecarTitle(entry, sources.textSync) ?? custom.customTitle ?? end.aiTitle ?? start.aiTitle
  if (named !== null) return named
  const lastPrompt = end.lastPrompt ?? start.lastPrompt
  if (lastPrompt !== null) return asTitle(lastPrompt)
  const summaries = end === start ? start.summaries : [...start.summaries, ...end.summaries]
  const summary = summaries.findLast(({ leafUuid }) => sources.hasUuid(leafUuid))
  return summary?.text ?? (firstPrompt === null ? null : asTitle(firstPrompt))
}

/** A subagent that the tool starts only to fill a cache says this and nothing else. */
const warmUpPrompt = "Warmup"

const other = (entry: SessionEntry, id: string | null): string | null => (id === entry.id ? null : id)

export const toHead = (entry: SessionEntry, sources: HeadSources): SessionHead => {
  const { end, start } = sources
  const isSubagent = entry.kind === "subagent"
  const firstPrompt = start.firstPrompt ?? end.firstPrompt ?? start.standIn ?? end.standIn
  const isWarmUp = isSubagent && firstPrompt?.trim() === warmUpPrompt
  return {
    cwd: end.relocated ?? start.relocated ?? start.cwd ?? end.cwd,
    createdAt: start.createdAt ?? end.createdAt,
    updatedAt: end.lastTime ?? start.lastTime ?? entry.file.mtimeMs,
    isEmpty: isWarmUp || !(start.isShown || end.isShown),
    kind: entry.kind,
    parentId: entry.parentId ?? (isSubagent ? (start.sessionId ?? end.sessionId) : null),
    gitBranch: (end.branch === undefined ? start.branch : end.branch) ?? null,
    model: end.model ?? start.model,
    title: sources.brief === true ? null : titleOf(entry, sources, firstPrompt),
    firstPrompt,
    forkedFrom: other(entry, start.forkedFrom ?? end.forkedFrom),
    continuedIn: other(entry, end.continuedIn ?? start.continuedIn)
  }
}
