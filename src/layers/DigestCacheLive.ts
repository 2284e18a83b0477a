import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { createHash, randomUUID } from "node:crypto"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import type { FileStat } from "../domain/session.ts"
import { Directories } from "../services/Directories.ts"
import { DigestCache } from "../services/DigestCache.ts"
import { Settings } from "../services/Settings.ts"

/** Changes when what a digest is computed from changes: older ones are then as good as not there. */
const generation = 1

const count = Schema.Int
const StoredDigest = Schema.Struct({
  generation: Schema.Literal(generation),
  version: Schema.String,
  stamp: Schema.String,
  digest: Schema.Struct({
    contentHash: Schema.String,
    totalMessages: count,
    totalTokens: count,
    byRole: Schema.Struct({ user: count, assistant: count, system: count, tool_use: count, tool_result: count }),
    updatedAt: Schema.Finite
  })
})

const StoredJson = Schema.fromJsonString(StoredDigest)
const decode = Schema.decodeOption(StoredJson)
const encode = Schema.encodeSync(StoredJson)

/** A file with this stamp has not moved: size, time of change to the nanosecond, and inode are the same. */
const stampOf = (file: FileStat): string => `${file.size}-${file.mtimeNs}-${file.inode}`

/** One small file per session below the cache directory, replaced atomically. */
export const layer = Layer.effect(
  DigestCache,
  Effect.gen(function* () {
    const { cacheDir, version } = yield* Settings
    const directories = yield* Directories
    const dir = nodePath.join(cacheDir, "digests")
    const fileOf = (source: string, file: FileStat): string => {
      const name = createHash("sha256").update(`${source}\0${file.path}`).digest("hex").slice(0, 40)
      return nodePath.join(dir, name.slice(0, 2), `${name}.json`)
    }
    return DigestCache.of({
      get: (source, file) =>
        Effect.sync(() => {
          let text: string
          try {
            text = fs.readFileSync(fileOf(source, file), "utf8")
          } catch {
            return null
          }
          const stored = Option.getOrNull(decode(text))
          return stored !== null && stored.version === version && stored.stamp === stampOf(file) ? stored.digest : null
        }),
      put: (source, file, digest) =>
        Effect.sync(() => {
          const path = fileOf(source, file)
          const temporary = `${path}.${randomUUID()}`
          try {
            fs.mkdirSync(nodePath.dirname(path), { recursive: true, mode: 0o700 })
            fs.writeFileSync(temporary, encode({ generation, version, stamp: stampOf(file), digest }), { mode: 0o600 })
            fs.renameSync(temporary, path)
          } catch {
            // Only a file that was begun is removed: where not even its directory could be made, `rmSync` throws as well.
            if (fs.existsSync(temporary)) fs.rmSync(temporary, { force: true })
          }
        }),
      report: Effect.map(directories.size(dir), (size) => ({
        dir: cacheDir,
        bytes: size?.bytes ?? null,
        entries: size?.files ?? 0
      }))
    })
  })
)
