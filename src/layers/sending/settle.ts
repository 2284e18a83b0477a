import * as Effect from "effect/Effect"
import { pause } from "../pause.ts"
import { prove, type Proof } from "../../domain/proof.ts"
import type { SendPlan } from "../../domain/sending.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { Directories } from "../../services/Directories.ts"
import { type Catalog, type Found, openCatalog } from "../sessions/catalog.ts"
import { fromStore } from "../sessions/from-store.ts"
import { load } from "../sessions/resolve.ts"
import type { Before, Target } from "./target.ts"

/** Where a prompt has gone, as the store shows it. */
export interface Settled {
  readonly found: Found
  readonly transcript: Transcript
  readonly proof: Proof
}

/** Time between two looks at a store that does not show what was sent yet, in milliseconds. */
const pollMs = 100

/** What identifies the session: what the tool said, what we chose, or what is new in its directory. */
export interface Clues {
  readonly target: Target
  readonly before: Before
  readonly plan: Pick<SendPlan, "sessionId" | "sessionName">
  readonly prompt: string
  /** As the tool's output names it; null where it did not. */
  readonly saidId: string | null
}

const proofOf = Effect.fnUntraced(function* (found: Found, prompt: string, before: number) {
  const transcript = yield* load(found, { measures: false })
  const proof = yield* Effect.sync(() => prove(transcript, prompt, before)).pipe(fromStore(found.entry))
  return { found, transcript, proof } satisfies Settled
})

/** Sessions that were not there before, of the directory, in which the prompt is. More than one: nobody can tell. */
const newWithPrompt = Effect.fnUntraced(function* (catalog: Catalog, { before, plan, prompt, target }: Clues) {
  const directories = yield* Directories
  const cwd = yield* directories.realPath(target.cwd)
  const matches: Array<Settled> = []
  for (const found of catalog.entries) {
    if (before.ids.has(found.entry.id) || found.entry.kind === "subagent") continue
    const settled = yield* proofOf(found, prompt, 0).pipe(Effect.catch(() => Effect.succeed(null)))
    if (settled === null || settled.transcript.head.kind === "subagent") continue
    const { head } = settled.transcript
    const named = plan.sessionName !== null && (found.entry.indexTitle ?? head.title) === plan.sessionName
    const isHere = head.cwd === null || (yield* directories.realPath(head.cwd)) === cwd
    if (named) return [settled]
    if (isHere && settled.proof.delivery !== "not_delivered") matches.push(settled)
  }
  return matches
})

/** One look at the store; null when the prompt can have gone to none of its sessions. */
export const lookFor = Effect.fnUntraced(function* (clues: Clues) {
  const { before, plan, prompt, saidId, target } = clues
  const catalog = yield* openCatalog(target.adapter.source)
  const id = saidId ?? plan.sessionId
  const known = id === null ? undefined : catalog.entries.find(({ entry }) => entry.id === id)
  if (known !== undefined) {
    const isCopy = known.entry.id !== target.found?.entry.id && target.kind !== "fork"
    const settled = yield* proofOf(known, prompt, isCopy ? 0 : before.count)
    if (settled.proof.delivery !== "not_delivered" || target.kind !== "resume") return settled
  }
  // A tool that answers under another id without saying so, or that names no session at all.
  const matches = yield* newWithPrompt(catalog, clues)
  if (matches.length === 1) return matches[0]!
  return known === undefined ? null : yield* proofOf(known, prompt, before.count)
})

/**
 * Looks for the prompt in the store until it is there with an answer behind it, at most so long: tools write late. Null
 * when there is no session at all that the prompt can have gone to.
 */
export const settle = Effect.fnUntraced(function* (clues: Clues, withinMs: number) {
  const until = performance.now() + withinMs
  for (;;) {
    const settled = yield* lookFor(clues).pipe(Effect.catchTag("ParseError", () => Effect.succeed(null)))
    if (settled?.proof.delivery === "delivered" || performance.now() >= until) return settled
    yield* pause(pollMs)
  }
})
