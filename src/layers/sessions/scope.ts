import * as Effect from "effect/Effect"
import type { CwdScope } from "../../domain/results.ts"
import { Directories } from "../../services/Directories.ts"
import { Host } from "../../services/Host.ts"
import type { CwdChoice } from "../../services/Sessions.ts"

/** Which sessions a `--cwd` choice keeps, and how that is reported. */
export interface Scope {
  readonly kept: ReadonlySet<string | null> | "all"
  readonly scope: CwdScope
  readonly reason: string
  /** The directory that was compared with. */
  readonly cwd: string
}

/**
 * Decides by the sessions' directories. A session belongs to a directory if it was started there, symbolic links
 * resolved on both sides, or in a subdirectory of it within the same git worktree.
 */
export const decideScope = Effect.fnUntraced(function* (choice: CwdChoice, cwds: Iterable<string | null>) {
  const host = yield* Host
  const directories = yield* Directories
  const all = (scope: CwdScope, reason: string): Scope => ({ kept: "all", scope, reason, cwd: host.cwd })
  if (choice.kind === "all") return all("all", "every directory was asked for")
  const target = choice.kind === "path" ? yield* directories.realPath(choice.path) : host.cwd
  const worktree = yield* directories.worktreeOf(target)
  const below = target.endsWith("/") ? target : `${target}/`
  const kept = new Set<string | null>()
  for (const cwd of new Set(cwds)) {
    if (cwd === null) continue
    const real = yield* directories.realPath(cwd)
    const same =
      real === target ||
      (worktree !== null && real.startsWith(below) && (yield* directories.worktreeOf(real)) === worktree)
    if (same) kept.add(cwd)
  }
  if (choice.kind === "path") return { kept, scope: "explicit", reason: `only ${target}`, cwd: target } satisfies Scope
  if (choice.kind === "current")
    return { kept, scope: "current", reason: `only ${target}`, cwd: target } satisfies Scope
  if (kept.size === 0) return all("fellback_to_global", `no session was started in ${target}`)
  return { kept, scope: "auto", reason: `sessions of ${target}`, cwd: target } satisfies Scope
})

export const inScope = (scope: Scope, cwd: string | null): boolean => scope.kept === "all" || scope.kept.has(cwd)
