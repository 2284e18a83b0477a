import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { FileError } from "../domain/errors.ts"
import { type Inventory, type OwnDirectory, type OwnFile, StoreTrash } from "../services/StoreTrash.ts"
import { codeOf, copyFile, hashOf, isMissing, reasonOf, syncDirectory } from "./disk.ts"
import { isRunning } from "./process-id.ts"

const toError = (path: string, cause: unknown): FileError =>
  cause instanceof FileError ? cause : new FileError({ path, reason: reasonOf(cause) })

const attempt = <A>(path: string, run: () => A): Effect.Effect<A, FileError> =>
  Effect.try({ try: run, catch: (cause) => toError(path, cause) })

const statOf = (path: string): fs.BigIntStats | null => {
  try {
    return fs.lstatSync(path, { bigint: true })
  } catch (cause) {
    if (isMissing(cause)) return null
    throw cause
  }
}

const permissions = (stat: fs.BigIntStats): number => Number(stat.mode & 0o7777n)

/** Whether a path lies below a root without a symbolic link on the way; the root itself may be one. */
const wayProblem = (path: string, roots: ReadonlyArray<string>): string | null => {
  const parent = nodePath.dirname(path)
  const above = roots.filter((root) => path.startsWith(`${root.replace(/(?<=.)[/\\]+$/, "")}${nodePath.sep}`))
  if (above.length === 0) return `${path} lies outside of the source's directories`
  const isStraight = above.some(
    (root) => fs.realpathSync(parent) === nodePath.join(fs.realpathSync(root), nodePath.relative(root, parent))
  )
  return isStraight ? null : `${path} is reached through a symbolic link`
}

/** Collects what is at a path; the first problem ends it. */
const visit = (path: string, files: Map<string, OwnFile>, directories: Map<string, OwnDirectory>): string | null => {
  const stat = statOf(path)
  if (stat === null) return null
  if (stat.isFile()) {
    const { ino, mtimeNs, size } = stat
    files.set(path, { path, bytes: Number(size), mode: permissions(stat), mtimeNs, inode: ino })
    return null
  }
  if (!stat.isDirectory()) return `${path} is ${stat.isSymbolicLink() ? "a symbolic link" : "no regular file"}`
  directories.set(path, { path, mode: permissions(stat), mtimeNs: stat.mtimeNs })
  for (const name of fs.readdirSync(path).sort()) {
    const problem = visit(nodePath.join(path, name), files, directories)
    if (problem !== null) return problem
  }
  return null
}

const inventory = (paths: ReadonlyArray<string>, roots: ReadonlyArray<string>): Inventory => {
  const files = new Map<string, OwnFile>()
  const directories = new Map<string, OwnDirectory>()
  let problem: string | null = null
  for (const path of paths) {
    try {
      if (statOf(path) !== null) problem ??= wayProblem(path, roots) ?? visit(path, files, directories)
    } catch (cause) {
      problem ??= `${path} cannot be looked at: ${reasonOf(cause)}`
    }
  }
  return {
    files: Array.from(files.values()),
    directories: Array.from(directories.values()).sort((a, b) => (a.path < b.path ? -1 : 1)),
    problem
  }
}

const remove = (file: OwnFile): void => {
  const stat = statOf(file.path)
  const isSame =
    stat !== null &&
    stat.isFile() &&
    stat.ino === file.inode &&
    stat.mtimeNs === file.mtimeNs &&
    Number(stat.size) === file.bytes
  if (!isSame) throw new FileError({ path: file.path, reason: stat === null ? "it has gone" : "it has changed" })
  fs.unlinkSync(file.path)
}

const makeDirectory = ({ mode, path }: OwnDirectory): boolean => {
  const stat = statOf(path)
  if (stat !== null) {
    if (fs.statSync(path).isDirectory()) return false
    throw new FileError({ path, reason: "there is a file where a directory was" })
  }
  // What a tool shares between sessions was there before; where it is gone, nobody else needs to see in.
  fs.mkdirSync(nodePath.dirname(path), { recursive: true, mode: 0o700 })
  fs.mkdirSync(path, { mode })
  fs.chmodSync(path, mode)
  return true
}

const seconds = (ns: bigint): number => Number(ns) / 1e9

/** Codes that say of two places that no file can have a name in both. */
const elsewhere: ReadonlySet<string | undefined> = new Set([
  "EXDEV",
  "EPERM",
  "EMLINK",
  "ENOSYS",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EINVAL"
])

const linkTo = (kept: string, path: string): "done" | "exists" | "elsewhere" => {
  try {
    fs.linkSync(kept, path)
    return "done"
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return "exists"
    if (elsewhere.has(codeOf(cause))) return "elsewhere"
    throw cause
  }
}

/** The file that is kept becomes the file again; from another file system it comes as a copy that is whole at once. */
const restore = Effect.fnUntraced(function* (kept: string, { mode, mtimeNs, path }: Omit<OwnFile, "inode">) {
  const dir = nodePath.dirname(path)
  const linked = yield* attempt(path, () => {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    return statOf(path) === null ? linkTo(kept, path) : "exists"
  })
  if (linked === "exists") return false
  if (linked === "elsewhere") {
    // One name for every attempt: what a killed one left behind goes away with the next.
    const temporary = nodePath.join(dir, `.${nodePath.basename(path)}.sessionr-restore`)
    yield* attempt(temporary, () => fs.rmSync(temporary, { force: true }))
    yield* Effect.catchDefect(copyFile(kept, temporary), (cause) => Effect.fail(toError(path, cause)))
    const placed = yield* attempt(path, () => {
      fs.chmodSync(temporary, mode)
      fs.utimesSync(temporary, seconds(mtimeNs), seconds(mtimeNs))
      const second = linkTo(temporary, path)
      if (second !== "elsewhere") fs.rmSync(temporary)
      else if (statOf(path) === null) fs.renameSync(temporary, path)
      return second !== "exists"
    })
    if (!placed) return false
  }
  yield* attempt(dir, () => syncDirectory(dir))
  return true
})

/** The stores on the disk. */
export const layer = Layer.succeed(
  StoreTrash,
  StoreTrash.of({
    inventory: (paths, roots) => Effect.sync(() => inventory(paths, roots)),
    hash: (path) =>
      Effect.catchDefect(hashOf(path), (cause) =>
        isMissing(cause) ? Effect.succeed(null) : Effect.fail(toError(path, cause))
      ),
    remove: (file) => attempt(file.path, () => remove(file)),
    removeDirectory: (path) =>
      attempt(path, () => {
        try {
          fs.rmdirSync(path)
        } catch (cause) {
          // Something new in it belongs to whoever wrote it.
          if (!isMissing(cause) && codeOf(cause) !== "ENOTEMPTY" && codeOf(cause) !== "EEXIST") throw cause
        }
      }),
    makeDirectory: (directory) => attempt(directory.path, () => makeDirectory(directory)),
    setTimes: ({ mtimeNs, path }) => attempt(path, () => fs.utimesSync(path, seconds(mtimeNs), seconds(mtimeNs))),
    restore,
    isRunning: (pid) => Effect.sync(() => isRunning(pid))
  })
)
