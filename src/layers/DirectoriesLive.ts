import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { Directories } from "../services/Directories.ts"

const isDirectory = (path: string): boolean => {
  try {
    return fs.statSync(path).isDirectory()
  } catch {
    return false
  }
}

const realPath = (path: string): string => {
  try {
    return fs.realpathSync(path)
  } catch {
    return path
  }
}

const worktreeOf = (path: string): string | null => {
  for (let at = path; ; at = nodePath.dirname(at)) {
    // In a linked worktree or a submodule `.git` is a file.
    if (fs.existsSync(nodePath.join(at, ".git"))) return at
    if (at === nodePath.dirname(at)) return null
  }
}

const sizeOf = (path: string): { bytes: number; files: number } | null => {
  let entries: Array<fs.Dirent>
  try {
    entries = fs.readdirSync(path, { withFileTypes: true })
  } catch {
    return null
  }
  const total = { bytes: 0, files: 0 }
  for (const entry of entries) {
    const child = nodePath.join(path, entry.name)
    if (entry.isDirectory()) {
      const below = sizeOf(child)
      total.bytes += below?.bytes ?? 0
      total.files += below?.files ?? 0
    } else if (entry.isFile()) {
      try {
        total.bytes += fs.statSync(child).size
        total.files++
      } catch {
        // It went away meanwhile: then it has no size.
      }
    }
  }
  return total
}

export const layer = Layer.sync(Directories, () => {
  const real = new Map<string, string>()
  const remembered = (path: string): string => {
    const known = real.get(path)
    if (known !== undefined) return known
    const found = realPath(path)
    real.set(path, found)
    return found
  }
  return Directories.of({
    exists: (path) => Effect.sync(() => isDirectory(path)),
    realPath: (path) => Effect.sync(() => remembered(path)),
    worktreeOf: (path) => Effect.sync(() => worktreeOf(path)),
    size: (path) => Effect.sync(() => sizeOf(path))
  })
})
