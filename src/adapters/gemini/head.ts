import type { Draft } from "../../domain/message.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { asArray, asObject, asText, asTime, type Json } from "../support/json.ts"
import { isCommand } from "./format.ts"

/** Characters of a prompt that serve as a title. */
const titleChars = 200

/** Paths that are tried against the hash of a project. */
const pathLimit = 50

/** Collects what the head of a session is made of, from records in file order. */
export class HeadFacts {
  createdAt: number | null = null
  updatedAt: number | null = null
  lastTime: number | null = null
  kind: string | null = null
  projectHash: string | null = null
  directory: string | null = null
  model: string | null = null
  summary: string | null = null
  firstPrompt: string | null = null
  /** A command: the first prompt of a session that has no better one. */
  standIn: string | null = null
  /** Whether there is a message that is not the tool's own, ever taken back or not. */
  isSpoken = false
  /** Absolute paths that calls of tools name: the project is above some of them. */
  readonly paths = new Set<string>()

  get prompt(): string | null {
    return this.firstPrompt ?? this.standIn
  }

  metadata(fields: Json): void {
    this.createdAt ??= asTime(fields["startTime"])
    this.updatedAt = asTime(fields["lastUpdated"]) ?? this.updatedAt
    this.kind ??= asText(fields["kind"])
    this.projectHash ??= asText(fields["projectHash"])
    this.directory ??= asText(asArray(fields["directories"])[0])
    this.summary = asText(fields["summary"]) ?? this.summary
  }

  message(message: Json, drafts: ReadonlyArray<Draft> | null): void {
    this.lastTime = asTime(message["timestamp"]) ?? this.lastTime
    if (message["type"] === "gemini") {
      this.model = asText(message["model"]) ?? this.model
      if (this.paths.size < pathLimit) for (const call of asArray(message["toolCalls"])) this.#paths(asObject(call))
    }
    for (const { role, text } of drafts ?? []) {
      if (role !== "system") this.isSpoken = true
      if (role !== "user" || this.firstPrompt !== null || text.trim() === "") continue
      if (isCommand(text)) this.standIn ??= text
      else this.firstPrompt = text
    }
  }

  #paths(call: Json | null): void {
    const display = asObject(call?.["resultDisplay"])?.["filePath"]
    for (const value of [display, ...Object.values(asObject(call?.["args"]) ?? {})]) {
      if (typeof value === "string" && value.length < 1024 && /^(\/|[A-Za-z]:\\)/.test(value)) this.paths.add(value)
    }
  }
}

/** A prompt as one line. */
const asTitle = (prompt: string): string => {
  const line = prompt
    .slice(0, titleChars * 4)
    .replace(/\s+/g, " ")
    .trim()
  return line.length <= titleChars ? line : `${line.slice(0, titleChars).trim()}…`
}

export interface HeadParts {
  readonly start: HeadFacts
  /** Facts of the end where they were collected apart, else the same. */
  readonly end: HeadFacts
  readonly cwd: string | null
  readonly isSpoken: boolean
}

export const toHead = (entry: SessionEntry, { cwd, end, isSpoken, start }: HeadParts): SessionHead => {
  const firstPrompt = start.firstPrompt ?? end.firstPrompt ?? start.standIn ?? end.standIn
  return {
    cwd,
    createdAt: start.createdAt ?? end.createdAt,
    updatedAt: end.updatedAt ?? end.lastTime ?? start.updatedAt ?? start.lastTime ?? Math.floor(entry.file.mtimeMs),
    isEmpty: !isSpoken,
    kind: entry.kind === "subagent" || start.kind === "subagent" ? "subagent" : "session",
    parentId: entry.parentId,
    gitBranch: null,
    model: end.model ?? start.model,
    // The tool's own order: what its model made of the session, then the first prompt that is no command.
    title: end.summary ?? start.summary ?? (firstPrompt === null ? null : asTitle(firstPrompt)),
    firstPrompt
  }
}
