import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readDocument, type StateDocument, StateFiles } from "../../services/StateFiles.ts"
import type { OwnDirectory, OwnFile } from "../../services/StoreTrash.ts"

/**
 * How far a session has come. `copying`: every file is at its place, what is in the trash may be half of it. `moving`:
 * the trash has all of it, files are being removed. `moved`: they are. `restored`: they are back.
 */
const statuses = ["copying", "moving", "moved", "restored"] as const

const Nanoseconds = Schema.String.check(Schema.isPattern(/^-?\d+$/))

const Manifest = Schema.Struct({
  version: Schema.Literal(1),
  status: Schema.Literals(statuses),
  session: Schema.Struct({
    id: Schema.String,
    source: Schema.String,
    file_path: Schema.String,
    updated_at: Schema.Finite
  }),
  directories: Schema.Array(Schema.Struct({ path: Schema.String, mode: Schema.Int, mtime_ns: Nanoseconds })),
  files: Schema.Array(
    Schema.Struct({
      path: Schema.String,
      bytes: Schema.Int,
      mode: Schema.Int,
      mtime_ns: Nanoseconds,
      /** Null until the file has been copied. */
      sha256: Schema.NullOr(Schema.String)
    })
  )
})

/** What is known of one session in the trash: written before its first file is touched. */
export type Manifest = typeof Manifest.Type

const MaybeManifest = Schema.NullOr(Manifest)

/** The directory of everything that was ever moved. */
export const trashDir = "trash"

/** What one run moved. */
export const runDir = (run: string): string => `${trashDir}/${run}`

/** The files of the n-th session of a run, by their number in its manifest. */
export const filesDir = (run: string, session: string): string => `${runDir(run)}/${session}`

export const manifestOf = (
  run: string,
  session: string
): StateDocument<Manifest | null, typeof MaybeManifest.Encoded> => ({
  name: `${runDir(run)}/${session}.json`,
  schema: MaybeManifest,
  empty: null
})

/** Numbers of the sessions of a run, in the order in which they were moved. */
export const sessionsOf = Effect.fnUntraced(function* (run: string) {
  const files = yield* StateFiles
  return (yield* files.names(runDir(run))).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []))
})

/** Manifests of a run by the number of their session. */
export const manifestsOf = Effect.fnUntraced(function* (run: string) {
  const found: Array<{ readonly session: string; readonly manifest: Manifest }> = []
  for (const session of yield* sessionsOf(run)) {
    const manifest = yield* readDocument(manifestOf(run, session))
    if (manifest !== null) found.push({ session, manifest })
  }
  return found
})

export const fileRow = ({ bytes, mode, mtimeNs, path }: OwnFile, sha256: string | null): Manifest["files"][number] => ({
  path,
  bytes,
  mode,
  mtime_ns: String(mtimeNs),
  sha256
})

export const directoryRow = ({ mode, mtimeNs, path }: OwnDirectory): Manifest["directories"][number] => ({
  path,
  mode,
  mtime_ns: String(mtimeNs)
})

export const fileOfRow = ({ bytes, mode, mtime_ns, path }: Manifest["files"][number]): Omit<OwnFile, "inode"> => ({
  path,
  bytes,
  mode,
  mtimeNs: BigInt(mtime_ns)
})

export const directoryOfRow = ({ mode, mtime_ns, path }: Manifest["directories"][number]): OwnDirectory => ({
  path,
  mode,
  mtimeNs: BigInt(mtime_ns)
})
