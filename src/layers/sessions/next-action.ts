import * as Effect from "effect/Effect"
import type { ReadResult, Warning } from "../../domain/results.ts"
import { shellLine } from "../../domain/text.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { Directories } from "../../services/Directories.ts"
import { Programs } from "../../services/Programs.ts"
import type { Found } from "./catalog.ts"

/** How the session is carried on with its own tool, and whether that can be done here and now. */
export const nextAction = Effect.fnUntraced(function* ({ entry, shelf }: Found, transcript: Transcript) {
  const plan = shelf.adapter.resume(entry.id)
  const isSubagent = entry.kind === "subagent" || transcript.head.kind === "subagent"
  if (plan === null || isSubagent) {
    const message = isSubagent
      ? `a subagent's session is not resumed by itself: resume its parent ${transcript.head.parentId ?? ""}`.trimEnd()
      : `${shelf.adapter.displayName} cannot resume a session by its id`
    const warnings: ReadonlyArray<Warning> = [{ source: entry.source, code: "NOT_RESUMABLE", message }]
    return { action: null, warnings }
  }
  const programs = yield* Programs
  const directories = yield* Directories
  const { cwd } = transcript.head
  const bin = yield* programs.find(plan.bin)
  const directory = cwd !== null && (yield* directories.exists(cwd))
  const call = shellLine([plan.bin, ...plan.args])
  const prompted = plan.stdin === "prompt" ? `${call} < prompt.md` : `${call} "$(cat prompt.md)"`
  const action: NonNullable<ReadResult["nextAction"]> = {
    direct: cwd === null ? prompted : `cd ${shellLine([cwd])} && ${prompted}`,
    verified: bin !== null && directory,
    tip:
      bin === null
        ? `${plan.bin} is not on PATH`
        : directory
          ? "put the prompt into prompt.md first, by its absolute path if it lies elsewhere"
          : `the session's directory ${cwd ?? "(unknown)"} does not exist here`
  }
  const warnings: ReadonlyArray<Warning> = []
  return { action, warnings }
})
