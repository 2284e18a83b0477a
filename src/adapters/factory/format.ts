import { asTime, asText, type Json } from "../support/json.ts"

/**
 * The records of Factory Droid transcripts, as its versions up to 0.225 write them: one JSON object per line, the first
 * one a `session_start`, which is the only line that is ever rewritten.
 */

/** Facts about the session, the state of the plan and the ends of turns: records that say nothing a reader would miss. */
export const silentTypes: ReadonlySet<string> = new Set(["agent_turn_outcome", "session_start", "todo_state"])

/** The largest distance from the epoch that a date can have, in milliseconds. */
const timeLimit = 8.64e15

/** A time as ISO text or, as the tool's own schema also allows, in milliseconds since the epoch. */
export const timeOf = (value: unknown): number | null =>
  typeof value === "number" ? (value > 0 && value <= timeLimit ? value : null) : asTime(value)

/** The model that a message names; `model` is how versions of 2025 spelled it. */
export const modelOf = (message: Json): string | null => asText(message["modelId"]) ?? asText(message["model"])

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The id in the name of a transcript; null for every other file. */
export const idOfName = (name: string): string | null => {
  const stem = name.endsWith(".jsonl") ? name.slice(0, -6) : ""
  return uuid.test(stem) ? stem : null
}

/** Where the settings of a transcript lie: beside it. */
export const settingsPath = (transcript: string): string => `${transcript.slice(0, -6)}.settings.json`
