import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { FileError } from "../domain/errors.ts"
import type { FileStat, Unreadable } from "../domain/session.ts"

/** A line of a file, without its line end. The object and its bytes are reused: take what is needed before returning. */
export interface Line {
  /** The bytes of the line: CR LF, LF, a leading BOM and leading NUL bytes are not part of it. */
  readonly bytes: Uint8Array
  /** Byte offset of `bytes` in the (decompressed) file. */
  readonly offset: number
  /** 0-based. */
  readonly number: number
  /** False for a last line without a line end, which may be torn. */
  readonly complete: boolean
  /** The line as UTF-8 text, invalid sequences replaced. */
  readonly text: () => string
}

/** Files found below a directory. */
export interface Tree {
  readonly files: ReadonlyArray<FileStat>
  readonly unreadable: ReadonlyArray<Unreadable>
}

/** The first and the last bytes of a file of `size` bytes. */
export interface Ends {
  readonly head: Uint8Array
  readonly tail: Uint8Array
  /** Byte offset of `tail` in the file. */
  readonly tailOffset: number
  readonly size: number
}

export interface WalkOptions {
  /** Levels of directories below the start that are entered; 0 lists the start alone. */
  readonly depth: number
  /** Whether to enter a directory; `depth` 0 is a child of the start. Default: every one. */
  readonly enter?: (name: string, depth: number) => boolean
  /** Whether to stat a file and give it back; `depth` 0 is a child of the start. */
  readonly take: (name: string, depth: number) => boolean
}

/**
 * Bulk reading of the stores that other programs write: nothing here can write.
 *
 * Reads are synchronous inside and yield between files and chunks; memory is bounded by the longest line, never by the
 * file. A missing file or directory is `null` or an empty tree, not an error; what exists and cannot be read is.
 * Files named `*.zst` are decompressed on the way; offsets and sizes then count decompressed bytes.
 */
export class StoreFiles extends Context.Service<
  StoreFiles,
  {
    /** Files below `dir`, sorted by path. A missing `dir` gives an empty tree. Symbolic links are followed to files only. */
    readonly walk: (dir: string, options: WalkOptions) => Effect.Effect<Tree>
    readonly stat: (path: string) => Effect.Effect<FileStat | null, FileError>
    /** The first `bytes` bytes, fewer at the end of the file. */
    readonly head: (path: string, bytes: number) => Effect.Effect<Uint8Array, FileError>
    /** The last `bytes` bytes and the offset of the first of them. */
    readonly tail: (path: string, bytes: number) => Effect.Effect<{ bytes: Uint8Array; offset: number }, FileError>
    /**
     * Both ends of a file in one go, at most so many bytes of each; they overlap in a short file. The bytes are only
     * there while `use` runs: thousands of files are looked at through the same two buffers.
     */
    readonly ends: <A>(
      path: string,
      bytes: { readonly head: number; readonly tail: number },
      use: (ends: Ends) => A
    ) => Effect.Effect<A, FileError>
    /** Every line from byte `from` (default 0) up to byte `to` (default the end), until `onLine` returns false. */
    readonly lines: (
      path: string,
      onLine: (line: Line) => boolean | void,
      range?: { readonly from?: number; readonly to?: number }
    ) => Effect.Effect<void, FileError>
    /** `length` bytes from `offset`; throws `FileError`. For going back to single records from plain code. */
    readonly readSync: (path: string, offset: number, length: number) => Uint8Array
    /** A whole small file as UTF-8, at most `limit` bytes of it; throws `FileError`; null when there is none. */
    readonly textSync: (path: string, limit: number) => string | null
    /**
     * What a zstd frame holds that a tool keeps inside of another store, at most `limit` bytes of it. Throws `FileError`,
     * which names `path`, where the frame is damaged or holds more.
     */
    readonly inflateSync: (path: string, bytes: Uint8Array, limit: number) => Uint8Array
  }
>()("sessionr/services/StoreFiles") {}
