import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { FileError } from "../domain/errors.ts"

/** A file of a tool's store, as far as it must be the same when it is removed, and when it is put back. */
export interface OwnFile {
  readonly path: string
  readonly bytes: number
  /** Permission bits. */
  readonly mode: number
  /** Nanoseconds since the epoch. */
  readonly mtimeNs: bigint
  readonly inode: bigint
}

export interface OwnDirectory {
  readonly path: string
  readonly mode: number
  readonly mtimeNs: bigint
}

/** Everything at some paths. */
export interface Inventory {
  readonly files: ReadonlyArray<OwnFile>
  /** Each before those inside of it. */
  readonly directories: ReadonlyArray<OwnDirectory>
  /** Why it must not be moved; null where it may. */
  readonly problem: string | null
}

/**
 * The only service that changes what a tool wrote: it takes files away that lie in the trash already, and puts them back.
 * Each step is one call, so that a test can end the program between any two.
 */
export class StoreTrash extends Context.Service<
  StoreTrash,
  {
    /**
     * Files and directories at the paths and below. Nothing is followed: a symbolic link at a path, below it, or on the
     * way to it from its root is a problem, and so is a path outside of the roots. What is missing is left out.
     */
    readonly inventory: (paths: ReadonlyArray<string>, roots: ReadonlyArray<string>) => Effect.Effect<Inventory>
    /** SHA-256 in hex; null where there is no such file. */
    readonly hash: (path: string) => Effect.Effect<string | null, FileError>
    /** Removes a file if it is still the one that was seen; fails, and touches nothing, where it has changed. */
    readonly remove: (file: OwnFile) => Effect.Effect<void, FileError>
    /** Removes a directory if it is empty; else leaves it. */
    readonly removeDirectory: (path: string) => Effect.Effect<void, FileError>
    /** Makes a directory that is missing, with those above it; true where there was something to make. */
    readonly makeDirectory: (directory: OwnDirectory) => Effect.Effect<boolean, FileError>
    /** Gives a directory the time that it had. */
    readonly setTimes: (directory: OwnDirectory) => Effect.Effect<void, FileError>
    /**
     * Puts a file back from where it is kept, with its mode and times, in one step that cannot replace another file:
     * false where there is one. What it was kept as stays.
     */
    readonly restore: (kept: string, file: Omit<OwnFile, "inode">) => Effect.Effect<boolean, FileError>
    /** Whether a process of that number runs on this machine. */
    readonly isRunning: (pid: number) => Effect.Effect<boolean>
  }
>()("sessionr/services/StoreTrash") {}
