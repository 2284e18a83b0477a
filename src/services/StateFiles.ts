import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type FileError, StateError } from "../domain/errors.ts"

/** How long a lock is waited for, in milliseconds, before the answer is that it cannot be had. */
export interface LockOptions {
  readonly waitMs?: number
}

/**
 * Our own state: the only place that writes below the state directory. Names are relative paths with forward slashes, of
 * letters, digits, `-`, `_` and `.`; none begins with a dot. Directories are made with mode 0700, files with 0600.
 */
export class StateFiles extends Context.Service<
  StateFiles,
  {
    /** The absolute path behind a name; nothing is looked at. */
    readonly pathOf: (name: string) => string
    /** A file as UTF-8; null where there is none. */
    readonly text: (name: string) => Effect.Effect<string | null, StateError>
    /** Replaces a file atomically; on the disk when the effect ends. */
    readonly put: (name: string, text: string) => Effect.Effect<void, StateError>
    /** Names of files and directories in a directory, sorted; none where it is missing. */
    readonly names: (name: string) => Effect.Effect<ReadonlyArray<string>, StateError>
    /** Removes a file or a directory with all that is in it; what is not there is not missed. */
    readonly remove: (name: string) => Effect.Effect<void, StateError>
    /**
     * Runs an effect while no other process holds the lock of that name. A holder that is dead does not block; one that
     * lives is waited for, then the failure says who it is.
     */
    readonly locked: (
      name: string,
      options?: LockOptions
    ) => <A, E, R>(use: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StateError, R>
    /**
     * Takes a file of somebody else's into the state: as a second name of the same file where both lie on one file
     * system, so that not even its times change, else as a copy with its times and mode. Never changes the original. On
     * the disk when the effect ends.
     */
    readonly take: (path: string, name: string) => Effect.Effect<void, StateError | FileError>
    /** Changes the permission bits of a file, unless somebody else has a name for it too: it would change for them. */
    readonly setMode: (name: string, mode: number) => Effect.Effect<void, StateError>
    /** SHA-256 of a file as it is on the disk, in hex. */
    readonly hash: (name: string) => Effect.Effect<string, StateError>
  }
>()("sessionr/services/StateFiles") {}

/** A JSON document of our state. Its schema should name a version, so that a newer one is refused and not damaged. */
export interface StateDocument<A, I> {
  readonly name: string
  readonly schema: Schema.Codec<A, I>
  /** What a missing file stands for. */
  readonly empty: A
}

const damaged = (path: string, reason: string): StateError =>
  new StateError({
    message: `${path} is not what sessionr writes there: ${reason}`,
    suggestion: "sessionr doctor",
    path,
    reason
  })

/** A document as it is now. A file that cannot be understood fails: it may hold what nobody else knows. */
export const readDocument = Effect.fnUntraced(function* <A, I>({ empty, name, schema }: StateDocument<A, I>) {
  const files = yield* StateFiles
  const text = yield* files.text(name)
  if (text === null) return empty
  const decoded = Schema.decodeUnknownResult(Schema.fromJsonString(schema))(text)
  if (Result.isSuccess(decoded)) return decoded.success
  return yield* damaged(files.pathOf(name), String(decoded.failure).split("\n")[0] ?? "not readable")
})

/** Replaces a document. */
export const writeDocument = Effect.fnUntraced(function* <A, I>({ name, schema }: StateDocument<A, I>, value: A) {
  const files = yield* StateFiles
  yield* files.put(name, `${JSON.stringify(Schema.encodeSync(schema)(value), null, 2)}\n`)
})

/**
 * Reads, changes and writes a document while no other process does. `change` gives back the new value and the answer;
 * the same value again means that there is nothing to write.
 */
export const updateDocument = <A, I, B>(
  document: StateDocument<A, I>,
  change: (known: A) => readonly [next: A, answer: B]
): Effect.Effect<B, StateError, StateFiles> =>
  Effect.gen(function* () {
    const files = yield* StateFiles
    return yield* files.locked(document.name)(
      Effect.gen(function* () {
        const known = yield* readDocument(document)
        const [next, answer] = change(known)
        if (next !== known) yield* writeDocument(document, next)
        return answer
      })
    )
  })
