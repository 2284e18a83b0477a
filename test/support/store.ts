import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as os from "node:os"
import * as nodePath from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqliteLive from "../../src/layers/SqliteLive.ts"
import * as StoreFilesLive from "../../src/layers/StoreFilesLive.ts"

/** What adapters need, on the real file system. */
export const storeLayer = Layer.merge(StoreFilesLive.layer, SqliteLive.layer)

/** A temporary directory that goes away with the scope. */
export const temporaryHome = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(nodePath.join(os.tmpdir(), "sessionr-test-"))),
  (path) => Effect.sync(() => fs.rmSync(path, { recursive: true, force: true }))
)

/** Every file and directory below `root` with size, mtime and content: equal before and after means untouched. */
export const snapshotOf = (root: string): ReadonlyArray<string> =>
  fs
    .readdirSync(root, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const path = nodePath.join(root, name)
      const stat = fs.lstatSync(path, { bigint: true })
      const content = stat.isFile() ? createHash("sha256").update(fs.readFileSync(path)).digest("hex") : ""
      return `${name} ${stat.mode} ${stat.size} ${stat.mtimeNs} ${content}`
    })

/** Every file below `root` with mode, size, mtime and content. Directories change their times with every name in them. */
export const filesOf = (root: string): ReadonlyArray<string> =>
  snapshotOf(root).filter((line) => /[0-9a-f]{64}$/.test(line))

/** Gives every file below `root` the same old time, so that nothing looks as if somebody were writing. */
export const makeOld = (root: string, ms = Date.UTC(2026, 10, 2)): void => {
  for (const name of fs.readdirSync(root, { recursive: true, encoding: "utf8" })) {
    const path = nodePath.join(root, name)
    if (fs.lstatSync(path).isFile()) fs.utimesSync(path, ms / 1000, ms / 1000)
  }
}

/** Writes a file and the directories above it. */
export const writeFile = (path: string, content: string | Uint8Array, mtimeMs?: number): void => {
  fs.mkdirSync(nodePath.dirname(path), { recursive: true })
  fs.writeFileSync(path, content)
  if (mtimeMs !== undefined) fs.utimesSync(path, mtimeMs / 1000, mtimeMs / 1000)
}

/** Records as JSON Lines. */
export const jsonLines = (records: ReadonlyArray<unknown>): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join("")
