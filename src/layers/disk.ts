import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { randomText } from "./hash.ts"

const chunkBytes = 1024 * 1024

export const codeOf = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException | undefined)?.code

export const isMissing = (cause: unknown): boolean => codeOf(cause) === "ENOENT" || codeOf(cause) === "ENOTDIR"

const words: Readonly<Record<string, string>> = {
  EACCES: "not permitted",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EIO: "the disk failed",
  EEXIST: "there is a file already",
  ENOENT: "there is no such file",
  ENOTDIR: "a part of the path is no directory",
  EISDIR: "it is a directory"
}

/** Why something failed on the disk, in words and with the system's own code. */
export const reasonOf = (cause: unknown): string => {
  const code = codeOf(cause)
  if (code === undefined) return cause instanceof Error ? cause.message : String(cause)
  const known = words[code]
  return known === undefined ? code : `${known} (${code})`
}

/** Makes what was written to a directory last: names of files in it. Not every platform opens directories. */
export const syncDirectory = (dir: string): void => {
  let fd: number
  try {
    fd = fs.openSync(dir, fs.constants.O_RDONLY)
  } catch (cause) {
    if (process.platform === "win32") return
    throw cause
  }
  try {
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

/** Makes a directory and those above it that are missing, for the user alone. */
export const makePrivateDirectory = (dir: string): void => {
  const first = fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (first !== undefined) syncDirectory(nodePath.dirname(first))
}

/** A short text that no other process comes up with. */
export const randomName = (): string => randomText(6)

/** Writes a file that others see whole or not at all, and that outlives a loss of power once this returns. */
export const writeWhole = (path: string, text: string): void => {
  const dir = nodePath.dirname(path)
  const temporary = nodePath.join(dir, `.${nodePath.basename(path)}.${randomName()}.tmp`)
  try {
    const fd = fs.openSync(temporary, "wx", 0o600)
    try {
      fs.writeFileSync(fd, text)
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
    fs.renameSync(temporary, path)
  } catch (cause) {
    fs.rmSync(temporary, { force: true })
    throw cause
  }
  syncDirectory(dir)
}

/** Every chunk of an open file, letting others run in between. */
const eachChunk = (fd: number, use: (chunk: Buffer) => void) =>
  Effect.gen(function* () {
    const buffer = Buffer.allocUnsafe(chunkBytes)
    for (;;) {
      const n = fs.readSync(fd, buffer, 0, chunkBytes, null)
      if (n === 0) return
      use(buffer.subarray(0, n))
      yield* Effect.yieldNow
    }
  })

const opened = (path: string, flags: string | number, mode?: number) =>
  Effect.acquireRelease(
    Effect.sync(() => fs.openSync(path, flags, mode)),
    (fd) => Effect.sync(() => fs.closeSync(fd))
  )

const readable = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | (fs.constants.O_NOFOLLOW ?? 0)

/** SHA-256 of a file in hex. Dies with what the system said. */
export const hashOf = Effect.fnUntraced(function* (path: string) {
  const fd = yield* opened(path, readable)
  const hash = createHash("sha256")
  yield* eachChunk(fd, (chunk) => hash.update(chunk))
  return hash.digest("hex")
}, Effect.scoped)

/**
 * Copies a file with its mode and times, to a name that must be free, onto the disk. Times are kept to a fraction of a
 * microsecond: finer ones cannot be set. Dies with what the system said, and leaves no half of a copy then.
 */
export const copyFile = Effect.fnUntraced(function* (from: string, to: string) {
  const source = yield* opened(from, readable)
  const stat = fs.fstatSync(source)
  const copy = yield* opened(to, "wx", 0o600)
  yield* Effect.gen(function* () {
    yield* eachChunk(source, (chunk) => fs.writeFileSync(copy, chunk))
    fs.fchmodSync(copy, stat.mode & 0o7777)
    fs.futimesSync(copy, stat.atimeMs / 1000, stat.mtimeMs / 1000)
    fs.fsyncSync(copy)
  }).pipe(Effect.onError(() => Effect.sync(() => fs.rmSync(to, { force: true }))))
}, Effect.scoped)
