import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import * as zlib from "node:zlib"
import { FileError } from "../domain/errors.ts"
import type { FileStat, Unreadable } from "../domain/session.ts"
import { type Ends, type Line, StoreFiles, type WalkOptions } from "../services/StoreFiles.ts"
import { LineSplitter } from "./line-splitter.ts"

const chunkBytes = 1024 * 1024

/** Compressed files are decompressed whole: a frame that claims more than this is refused. */
const inflatedLimit = 1024 * 1024 * 1024

const code = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException | undefined)?.code

const fileError = (path: string, cause: unknown): FileError =>
  cause instanceof FileError
    ? cause
    : new FileError({ path, reason: code(cause) ?? (cause instanceof Error ? cause.message : String(cause)) })

const missing = (cause: unknown): boolean => code(cause) === "ENOENT" || code(cause) === "ENOTDIR"

const attempt = <A>(path: string, run: () => A): Effect.Effect<A, FileError> =>
  Effect.try({ try: run, catch: (cause) => fileError(path, cause) })

const toStat = (path: string, stat: fs.BigIntStats): FileStat => ({
  path,
  size: Number(stat.size),
  mtimeMs: Number(stat.mtimeNs) / 1e6,
  mtimeNs: stat.mtimeNs,
  inode: Number(stat.ino)
})

const isCompressed = (path: string): boolean => path.endsWith(".zst")

const orFileError = <A>(path: string, run: () => A): A => {
  try {
    return run()
  } catch (cause) {
    throw fileError(path, cause)
  }
}

const inflate = (path: string): Buffer =>
  orFileError(path, () => zlib.zstdDecompressSync(fs.readFileSync(path), { maxOutputLength: inflatedLimit }))

/** Runs `use` with an open descriptor and its size. */
const withFile = <A>(path: string, use: (fd: number, size: number) => A): A => {
  let fd: number
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  } catch (cause) {
    throw fileError(path, cause)
  }
  try {
    const stat = fs.fstatSync(fd)
    if (!stat.isFile()) throw new FileError({ path, reason: "not a regular file" })
    return use(fd, stat.size)
  } catch (cause) {
    throw fileError(path, cause)
  } finally {
    fs.closeSync(fd)
  }
}

const readFully = (fd: number, into: Buffer, offset: number): Buffer => {
  let filled = 0
  while (filled < into.length) {
    const n = fs.readSync(fd, into, filled, into.length - filled, offset + filled)
    if (n === 0) break
    filled += n
  }
  return filled === into.length ? into : into.subarray(0, filled)
}

/** Buffers that grow to the largest look at a file's ends and are used again for the next file. */
const scratch = { head: Buffer.alloc(0), tail: Buffer.alloc(0) }

const scratchOf = (end: keyof typeof scratch, bytes: number): Buffer => {
  if (scratch[end].length < bytes) scratch[end] = Buffer.allocUnsafeSlow(bytes)
  return scratch[end].subarray(0, bytes)
}

const endsOf = (path: string, bytes: { readonly head: number; readonly tail: number }): Ends => {
  if (isCompressed(path)) {
    const all = inflate(path)
    const tailOffset = Math.max(0, all.length - bytes.tail)
    return { head: all.subarray(0, bytes.head), tail: all.subarray(tailOffset), tailOffset, size: all.length }
  }
  return withFile(path, (fd, size) => {
    const tailOffset = Math.max(0, size - bytes.tail)
    return {
      head: readFully(fd, scratchOf("head", Math.min(bytes.head, size)), 0),
      tail: readFully(fd, scratchOf("tail", size - tailOffset), tailOffset),
      tailOffset,
      size
    }
  })
}

/** The file that was decompressed last, as long as nothing else needs the memory: its records are asked for in turn. */
let inflated: { readonly path: string; readonly stamp: string; readonly bytes: WeakRef<Buffer> } | null = null

const inflateAgain = (path: string): Buffer => {
  const { ino, mtimeNs, size } = orFileError(path, () => fs.statSync(path, { bigint: true }))
  const stamp = `${ino}-${mtimeNs}-${size}`
  const known = inflated?.path === path && inflated.stamp === stamp ? inflated.bytes.deref() : undefined
  if (known !== undefined) return known
  const bytes = inflate(path)
  inflated = { path, stamp, bytes: new WeakRef(bytes) }
  return bytes
}

const slice = (path: string, offset: number, length: number): Buffer => {
  if (isCompressed(path)) return inflateAgain(path).subarray(offset, offset + length)
  return withFile(path, (fd, size) =>
    readFully(fd, Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset))), offset)
  )
}

const walkInto = (
  dir: string,
  depth: number,
  options: WalkOptions,
  files: Array<FileStat>,
  unreadable: Array<Unreadable>
): void => {
  let entries: Array<fs.Dirent>
  try {
    entries = fs.readdirSync(dir, { withFileTypes: true })
  } catch (cause) {
    if (!(depth === 0 && missing(cause))) unreadable.push({ path: dir, reason: fileError(dir, cause).reason })
    return
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  for (const entry of entries) {
    const path = nodePath.join(dir, entry.name)
    if (entry.isDirectory()) {
      if (depth < options.depth && (options.enter?.(entry.name, depth) ?? true)) {
        walkInto(path, depth + 1, options, files, unreadable)
      }
      continue
    }
    if (!(entry.isFile() || entry.isSymbolicLink()) || !options.take(entry.name, depth)) continue
    try {
      const stat = fs.statSync(path, { bigint: true })
      if (stat.isFile()) files.push(toStat(path, stat))
    } catch (cause) {
      // A file that went away between the listing and the stat is not a finding, a dangling link is.
      if (!missing(cause) || entry.isSymbolicLink()) unreadable.push({ path, reason: fileError(path, cause).reason })
    }
  }
}

const inflatedLines = (path: string, onLine: (line: Line) => boolean | void, from: number, to: number) =>
  attempt(path, () => {
    const bytes = inflate(path)
    const splitter = new LineSplitter(onLine, from)
    const end = Math.min(to, bytes.length)
    for (let at = from; at < end; at += chunkBytes) {
      if (!splitter.push(bytes.subarray(at, Math.min(at + chunkBytes, end)))) return
    }
    splitter.end()
  })

const plainLines = Effect.fnUntraced(function* (
  path: string,
  onLine: (line: Line) => boolean | void,
  from: number,
  to: number
) {
  const fd = yield* Effect.acquireRelease(
    attempt(path, () => fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)),
    (fd) => Effect.sync(() => fs.closeSync(fd))
  )
  const size = yield* attempt(path, () => {
    const stat = fs.fstatSync(fd)
    if (!stat.isFile()) throw new FileError({ path, reason: "not a regular file" })
    return Math.min(stat.size, to)
  })
  const splitter = new LineSplitter(onLine, from)
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(chunkBytes, size - from)))
  for (let at = from; at < size;) {
    const n = yield* attempt(path, () => fs.readSync(fd, buffer, 0, Math.min(buffer.length, size - at), at))
    if (n === 0) break
    at += n
    if (!splitter.push(buffer.subarray(0, n))) return
    if (at < size) yield* Effect.yieldNow
  }
  splitter.end()
}, Effect.scoped)

/** Foreign stores on the real file system. */
export const layer = Layer.succeed(
  StoreFiles,
  StoreFiles.of({
    walk: (dir, options) =>
      Effect.sync(() => {
        const files: Array<FileStat> = []
        const unreadable: Array<Unreadable> = []
        walkInto(dir, 0, options, files, unreadable)
        return { files, unreadable }
      }),
    stat: (path) =>
      attempt(path, () => {
        try {
          const stat = fs.statSync(path, { bigint: true })
          return stat.isFile() || stat.isDirectory() ? toStat(path, stat) : null
        } catch (cause) {
          if (missing(cause)) return null
          throw cause
        }
      }),
    head: (path, bytes) => attempt(path, () => slice(path, 0, bytes)),
    tail: (path, bytes) =>
      attempt(path, () => {
        if (isCompressed(path)) {
          const all = inflate(path)
          const offset = Math.max(0, all.length - bytes)
          return { bytes: all.subarray(offset), offset }
        }
        return withFile(path, (fd, size) => {
          const offset = Math.max(0, size - bytes)
          return { bytes: readFully(fd, Buffer.allocUnsafe(size - offset), offset), offset }
        })
      }),
    ends: (path, bytes, use) => attempt(path, () => use(endsOf(path, bytes))),
    lines: (path, onLine, range) =>
      isCompressed(path)
        ? inflatedLines(path, onLine, range?.from ?? 0, range?.to ?? Infinity)
        : plainLines(path, onLine, range?.from ?? 0, range?.to ?? Infinity),
    readSync: slice,
    textSync: (path, limit) => {
      try {
        return slice(path, 0, limit).toString("utf8")
      } catch (cause) {
        if (cause instanceof FileError && (cause.reason === "ENOENT" || cause.reason === "ENOTDIR")) return null
        throw cause
      }
    },
    inflateSync: (path, bytes, limit) => {
      try {
        return zlib.zstdDecompressSync(bytes, { maxOutputLength: limit })
      } catch (cause) {
        throw fileError(path, cause)
      }
    }
  })
)
