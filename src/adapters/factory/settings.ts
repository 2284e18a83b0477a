import type { TokenUsage } from "../../domain/session.ts"
import type { StoreFiles } from "../../services/StoreFiles.ts"
import { asArray, asCount, asObject, asText, type Json, parseJson } from "../support/json.ts"
import { settingsPath } from "./format.ts"

/** What the file beside a transcript says of the session. */
export interface SessionSettings {
  readonly model: string | null
  readonly branch: string | null
  readonly tags: ReadonlySet<string>
  /** What the session itself spent; what its subagents spent is theirs. */
  readonly usage: TokenUsage | null
  /** Sessions that this one started, as far as they have spent tokens. */
  readonly children: ReadonlyArray<string>
}

const limitBytes = 4 * 1024 * 1024

const none: SessionSettings = { model: null, branch: null, tags: new Set(), usage: null, children: [] }

/** `inclusiveTokenUsage` counts subagents too, and `lastCallTokenUsage` is part of this. */
const usageOf = (value: unknown): TokenUsage | null => {
  const usage = asObject(value)
  if (usage === null) return null
  const count = (key: string) => asCount(usage[key]) ?? 0
  return {
    input: count("inputTokens"),
    output: count("outputTokens"),
    cacheRead: count("cacheReadTokens"),
    cacheCreation: count("cacheCreationTokens"),
    thinking: count("thinkingTokens")
  }
}

const settingsOf = (record: Json): SessionSettings => ({
  model: asText(record["model"]),
  branch: asText(asObject(record["worktree"])?.["branch"]),
  tags: new Set(asArray(record["tags"]).flatMap((tag) => asText(asObject(tag)?.["name"]) ?? [])),
  usage: usageOf(record["tokenUsage"]),
  children: Object.keys(asObject(record["childInclusiveTokenUsageBySessionId"]) ?? {})
})

const textAt = (files: StoreFiles["Service"], path: string): string => {
  try {
    return files.textSync(path, limitBytes) ?? ""
  } catch {
    return ""
  }
}

/** The settings of a transcript. Missing, unreadable or broken ones say nothing. */
export const readSettings = (files: StoreFiles["Service"], transcript: string): SessionSettings => {
  const record = asObject(parseJson(textAt(files, settingsPath(transcript))))
  return record === null ? none : settingsOf(record)
}

/** Whether the session was put into the archive: `archivedAt` is there as long as it is. */
export const readsArchived = (files: StoreFiles["Service"], transcript: string): boolean => {
  const text = textAt(files, settingsPath(transcript))
  return text.includes('"archivedAt"') && asText(asObject(parseJson(text))?.["archivedAt"]) !== null
}
