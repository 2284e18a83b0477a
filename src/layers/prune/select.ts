import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { PruneItem, PruneRefusal, Warning } from "../../domain/results.ts"
import type { SessionEntry } from "../../domain/session.ts"
import type { Belongings } from "../../services/Adapter.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import type { PruneRequest } from "../../services/Prune.ts"
import { type Inventory, StoreTrash } from "../../services/StoreTrash.ts"
import { type Catalog, openCatalog, type Shelf } from "../sessions/catalog.ts"
import { decideScope, inScope } from "../sessions/scope.ts"
import { newestFirst, surveyAll } from "../sessions/survey.ts"
import { familiesOf, type Family } from "./family.ts"

/** A file that was written within so many milliseconds may have a writer. */
const liveMs = 60_000

/** A session that may be moved, with everything that goes with it. */
export interface Candidate extends PruneItem {
  readonly paths: ReadonlyArray<string>
  /** The source's directories, which nothing may lead out of. */
  readonly roots: ReadonlyArray<string>
  readonly inventory: Inventory
}

export interface Selection {
  readonly candidates: ReadonlyArray<Candidate>
  readonly refused: ReadonlyArray<PruneRefusal>
  readonly warnings: ReadonlyArray<Warning>
}

const refuseAll = (entries: ReadonlyArray<SessionEntry>, reason: string): ReadonlyArray<Belongings> =>
  entries.map(() => ({ refused: reason }))

/** What the adapter says of its sessions; an adapter that breaks refuses all of them. */
const belongingsOf = Effect.fnUntraced(function* (
  { adapter, discovery }: Shelf,
  entries: ReadonlyArray<SessionEntry>,
  roots: ReadonlyArray<string>
) {
  if (adapter.belongings === undefined) {
    return refuseAll(entries, `what belongs to a session of ${adapter.displayName} is not known`)
  }
  return yield* adapter.belongings(entries, discovery, roots).pipe(
    Effect.catchCause((cause) => {
      if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
      const error = Cause.squash(cause)
      const reason =
        typeof error === "object" && error !== null && "path" in error && "reason" in error
          ? `cannot read ${String(error.path)}: ${String(error.reason)}`
          : error instanceof Error
            ? error.message
            : String(error)
      return Effect.succeed(refuseAll(entries, reason))
    })
  )
})

const itemOf = ({ head, updatedAt }: Family) => ({
  id: head.found.entry.id,
  source: head.found.entry.source,
  filePath: head.found.entry.file.path,
  updatedAt
})

/** Looks at what a family has on the disk. A text is the reason why it must stay. */
const examine = Effect.fnUntraced(function* (
  family: Family,
  belongings: ReadonlyMap<SessionEntry, Belongings>,
  roots: ReadonlyArray<string>,
  now: number
) {
  const trash = yield* StoreTrash
  const { dataHost } = yield* AdapterRegistry
  const paths: Array<string> = []
  for (const { found } of family.members) {
    const own = belongings.get(found.entry)
    const who = found === family.head.found ? "" : `its subagent ${found.entry.id}: `
    if (own === undefined) return `${who}nothing is known of its files`
    if ("refused" in own) return `${who}${own.refused}`
    for (const { pid } of own.openIn ?? []) {
      // A home that was copied or mounted from elsewhere names processes that are not seen here.
      if (dataHost.ignoreEnv || (yield* trash.isRunning(pid))) return `${who}it is registered as open in process ${pid}`
    }
    paths.push(...own.paths)
  }
  const inventory = yield* trash.inventory(paths, roots)
  if (inventory.problem !== null) return inventory.problem
  if (!inventory.files.some(({ path }) => path === family.head.found.entry.file.path)) return "its file has gone"
  const live = inventory.files.find(({ mtimeNs }) => Number(mtimeNs) / 1e6 > now - liveMs)
  if (live !== undefined) return `${live.path} was written within the last minute`
  return { paths, roots, inventory, bytes: inventory.files.reduce((sum, { bytes }) => sum + bytes, 0) }
})

/** Old sessions in scope, newest first. */
const oldFamilies = Effect.fnUntraced(function* (catalog: Catalog, request: PruneRequest, now: number) {
  const { surveyed, warnings } = yield* surveyAll(catalog.entries)
  const families = familiesOf(catalog.entries, surveyed)
  // `auto` would fall back to every directory where this one has no session: more than anybody asked to delete.
  const scope = yield* decideScope(
    request.cwd.kind === "auto" ? { kind: "current" } : request.cwd,
    families.map(({ head }) => head.head.cwd)
  )
  const old = families
    .filter(({ head, updatedAt }) => inScope(scope, head.head.cwd) && updatedAt < now - request.olderThanMs)
    .toSorted((a, b) => newestFirst(a.head, b.head))
  return { old, warnings }
})

/** What `prune` would move and what it refuses. Only reads. */
export const select = Effect.fnUntraced(function* (request: PruneRequest) {
  const { dataHost } = yield* AdapterRegistry
  const now = yield* Clock.currentTimeMillis
  const catalog = yield* openCatalog(request.source)
  const { old, warnings } = yield* oldFamilies(catalog, request, now)
  const belongings = new Map<SessionEntry, Belongings>()
  const rootsOf = new Map<string, ReadonlyArray<string>>()
  for (const shelf of catalog.shelves) {
    const entries = old
      .flatMap(({ members }) => members)
      .flatMap(({ found }) => (found.shelf === shelf ? [found.entry] : []))
    const roots = shelf.adapter.roots(dataHost)
    rootsOf.set(shelf.adapter.source, roots)
    if (entries.length === 0) continue
    const found = yield* belongingsOf(shelf, entries, roots)
    for (const [at, entry] of entries.entries()) belongings.set(entry, found[at] ?? { refused: "not told" })
  }
  const candidates: Array<Candidate> = []
  const refused: Array<PruneRefusal> = []
  const owners = new Map<string, string>()
  const mainFiles = new Map(catalog.entries.map(({ entry }) => [entry.file.path, entry]))
  for (const family of old) {
    const item = itemOf(family)
    const examined = yield* examine(family, belongings, rootsOf.get(item.source) ?? [], now)
    const reason = typeof examined === "string" ? examined : foreignFile(examined.inventory, family, mainFiles, owners)
    if (typeof examined === "string" || reason !== null) {
      refused.push({ id: item.id, source: item.source, reason: reason ?? String(examined) })
      continue
    }
    for (const { path } of examined.inventory.files) owners.set(path, item.id)
    candidates.push({ ...item, ...examined })
  }
  return { candidates, refused, warnings: [...catalog.warnings, ...warnings] } satisfies Selection
})

/** Why files are not this family's alone: another session is in them, or claims them too. */
const foreignFile = (
  { files }: Inventory,
  { members }: Family,
  mainFiles: ReadonlyMap<string, SessionEntry>,
  owners: ReadonlyMap<string, string>
): string | null => {
  const own = new Set(members.map(({ found }) => found.entry))
  for (const { path } of files) {
    const session = mainFiles.get(path)
    if (session !== undefined && !own.has(session)) return `${path} is the session ${session.id}`
    const other = owners.get(path)
    if (other !== undefined) return `${path} belongs to the session ${other} too`
  }
  return null
}
