import * as Effect from "effect/Effect"
import type { Warning } from "../../domain/results.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import { type BehindLog, Sqlite } from "../../services/Sqlite.ts"

const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / (1024 * 1024)))} MB`

const messageOf = ({ limit, logBytes, path }: BehindLog): string =>
  `${path} is larger than ${megabytes(limit)} and is being written to: what is only in its log (${path}-wal, ` +
  `${megabytes(logBytes)}) was not read, so its newest messages and sessions may be missing until the tool has put them ` +
  "into the database, at the latest when it is closed"

const isBelow = (path: string, root: string): boolean =>
  path === root || (path.startsWith(root) && /^[/\\]/.test(path.slice(root.length)))

/**
 * A warning for each database of which the newest part was not read, with the source below whose roots it lies. What was
 * read so far counts: to be asked for when a command is done.
 */
export const behindWarnings = Effect.gen(function* () {
  const sqlite = yield* Sqlite
  const behind = yield* sqlite.behind
  if (behind.length === 0) return []
  const { adapters, dataHost } = yield* AdapterRegistry
  const roots = adapters.flatMap(({ roots, source }) => roots(dataHost).map((root) => ({ root, source })))
  return behind.map((database): Warning => {
    const own = roots.find(({ root }) => isBelow(database.path, root))
    return { source: own?.source ?? null, code: "LOG_NOT_READ", message: messageOf(database) }
  })
})

/** Adds the warnings to what a command found; of sessions that were found, only their own sources are of interest. */
export const withBehind = <A extends object, E, R>(
  self: Effect.Effect<A, E, R>,
  sourcesOf?: (result: A) => ReadonlyArray<string>
) =>
  Effect.gen(function* () {
    const result = yield* self
    if (!("warnings" in result)) return result
    const sources = sourcesOf?.(result)
    const found = (yield* behindWarnings).filter(
      ({ source }) => sources === undefined || source === null || sources.includes(source)
    )
    return found.length === 0
      ? result
      : { ...result, warnings: [...(result.warnings as ReadonlyArray<Warning>), ...found] }
  })
