import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings } from "../../services/Adapter.ts"
import type { StoreFiles } from "../../services/StoreFiles.ts"
import { entriesById, safeName } from "./discover.ts"
import { projectName } from "./project.ts"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Every file with the session's id, twins and stubs included, and what the tool itself deletes with a session: outputs,
 * the log of its activity, the folder of its plans, the folder of its agents.
 */
const pathsOf = (entry: SessionEntry): ReadonlyArray<string> => {
  const { file, id, root } = entry
  // An id that is no UUID could be the name of a folder that all sessions share.
  if (!uuid.test(id)) return [file.path]
  const project = `${root}/tmp/${projectName(entry)}`
  const own = [file.path, `${project}/tool-outputs/session-${safeName(id)}`, `${project}/logs/session-${id}.jsonl`]
  return entry.kind === "subagent" ? own : [...own, `${project}/${safeName(id)}`, `${project}/chats/${safeName(id)}`]
}

export const belongings = Effect.fnUntraced(function* (
  entries: ReadonlyArray<SessionEntry>,
  _discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Belongings>, never, StoreFiles> {
  const { byId } = yield* entriesById(roots)
  return entries.map((entry): Belongings => ({ paths: (byId.get(entry.id) ?? [entry]).flatMap(pathsOf) }))
})
