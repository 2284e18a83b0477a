import * as Effect from "effect/Effect"
import type { FileError, StateError } from "../../domain/errors.ts"
import type { RestoredItem, RestoredResult } from "../../domain/results.ts"
import { StateFiles, writeDocument } from "../../services/StateFiles.ts"
import { StoreTrash } from "../../services/StoreTrash.ts"
import { directoryOfRow, fileOfRow, filesDir, type Manifest, manifestOf } from "./manifest.ts"

type Conflict = Omit<RestoredResult["conflicts"][number], "id" | "source">

/** Puts one file back: true where it had gone, false where it is there already, a text where neither can be. */
const restoreFile = Effect.fnUntraced(function* (kept: string, row: Manifest["files"][number]) {
  const state = yield* StateFiles
  const trash = yield* StoreTrash
  const here = yield* trash.hash(row.path)
  if (here !== null) return here === row.sha256 ? false : "another file is there now"
  // Without a hash the copy was never finished, and the original never removed by us.
  if (row.sha256 === null) return "it was not moved, and is gone all the same"
  const copy = yield* Effect.result(state.hash(kept))
  if (copy._tag === "Failure") return `its copy cannot be read: ${copy.failure.reason}`
  if (copy.success !== row.sha256) return "its copy in the trash has changed"
  yield* state.setMode(kept, row.mode)
  return (yield* trash.restore(state.pathOf(kept), fileOfRow(row))) ? true : "another file is there now"
})

const failed = (error: FileError): Effect.Effect<string> => Effect.succeed(error.reason)

/** Puts a session back. What cannot be put back stays in the trash, and the rest of the session comes back all the same. */
export const restoreSession = Effect.fnUntraced(function* (
  run: string,
  session: string,
  manifest: Manifest
): Effect.fn.Return<
  { readonly status: RestoredItem["status"]; readonly conflicts: ReadonlyArray<Conflict> },
  StateError,
  StateFiles | StoreTrash
> {
  const state = yield* StateFiles
  const trash = yield* StoreTrash
  const conflicts: Array<Conflict> = []
  let restored = 0
  if (manifest.status === "moving" || manifest.status === "moved") {
    const made: Array<Manifest["directories"][number]> = []
    for (const row of manifest.directories) {
      const done = yield* trash.makeDirectory(directoryOfRow(row)).pipe(Effect.catch(failed))
      if (done === true) made.push(row)
      else if (done !== false) conflicts.push({ path: row.path, reason: done })
    }
    const last = manifest.files.findIndex(({ path }) => path === manifest.session.file_path)
    const order = manifest.files.map((_, at) => at).sort((a, b) => Number(a === last) - Number(b === last))
    for (const at of order) {
      const row = manifest.files[at]!
      const done = yield* restoreFile(`${filesDir(run, session)}/${at}`, row).pipe(Effect.catchTag("FileError", failed))
      if (done === true) restored++
      else if (done !== false) conflicts.push({ path: row.path, reason: done })
    }
    for (const row of made.toReversed()) yield* Effect.ignore(trash.setTimes(directoryOfRow(row)))
  }
  if (conflicts.length > 0) return { status: "partial", conflicts }
  if (manifest.status !== "restored") {
    yield* state.remove(filesDir(run, session))
    yield* writeDocument(manifestOf(run, session), { ...manifest, status: "restored" })
  }
  return { status: restored > 0 ? "restored" : "already_there", conflicts }
})
