import type { OutputReader, ToolFailure } from "../../domain/sending.ts"
import { failureOf, type FailureFacts, plainLine } from "./failures.ts"
import { asObject, asString, type Json, parseJson } from "./json.ts"

/** Characters of a line beyond which it is passed over: an answer may be long, but nothing is made of what is longer. */
const lineLimit = 32 * 1024 * 1024

/** What a tool's output has told so far. */
export interface Told {
  /** The session's id; what cannot be one is ignored. The first one stays unless `certain`. */
  readonly session: (id: unknown, certain?: boolean) => void
  /** Something went wrong that may still be mended, by a new attempt for instance. */
  readonly suspect: (message: unknown, facts?: FailureFacts) => void
  /** The run has failed. */
  readonly fail: (message: unknown, facts?: FailureFacts) => void
  /** The run has failed, for the reason that was told before or else for this one. */
  readonly confirm: (message: unknown, facts?: FailureFacts) => void
  /** The run has succeeded: what was suspected before has been mended. */
  readonly succeed: () => void
}

const isId = (id: string): boolean => /^[\w.:-]{1,200}$/.test(id)

/** What names the cause is worth more than that there was a failure at all. */
const rank = ({ kind }: ToolFailure): number => (kind === "tool" ? 0 : 1)

const stronger = (known: ToolFailure | null, next: ToolFailure): ToolFailure =>
  known !== null && rank(known) > rank(next) ? known : next

const complains =
  /^\W*(?:error|fatal|panic|fail(?:ed|ure)|exception|cannot|could not|invalid|unknown|un(?:expected|recogni[sz]ed)|no (?:such|session|conversation|previous))\b/i

/** A line of standard error is a failure if it says so, or tells of a login or a limit. */
const complaintOf = (line: string): ToolFailure | null => {
  const said = plainLine(line)
  if (said === "") return null
  const failure = failureOf(said)
  return failure.kind !== "tool" || complains.test(said) ? failure : null
}

/**
 * Reads events that stand one a line, as JSON objects; other lines, and lines out of all proportion, are passed over.
 * What standard error says counts only where the events say nothing of how it went.
 */
export const eventReader = (onEvent: (event: Json, told: Told) => void): OutputReader => {
  let session: string | null = null
  let failure: ToolFailure | null = null
  let succeeded = false
  let complaint: ToolFailure | null = null
  const told: Told = {
    session: (id, certain = false) => {
      const text = asString(id)
      if (text !== null && isId(text) && (session === null || certain)) session = text
    },
    suspect: (message, facts) => {
      failure = stronger(failure, failureOf(message, facts))
      succeeded = false
    },
    fail: (message, facts) => {
      failure = failureOf(message, facts)
      succeeded = false
    },
    confirm: (message, facts) => {
      failure ??= failureOf(message, facts)
      succeeded = false
    },
    succeed: () => {
      failure = null
      succeeded = true
    }
  }
  return {
    stdout: (line) => {
      if (line.length > lineLimit || !/^\s*\{/.test(line)) return
      const event = asObject(parseJson(line))
      if (event !== null) onEvent(event, told)
    },
    stderr: (line) => {
      const next = complaintOf(line)
      if (next !== null) complaint = stronger(complaint, next)
    },
    sessionId: () => session,
    failure: () => failure ?? (succeeded ? null : complaint)
  }
}
