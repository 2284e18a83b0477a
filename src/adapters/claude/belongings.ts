import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings, OpenIn } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { addTo, lastName } from "../support/belongings.ts"
import { registrations } from "./tool.ts"

const stemOf = (path: string): string => path.slice(0, -".jsonl".length)

/**
 * A transcript and the directory of its name, where subagents, moved outputs, the title and the archive mark are. What
 * the tool keeps below the root by the session's id (`file-history`, `todos`) is its own to clean up.
 */
export const belongings = Effect.fnUntraced(function* (
  entries: ReadonlyArray<SessionEntry>,
  _discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Belongings>, never, StoreFiles> {
  const files = yield* StoreFiles
  const wanted = new Set(entries.flatMap(({ id, kind }) => (kind === "session" ? [`${id}.jsonl`] : [])))
  // One session may lie below several projects: discovery shows the newest, and would show the next one then.
  const copies = new Map<string, Array<string>>()
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/projects`, {
      depth: 1,
      take: (name, depth) => depth === 1 && wanted.has(name)
    })
    for (const { path } of tree.files) addTo(copies, stemOf(lastName(path)), path)
  }
  const open = new Map<string, Array<OpenIn>>()
  for (const { id, pid } of yield* registrations(roots)) addTo(open, id, { pid, program: "claude" })
  return entries.map(({ file, id, kind }): Belongings => {
    if (kind === "subagent") return { paths: [file.path, `${stemOf(file.path)}.meta.json`] }
    const paths = (copies.get(id) ?? [file.path]).flatMap((path) => [path, stemOf(path)])
    return { paths, openIn: open.get(id) ?? [] }
  })
})
