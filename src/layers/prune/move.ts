import * as Effect from "effect/Effect"
import type { FileError, StateError } from "../../domain/errors.ts"
import { StateFiles, writeDocument } from "../../services/StateFiles.ts"
import { type Inventory, type OwnFile, StoreTrash } from "../../services/StoreTrash.ts"
import { directoryRow, fileRow, filesDir, type Manifest, manifestOf } from "./manifest.ts"
import type { Candidate } from "./select.ts"

const sameFile = (a: OwnFile, b: OwnFile): boolean =>
  a.path === b.path && a.bytes === b.bytes && a.mtimeNs === b.mtimeNs && a.inode === b.inode && a.mode === b.mode

/** What is not as it was when the session was looked at; null where all is. */
const difference = (before: Inventory, now: Inventory): string | null => {
  if (now.problem !== null) return now.problem
  const known = new Map(before.files.map((file) => [file.path, file]))
  for (const file of now.files) {
    const seen = known.get(file.path)
    if (seen === undefined) return `${file.path} has been written meanwhile`
    if (!sameFile(seen, file)) return `${file.path} has changed meanwhile`
    known.delete(file.path)
  }
  for (const path of known.keys()) return `${path} has gone meanwhile`
  return null
}

const failureOf = ({ path, reason }: FileError): string => `${path}: ${reason}`

/** Takes every file into the trash and compares each with its original, byte for byte. A text is why that failed. */
const copyAll = Effect.fnUntraced(function* (folder: string, files: ReadonlyArray<OwnFile>) {
  const state = yield* StateFiles
  const trash = yield* StoreTrash
  const hashes: Array<string> = []
  for (const [at, { path }] of files.entries()) {
    const name = `${folder}/${at}`
    const taken = yield* state.take(path, name).pipe(
      Effect.andThen(trash.hash(path)),
      Effect.map((hash) => ({ hash })),
      Effect.catchTag("FileError", (error) => Effect.succeed(failureOf(error)))
    )
    if (typeof taken === "string") return taken
    if (taken.hash === null) return `${path} has gone meanwhile`
    if ((yield* state.hash(name)) !== taken.hash) return `${path} differs from its copy`
    hashes.push(taken.hash)
  }
  return hashes
})

/** Removes the originals; where one has changed, those that are gone already come back. A text is why it failed. */
const removeAll = Effect.fnUntraced(function* (folder: string, files: ReadonlyArray<OwnFile>) {
  const state = yield* StateFiles
  const trash = yield* StoreTrash
  for (const [at, file] of files.entries()) {
    const reason = yield* trash.remove(file).pipe(
      Effect.as(null),
      Effect.catch((error) => Effect.succeed(failureOf(error)))
    )
    if (reason === null) continue
    const lost: Array<string> = []
    for (const [number, gone] of files.slice(0, at).entries()) {
      const back = yield* trash
        .restore(state.pathOf(`${folder}/${number}`), gone)
        .pipe(Effect.catch(() => Effect.succeed(false)))
      if (!back) lost.push(gone.path)
    }
    return { reason, isWhole: lost.length === 0 }
  }
  return null
})

/**
 * Moves a session to the trash. Gives back null when it is there, or the reason why it is where it was. Fails when our
 * own state does; the session is where it was then, too.
 *
 * Wherever this ends, by force too, every file is at its place or whole in the trash, and the manifest says which: it is
 * on the disk before the first copy, and says that the copies are whole before the first original goes.
 */
export const moveSession = Effect.fnUntraced(function* (
  run: string,
  session: string,
  candidate: Candidate
): Effect.fn.Return<string | null, StateError, StateFiles | StoreTrash> {
  const state = yield* StateFiles
  const trash = yield* StoreTrash
  const { inventory, paths, roots } = candidate
  // The transcript goes first and comes back last: a tool that looks in between sees no session, never half of one.
  const isMain = ({ path }: OwnFile) => Number(path === candidate.filePath)
  const files = inventory.files.toSorted((a, b) => isMain(b) - isMain(a))
  const look = Effect.map(trash.inventory(paths, roots), (now) => difference(inventory, now))
  const early = yield* look
  if (early !== null) return early
  const folder = filesDir(run, session)
  const document = manifestOf(run, session)
  const manifest = (status: Manifest["status"], hashes: ReadonlyArray<string>): Manifest => ({
    version: 1,
    status,
    session: {
      id: candidate.id,
      source: candidate.source,
      file_path: candidate.filePath,
      updated_at: candidate.updatedAt
    },
    directories: inventory.directories.map(directoryRow),
    files: files.map((file, at) => fileRow(file, hashes[at] ?? null))
  })
  // The manifest goes last: as long as there are copies, something says what they are.
  const forget = Effect.andThen(state.remove(folder), state.remove(document.name))
  const prepared = yield* Effect.gen(function* () {
    yield* writeDocument(document, manifest("copying", []))
    const hashes = yield* copyAll(folder, files)
    if (typeof hashes === "string") return { reason: hashes }
    yield* writeDocument(document, manifest("moving", hashes))
    const late = yield* look
    return late === null ? { hashes } : { reason: late }
  }).pipe(Effect.tapError(() => Effect.ignore(forget)))
  if ("reason" in prepared) {
    yield* Effect.ignore(forget)
    return prepared.reason
  }
  const failure = yield* removeAll(folder, files)
  if (failure !== null) {
    if (!failure.isWhole) return `${failure.reason}; not all of it could be put back: sessionr prune --undo ${run}`
    yield* Effect.ignore(forget)
    return failure.reason
  }
  for (const { path } of inventory.directories.toReversed()) yield* Effect.ignore(trash.removeDirectory(path))
  // Names of one file share its mode: only now that the others are gone can it be for the user alone.
  for (const at of files.keys()) yield* Effect.ignore(state.setMode(`${folder}/${at}`, 0o600))
  // All of it is in the trash, whatever the manifest can still be made to say.
  yield* Effect.ignore(writeDocument(document, manifest("moved", prepared.hashes)))
  return null
})
