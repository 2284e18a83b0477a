import * as Effect from "effect/Effect"
import { commonPrefix, numberMessages } from "../../domain/diff/align.ts"
import type { Warning } from "../../domain/results.ts"
import type { Link, SessionGraph } from "../../domain/session-graph.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { Progress } from "../../services/Progress.ts"
import { adapterFailed, type Found } from "./catalog.ts"
import { fromStore } from "./from-store.ts"
import { load, tallyFor } from "./resolve.ts"
import type { Surveyed } from "./survey.ts"

export const keyOf = (source: string, id: string): string => `${source}\0${id}`

export const keyOfFound = ({ entry }: Found): string => keyOf(entry.source, entry.id)

/**
 * The session that a session was forked from. Most sources say it in the first bytes of a file. Where they do not, the
 * whole head is asked, then what is remembered of the session; only then is it read.
 */
const forkedFrom = Effect.fnUntraced(function* ({ found, head }: Surveyed, warnings: Array<Warning>) {
  if (head.forkedFrom !== undefined) return head.forkedFrom
  const whole = yield* found.shelf.adapter.survey(found.entry).pipe(Effect.catch(() => Effect.succeed(head)))
  if (whole.forkedFrom !== undefined) return whole.forkedFrom
  return yield* tallyFor(found).pipe(
    Effect.map((tally) => tally.forkedFrom),
    Effect.catch((error) => {
      warnings.push(adapterFailed(found.entry.source, error.message))
      return Effect.succeed(null)
    })
  )
})

/** What the sessions themselves say of where they came from, by key; parents may be missing. */
export const relationsOf = Effect.fnUntraced(function* (surveyed: ReadonlyArray<Surveyed>) {
  const progress = yield* Progress
  const warnings: Array<Warning> = []
  const links: Array<Link> = []
  for (const [at, session] of surveyed.entries()) {
    progress.update("relating", at, surveyed.length)
    const { found, head } = session
    const { entry } = found
    const key = keyOfFound(found)
    const parent = head.parentId ?? entry.parentId
    if (parent !== null) links.push({ from: keyOf(entry.source, parent), to: key, type: "subagent" })
    const origin = yield* forkedFrom(session, warnings)
    // A subagent that was given its parent's context is not a fork of it as well.
    if (origin !== null && origin !== parent) {
      links.push({ from: keyOf(entry.source, origin), to: key, type: "fork" })
    }
    const next = head.continuedIn ?? null
    if (next !== null) links.push({ from: key, to: keyOf(entry.source, next), type: "continuation" })
  }
  return { links, warnings }
})

/** The messages that these calls are in, by the id of the call. */
const callIndices = (transcript: Transcript, calls: ReadonlySet<string>): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  for (let index = 1; index <= transcript.count && found.size < calls.size; index++) {
    if (transcript.role(index) !== "tool_use") continue
    for (const block of transcript.message(index).blocks) {
      if (block.type === "tool_use" && block.id !== null && calls.has(block.id)) found.set(block.id, index)
    }
  }
  return found
}

/** Forks whose messages are compared with those of the session that was asked for. */
const maxCompared = 10

/** Where, in the session it comes from, each session next to the one that was asked for begins. */
export const placesOf = Effect.fnUntraced(function* (
  focus: Found,
  transcript: Transcript,
  links: ReadonlyArray<Link>,
  foundOf: (key: string) => Found | undefined
) {
  const key = keyOfFound(focus)
  const places = new Map<Link, number>()
  const agents = new Map(
    transcript.facts.subagents.map(({ id, toolUseId }) => [keyOf(focus.entry.source, id), toolUseId])
  )
  const calls = new Set(Array.from(agents.values()).filter((call) => call !== null))
  const indices =
    calls.size === 0
      ? new Map<string, number>()
      : yield* Effect.sync(() => callIndices(transcript, calls)).pipe(fromStore(focus.entry))
  let compared = 0
  for (const link of links) {
    if (link.type === "subagent" && link.from === key) {
      const index = indices.get(agents.get(link.to) ?? "")
      if (index !== undefined) places.set(link, index)
    } else if (link.type === "fork" && (link.from === key || link.to === key) && compared < maxCompared) {
      const other = foundOf(link.from === key ? link.to : link.from)
      if (other === undefined) continue
      compared++
      const shared = yield* load(other).pipe(
        Effect.map((loaded) => commonPrefix(numberMessages(transcript, loaded))),
        Effect.catch(() => Effect.succeed(0))
      )
      if (shared > 0) places.set(link, shared)
    }
  }
  return places
})

/** Puts parents that are not in the store into the graph: something came from them. */
export const addMissing = (graph: SessionGraph, links: ReadonlyArray<Link>): ReadonlySet<string> => {
  const missing = new Set<string>()
  for (const { from, to } of links) {
    for (const key of [from, to]) {
      if (graph.has(key)) continue
      graph.add(key, null)
      missing.add(key)
    }
  }
  return missing
}
