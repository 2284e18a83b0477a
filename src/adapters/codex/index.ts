import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Adapter } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { belongings } from "./belongings.ts"
import { chainOf } from "./chain.ts"
import { discover, rootsOf, segmentsOf } from "./discover.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
import { survey } from "./survey.ts"

const linkedFiles = Effect.fnUntraced(function* (entry: SessionEntry, discovery: Discovery) {
  const { links } = yield* chainOf(entry, discovery)
  return links.slice(0, -1).map(({ file }) => file.path)
})

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

const notes = Effect.fnUntraced(function* (roots: ReadonlyArray<string>, { entries }: Discovery) {
  const files = yield* StoreFiles
  let locks = 0
  for (const root of roots) {
    locks += (yield* files.walk(`${root}/thread-writer-locks`, { depth: 0, take: () => true })).files.length
  }
  const all = entries.flatMap((entry) => [entry.file, ...segmentsOf(entry)])
  return [
    ...counted(entries.filter(({ archived }) => archived).length, "archived session", "archived sessions"),
    ...counted(all.filter(({ path }) => path.endsWith(".zst")).length, "compressed rollout", "compressed rollouts"),
    ...counted(locks, "thread writer lock", "thread writer locks")
  ]
})

/** OpenAI Codex CLI. */
export const codex: Adapter = {
  source: "codex",
  aliases: ["openai", "openai-codex", "codex-cli"],
  displayName: "OpenAI Codex CLI",
  storage: "jsonl",
  capabilities: { read: true, new: true, resume: true, fork: true, continue: true, live: true },
  roots: rootsOf,
  discover,
  survey,
  load,
  linkMarker: '"history_base"',
  linkedFiles,
  belongings,
  // Codex deletes no sessions by itself; it may compress them after a week.
  retention: () => Effect.succeed(null),
  notes,
  sender
}
