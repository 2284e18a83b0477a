import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { FileNotWritable } from "../domain/errors.ts"

/** What was written: the absolute path, and the size in bytes. */
export interface Written {
  readonly path: string
  readonly bytes: number
}

/** Puts the next piece of a file; waits until it is taken. */
export type WritePiece = (text: string) => Effect.Effect<void, FileNotWritable>

/** Files that the caller asks for. */
export class FileOutput extends Context.Service<
  FileOutput,
  {
    /**
     * Writes a file in pieces. It appears, or replaces the one that was there, when all has been written, and not at all
     * when that fails. A new file is for its owner only (0600), one that is replaced keeps its mode; a device or a pipe
     * is written to as it is. Nothing is written below the directories of `never`, whatever link leads there.
     */
    readonly write: <E, R>(
      path: string,
      never: ReadonlyArray<string>,
      produce: (write: WritePiece) => Effect.Effect<void, E, R>
    ) => Effect.Effect<Written, E | FileNotWritable, R>
  }
>()("sessionr/services/FileOutput") {}
