import { cutText } from "../../domain/text.ts"
import { asObject, asText, type Json } from "../support/json.ts"
import { timeOf } from "./format.ts"

/** What the first line of a transcript says. */
export interface Header {
  /** The newest folder of the session, else the one that it began in. */
  readonly cwd: string | null
  /** Whether the session ever changed its folder: paths that it names relatively are then of either. */
  readonly moved: boolean
  readonly createdAt: number | null
  readonly title: string | null
  /** The session that this one was forked or derived from. */
  readonly parent: string | null
  /** Present, even as null, in what `--fork` and `/fork` made. */
  readonly isFork: boolean
  /** The session, and the tool call in it, that started this one. */
  readonly callingSessionId: string | null
  readonly callingToolUseId: string | null
  readonly isWorker: boolean
  readonly isOrchestrator: boolean
}

/** Characters that the tool keeps of a title, and of a prompt that becomes one. */
const titleChars = 500
const promptChars = 150

const placeholders: ReadonlySet<string> = new Set(["", "new session", "generating title…", "untitled"])

/** A name that the tool gave because it had no better one yet; forks put `[Fork]` before it. */
const isPlaceholder = (title: string): boolean =>
  placeholders.has(
    title
      .replace(/^(?:\s*\[Fork\])+/i, "")
      .trim()
      .toLowerCase()
  )

/** `sessionTitle` is the older name, and wins where it is not empty. */
const titleIn = (record: Json): string | null => {
  const title = asText(record["sessionTitle"]) ?? asText(record["title"])
  if (title === null || (record["isSessionTitleManuallySet"] !== true && isPlaceholder(title))) return null
  return cutText(title.trim(), titleChars)
}

/** A `session_start` record. Versions of 2025 kept their facts below `session` or called them otherwise. */
export const headerOf = (record: Json): Header => {
  const session = asObject(record["session"]) ?? {}
  const text = (key: string) => asText(record[key]) ?? asText(session[key])
  const start = text("cwd") ?? text("workspace_root")
  const last = text("lastCwd")
  return {
    cwd: last ?? start,
    moved: last !== null && start !== null && last !== start,
    createdAt: timeOf(record["timestamp"]) ?? timeOf(record["created_at"]) ?? timeOf(session["created_at"]),
    title: titleIn(record) ?? titleIn(session),
    parent: text("parent"),
    isFork: "forkedAtMessageId" in record,
    callingSessionId: text("callingSessionId"),
    callingToolUseId: text("callingToolUseId"),
    isWorker: record["decompSessionType"] === "worker",
    isOrchestrator: record["decompSessionType"] === "orchestrator"
  }
}

/** The title that the tool makes of the first prompt while the session has only a placeholder for one. */
export const titleOfPrompt = (prompt: string): string | null => {
  const line = prompt
    .slice(0, 8192)
    .replace(/<\[SYSTEM\][^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim()
  if (line === "" || isPlaceholder(line)) return null
  return line.length <= promptChars ? line : `${cutText(line, promptChars)}...`
}
