import * as Effect from "effect/Effect"
import type { HandOver, Warning } from "../../domain/results.ts"
import { shellLine } from "../../domain/text.ts"
import type { Transcript } from "../../domain/transcript.ts"
import type { Adapter, StoreServices, ToolCommand } from "../../services/Adapter.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import { Directories } from "../../services/Directories.ts"
import { Programs } from "../../services/Programs.ts"
import type { Progress } from "../../services/Progress.ts"
import { adapterFailed, type Found, openCatalog } from "./catalog.ts"
import { nextAction } from "./next-action.ts"
import { newestFirst, surveyAll } from "./survey.ts"

/** The context that is handed over. */
export interface Handing {
  readonly found: Found
  readonly transcript: Transcript
  /** The source that is to carry on; null for any. */
  readonly target: string | null
  /** The line that prints the context as Markdown. */
  readonly print: string
}

interface Ways {
  readonly ways: ReadonlyArray<HandOver>
  readonly warnings: ReadonlyArray<Warning>
}

type Needs = AdapterRegistry | Directories | Programs | Progress | StoreServices

type Way = (handing: Handing) => Effect.Effect<Ways, never, Needs>

const none: Ways = { ways: [], warnings: [] }

/** A file that any agent can be given: the way to a new session. */
const intoFile: Way = ({ print }) =>
  Effect.succeed({
    ways: [
      {
        command: `${print} > handover.md`,
        description: "Write it to a file that a new session of any agent can be given",
        targetSource: null,
        verified: true
      }
    ],
    warnings: []
  })

/** The command of the tool with what `print` prints as its prompt. */
const promptedBy = (print: string, { args, bin, stdin }: ToolCommand, cwd: string | null): string => {
  const call = shellLine([bin, ...args])
  const prompted = stdin === "prompt" ? call : `${call} "$(cat)"`
  return `${print} | ${cwd === null ? prompted : `(cd ${shellLine([cwd])} && ${prompted})`}`
}

/** The newest session of a source in a directory that its tool can resume. */
const newestIn = Effect.fnUntraced(function* (adapter: Adapter, cwd: string, but: string) {
  const directories = yield* Directories
  const catalog = yield* openCatalog(adapter.source)
  const { surveyed } = yield* surveyAll(catalog.entries)
  const real = yield* directories.realPath(cwd)
  const candidates = surveyed
    .filter(
      ({ found, head }) =>
        head.kind === "session" && !head.isEmpty && found.entry.kind === "session" && found.entry.id !== but
    )
    .sort(newestFirst)
  for (const candidate of candidates) {
    const directory = candidate.head.cwd
    if (directory !== null && (yield* directories.realPath(directory)) === real) return { ...candidate, directory }
  }
  return null
})

const notice = (source: string, code: string, message: string): Ways => ({
  ways: [],
  warnings: [{ source, code, message }]
})

/** The newest session of the target in the same directory, given the context as its next prompt. */
const intoTarget: Way = Effect.fnUntraced(function* ({ found, print, target, transcript }) {
  if (target === null || target === found.entry.source) return none
  const { adapters } = yield* AdapterRegistry
  const adapter = adapters.find(({ source }) => source === target)
  if (adapter === undefined) return none
  if (adapter.resume("") === null) {
    return notice(target, "NOT_RESUMABLE", `${adapter.displayName} takes no prompt from a command line`)
  }
  const { cwd } = transcript.head
  if (cwd === null) return notice(target, "NO_TARGET_SESSION", "the directory of this session is not known")
  const newest = yield* newestIn(adapter, cwd, found.entry.id).pipe(
    Effect.map((session) => ({ session, failure: null })),
    Effect.catchDefect((defect) => Effect.succeed({ session: null, failure: String(defect) }))
  )
  if (newest.failure !== null) return { ways: [], warnings: [adapterFailed(target, newest.failure)] }
  const plan = newest.session === null ? null : adapter.resume(newest.session.found.entry.id)
  if (newest.session === null || plan === null) {
    const message = `${adapter.displayName} has no session in ${cwd} to continue: start one and give it the file`
    return notice(target, "NO_TARGET_SESSION", message)
  }
  const programs = yield* Programs
  const directories = yield* Directories
  const bin = yield* programs.find(plan.bin)
  const { directory, found: session } = newest.session
  return {
    ways: [
      {
        command: promptedBy(print, plan, directory),
        description: `Give it to the newest session of ${adapter.displayName} in that directory, ${session.entry.id}, as its next prompt`,
        targetSource: target,
        verified: bin !== null && (yield* directories.exists(directory))
      }
    ],
    warnings: []
  }
})

/** The session itself: it needs no context, only a prompt. */
const intoItself: Way = Effect.fnUntraced(function* ({ found, target, transcript }) {
  if (target !== null && target !== found.entry.source) return none
  const { action, warnings } = yield* nextAction(found, transcript)
  if (action === null) return { ways: [], warnings: target === null ? [] : warnings }
  return {
    ways: [
      {
        command: action.direct,
        description: "Carry on in the session itself, with the prompt in prompt.md",
        targetSource: found.entry.source,
        verified: action.verified
      }
    ],
    warnings: []
  }
})

/** Every way there is, in the order in which they are shown. */
const everyWay: ReadonlyArray<Way> = [intoTarget, intoItself, intoFile]

/** How the context gets to whoever carries on. */
export const handOver = Effect.fnUntraced(function* (handing: Handing) {
  const found = yield* Effect.forEach(everyWay, (way) => way(handing))
  return { ways: found.flatMap(({ ways }) => ways), warnings: found.flatMap(({ warnings }) => warnings) }
})
