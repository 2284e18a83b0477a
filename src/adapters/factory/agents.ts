import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry, SubagentLink } from "../../domain/session.ts"
import type { StoreFiles } from "../../services/StoreFiles.ts"
import { asObject, asText } from "../support/json.ts"
import { invocationOf } from "./discover.ts"
import { readHeader, type Survey } from "./survey.ts"

/** Calls and named sessions that are remembered. */
const maxCalls = 1000

/** Transcripts whose first line is read in order to find children that nothing names. */
const maxLooks = 500

const answered = /^(?:session_id|task_id): ([0-9a-f-]{36})\s*$/im

/** `Task` calls of a session and the sessions that their results name. */
export class TaskCalls {
  /** Description by call id. */
  readonly #calls = new Map<string, string | null>()
  /** Call id by session id. */
  readonly #named = new Map<string, string>()

  call(id: string | null, name: string, input: unknown): void {
    if (id === null || name !== "Task" || this.#calls.size >= maxCalls) return
    this.#calls.set(id, asText(asObject(input)?.["description"]))
  }

  /** A report begins with the id of the session that wrote it; a call may also name one that it resumes. */
  result(id: string | null, text: string): void {
    if (id === null || !this.#calls.has(id) || this.#named.size >= maxCalls) return
    const session = answered.exec(text.slice(0, 2000))?.[1]
    if (session !== undefined && !this.#named.has(session)) this.#named.set(session, id)
  }

  /** Sessions by the call that they answered, in the order of the calls. */
  get named(): ReadonlyMap<string, string> {
    return this.#named
  }

  /** Whether some call's session is not known. */
  get hasUnnamed(): boolean {
    const known = new Set(this.#named.values())
    return Array.from(this.#calls.keys()).some((id) => !known.has(id))
  }

  description(id: string | null): string | null {
    return id === null ? null : (this.#calls.get(id) ?? null)
  }
}

/**
 * The subagents of a session, as far as their transcripts are there. A child names its caller in its first line, and
 * that decides: a fork repeats its source's calls and results, but the subagents stay those of the source.
 */
export const subagentsOf = Effect.fnUntraced(function* (
  entry: SessionEntry,
  { head, header, settings }: Survey,
  discovery: Discovery,
  tasks: TaskCalls
): Effect.fn.Return<ReadonlyArray<SubagentLink>, never, StoreFiles> {
  const listed = discovery.entries.filter(({ parentId }) => parentId === entry.id)
  const names = new Set([...tasks.named.keys(), ...settings.children, ...listed.map(({ id }) => id)])
  names.delete(entry.id)
  const looks = tasks.hasUnnamed || header?.isOrchestrator === true
  if (names.size === 0 && !looks) return []
  const since = head.createdAt ?? 0
  const named = new Map<string, SessionEntry>()
  const strangers: Array<SessionEntry> = []
  for (const candidate of discovery.entries) {
    if (names.has(candidate.id)) named.set(candidate.id, candidate)
    else if (looks && candidate.root === entry.root && candidate.id !== entry.id && candidate.file.mtimeMs >= since) {
      if (candidate.parentId === null) strangers.push(candidate)
    }
  }
  const links: Array<SubagentLink> = []
  const look = Effect.fnUntraced(function* (child: SessionEntry, isNamed: boolean) {
    const invocation = invocationOf(child)
    const childHeader = yield* readHeader(child.file.path)
    const caller = childHeader?.callingSessionId ?? invocation?.parentId ?? null
    if (caller === null ? !isNamed : caller !== entry.id) return
    const toolUseId =
      childHeader?.callingToolUseId ?? invocation?.toolUseId ?? (isNamed ? tasks.named.get(child.id) : null) ?? null
    const description = tasks.description(toolUseId) ?? invocation?.description ?? null
    links.push({ id: child.id, kind: "file", description, toolUseId })
  })
  for (const name of names) {
    const child = named.get(name)
    if (child !== undefined) yield* look(child, true)
  }
  for (const child of strangers.sort((a, b) => a.file.mtimeMs - b.file.mtimeMs).slice(0, maxLooks)) {
    yield* look(child, false)
  }
  return links
})
