import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { shortestPrefix } from "../../domain/ids.ts"
import type { Warning } from "../../domain/results.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import { shellLine } from "../../domain/text.ts"
import type { Adapter } from "../../services/Adapter.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import { Settings } from "../../services/Settings.ts"

/** One source with what was found of it. */
export interface Shelf {
  readonly adapter: Adapter
  readonly discovery: Discovery
}

/** A session together with the adapter that reads it. */
export interface Found {
  readonly shelf: Shelf
  readonly entry: SessionEntry
}

export interface Catalog {
  readonly shelves: ReadonlyArray<Shelf>
  readonly entries: ReadonlyArray<Found>
  readonly warnings: ReadonlyArray<Warning>
  /** Sources that failed, as a whole or in part: what is not found there may be there all the same. */
  readonly failed: ReadonlyArray<string>
}

const reason = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? error.message : String(error)
}

export const adapterFailed = (source: string, message: string): Warning => ({ source, code: "ADAPTER_FAILED", message })

/** Looks through the sources, or the one named. A source that breaks is a warning and never hides another. */
export const openCatalog = Effect.fnUntraced(function* (source: string | null) {
  const registry = yield* AdapterRegistry
  const shelves: Array<Shelf> = []
  const warnings: Array<Warning> = []
  const failed: Array<string> = []
  for (const adapter of registry.adapters) {
    if (source !== null && adapter.source !== source) continue
    const roots = adapter.roots(registry.dataHost)
    const discovery = yield* adapter.discover(roots).pipe(
      Effect.catchCause((cause) => {
        if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
        failed.push(adapter.source)
        warnings.push(adapterFailed(adapter.source, reason(cause)))
        return Effect.succeed(null)
      })
    )
    if (discovery === null) continue
    shelves.push({ adapter, discovery })
    if (discovery.unreadable.length > 0) failed.push(adapter.source)
    for (const { path, reason: why } of discovery.unreadable) {
      warnings.push(adapterFailed(adapter.source, `cannot read ${path}: ${why}`))
    }
  }
  const entries = shelves.flatMap((shelf) => shelf.discovery.entries.map((entry): Found => ({ shelf, entry })))
  return { shelves, entries, warnings, failed } satisfies Catalog
})

/** A `sessionr` command line that repeats the global flags which decide what is found. */
export const commandLine = Effect.map(
  Effect.service(Settings),
  ({ inheritedWords }) =>
    (words: ReadonlyArray<string>): string =>
      shellLine(["sessionr", ...inheritedWords, ...words])
)

/** The words that name a session: its shortest id, and its source where the id is not unique. */
export const sessionWords = (catalog: Catalog, entry: SessionEntry): { id: string; source: ReadonlyArray<string> } => {
  const ids = catalog.entries.map((found) => found.entry.id)
  const twice = catalog.entries.some(({ entry: other }) => other.id === entry.id && other.source !== entry.source)
  return { id: shortestPrefix(entry.id, ids), source: twice ? ["--source", entry.source] : [] }
}
