import * as Effect from "effect/Effect"
import { InvalidArg } from "../../domain/errors.ts"
import { MissingSource, UnsupportedOperation, UnsupportedSource } from "../../domain/send-errors.ts"
import type { SendKind } from "../../domain/sending.ts"
import type { Adapter, Sender } from "../../services/Adapter.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import { Directories } from "../../services/Directories.ts"
import { Host } from "../../services/Host.ts"
import type { SendRequest } from "../../services/Sends.ts"
import { type Catalog, commandLine, type Found, openCatalog } from "../sessions/catalog.ts"
import { load, resolve } from "../sessions/resolve.ts"
import { newestFirst, surveyAll } from "../sessions/survey.ts"

/** Where a prompt goes: the tool, the session or none yet, and the directory. */
export interface Target {
  readonly adapter: Adapter
  readonly sender: Sender
  /** As it will be done: `continue` becomes the resumption of the session that it means. */
  readonly kind: SendKind
  /** The session that is resumed or forked. */
  readonly found: Found | null
  /** The message that a checkpoint pins: a fork begins after it where the tool can do so. */
  readonly at: number | null
  /** Absolute; exists. */
  readonly cwd: string
}

/** What there was before a tool was started. */
export interface Before {
  /** Messages of the session that is resumed or forked; 0 for a new one. */
  readonly count: number
  /** Ids of every session of the source. */
  readonly ids: ReadonlySet<string>
}

/** Sources that sessions can be sent to. */
const senders = Effect.map(Effect.service(AdapterRegistry), ({ adapters }) =>
  adapters.filter(({ sender }) => sender !== null).map(({ source }) => source)
)

const adapterOf = Effect.fnUntraced(function* (source: string) {
  const { adapters } = yield* AdapterRegistry
  const adapter = adapters.find((one) => one.source === source)!
  if (adapter.sender !== null) return { adapter, sender: adapter.sender }
  const alternatives = yield* senders
  return yield* new UnsupportedSource({
    message: `${adapter.displayName} has no command line that takes a prompt; what it knows can be handed to another agent`,
    suggestion: `sessionr context ID --source ${source} --format markdown`,
    source,
    alternatives
  })
})

/** Why an operation is not there, and what does the same. */
export const unsupported = (source: string, { supports }: Sender, operation: SendKind, reason: string, id: string) =>
  new UnsupportedOperation({
    message: reason,
    suggestion:
      operation === "fork" || operation === "resume"
        ? `sessionr context ${id} --source ${source} --format markdown`
        : `sessionr send --new --source ${source} --file prompt.md`,
    source,
    operation,
    supported: [...supports]
  })

/** The directory that the tool is run in. */
const directoryOf = Effect.fnUntraced(function* (request: SendRequest, recorded: string | null) {
  const host = yield* Host
  const directories = yield* Directories
  const cwd = request.cwd ?? recorded ?? host.cwd
  if (yield* directories.exists(cwd)) return cwd
  return yield* new InvalidArg({
    message:
      request.cwd === null
        ? `the session's directory ${cwd} does not exist here; --cwd DIR runs the tool in another`
        : `--cwd is ${JSON.stringify(cwd)}, which is not a directory`,
    argument: "--cwd",
    value: cwd,
    min: null,
    max: null
  })
})

/** The newest session of a source that belongs to a directory. */
const newestOf = Effect.fnUntraced(function* (source: string, cwd: string) {
  const directories = yield* Directories
  const catalog = yield* openCatalog(source)
  const { surveyed } = yield* surveyAll(catalog.entries)
  const real = yield* directories.realPath(cwd)
  for (const one of surveyed.filter(({ head }) => head.kind === "session" && !head.isEmpty).sort(newestFirst)) {
    if (one.found.entry.kind === "subagent" || one.head.cwd === null) continue
    if ((yield* directories.realPath(one.head.cwd)) === real) return { catalog, found: one.found }
  }
  return null
})

const refuseSubagent = (found: Found, isSubagent: boolean, parentId: string | null) =>
  isSubagent
    ? Effect.fail(
        new UnsupportedOperation({
          message: `${found.entry.id} is a subagent's session: send to its parent ${parentId ?? ""}`.trimEnd(),
          suggestion: parentId === null ? "sessionr list --cwd all" : `sessionr info ${parentId}`,
          source: found.entry.source,
          operation: "resume",
          supported: ["new"]
        })
      )
    : Effect.void

/** Which tool, session and directory a request means. */
export const findTarget = Effect.fnUntraced(function* (request: SendRequest) {
  const command = yield* commandLine
  if (request.kind === "new" || (request.kind === "continue" && request.source !== null)) {
    if (request.source === null) {
      return yield* new MissingSource({
        message: "send --new needs --source: which agent is to answer",
        suggestion: command(["sources"])
      })
    }
    const { adapter, sender } = yield* adapterOf(request.source)
    const cwd = yield* directoryOf(request, null)
    if (request.kind === "continue" && sender.supports.includes("resume")) {
      const newest = yield* newestOf(adapter.source, cwd)
      if (newest !== null)
        return { adapter, sender, kind: "resume", found: newest.found, at: null, cwd } satisfies Target
      return yield* unsupported(
        adapter.source,
        sender,
        "continue",
        `there is no session of ${adapter.displayName} in ${cwd} to continue`,
        ""
      )
    }
    return { adapter, sender, kind: request.kind, found: null, at: null, cwd } satisfies Target
  }
  if (request.kind === "continue") {
    return yield* new MissingSource({
      message: "send --continue needs --source: the newest session of which agent",
      suggestion: command(["sources"])
    })
  }
  const { at, found } = yield* resolve(request.id ?? "", request.source)
  const { adapter, sender } = yield* adapterOf(found.entry.source)
  const head = yield* adapter.survey(found.entry).pipe(Effect.catch(() => Effect.succeed(null)))
  yield* refuseSubagent(
    found,
    found.entry.kind === "subagent" || head?.kind === "subagent",
    head?.parentId ?? found.entry.parentId
  )
  const cwd = yield* directoryOf(request, head?.cwd ?? null)
  return { adapter, sender, kind: request.kind, found, at, cwd } satisfies Target
})

/** Counts what is there before the tool runs. */
export const lookBefore = Effect.fnUntraced(function* ({ adapter, found }: Target) {
  const catalog: Catalog = yield* openCatalog(adapter.source)
  const ids: ReadonlySet<string> = new Set(catalog.entries.map(({ entry }) => entry.id))
  if (found === null) return { count: 0, ids } satisfies Before
  const now = catalog.entries.find(({ entry }) => entry.id === found.entry.id) ?? found
  const transcript = yield* load(now, { measures: false })
  return { count: transcript.count, ids } satisfies Before
})
