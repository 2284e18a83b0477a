import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import type { FileStat, SessionEntry } from "../domain/session.ts"
import { TextMeter } from "../domain/tokens.ts"
import { Directories } from "../services/Directories.ts"
import { DigestCache } from "../services/DigestCache.ts"
import { Settings } from "../services/Settings.ts"

/** Changes when what a digest is computed from changes: older ones are then as good as not there. */
const generation = 4

const count = Schema.Int
const text = Schema.NullOr(Schema.String)
const ByRole = Schema.Struct({ user: count, assistant: count, system: count, tool_use: count, tool_result: count })

/** As tools wrote them: nothing says that they are whole. */
const Usage = Schema.Struct({
  input: Schema.Finite,
  output: Schema.Finite,
  cacheRead: Schema.Finite,
  cacheCreation: Schema.Finite,
  thinking: Schema.Finite
})

const StoredTally = Schema.Struct({
  model: text,
  forkedFrom: text,
  durationMs: Schema.NullOr(Schema.Finite),
  usage: Schema.NullOr(Usage),
  spent: Schema.Array(Schema.Struct({ day: Schema.String, model: text, tokens: Usage })),
  answers: Schema.String,
  days: Schema.Array(
    Schema.Struct({
      day: Schema.String,
      byRole: ByRole,
      errors: count,
      tokens: count,
      durationMs: Schema.Finite
    })
  ),
  skipped: count
})

const StoredDigest = Schema.Struct({
  generation: Schema.Literal(generation),
  version: Schema.String,
  key: Schema.String,
  stamp: Schema.String,
  digest: Schema.Struct({
    contentHash: Schema.String,
    totalMessages: count,
    totalTokens: count,
    byRole: ByRole,
    updatedAt: Schema.Finite,
    tally: Schema.NullOr(StoredTally),
    companions: Schema.String
  })
})

type StoredDigest = typeof StoredDigest.Type

const decode = Schema.decodeOption(Schema.fromJsonString(StoredDigest))

/** A file with this stamp has not moved: size, time of change to the nanosecond, and inode are the same. */
const stampOf = (file: FileStat): string => `${file.size}-${file.mtimeNs}-${file.inode}`

/** What a digest belongs to; several sessions may share a file. */
const keyOf = ({ file, id, source }: SessionEntry): string => `${source}\0${id}\0${file.path}`

/** A name for a key. Keys that share it take turns, since the file says which it is of. */
const nameOf = (key: string): string => {
  const { high, low } = new TextMeter().feed(key)
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("")
}

/** One small file per session below the cache directory, replaced atomically. */
export const layer = Layer.effect(
  DigestCache,
  Effect.gen(function* () {
    const { cacheDir, version } = yield* Settings
    const directories = yield* Directories
    const dir = nodePath.join(cacheDir, "digests")
    const fileOf = (key: string): string => {
      const name = nameOf(key)
      return nodePath.join(dir, name.slice(0, 2), `${name}.json`)
    }
    let written = 0
    return DigestCache.of({
      get: (entry) =>
        Effect.sync(() => {
          let text: string
          try {
            text = fs.readFileSync(fileOf(keyOf(entry)), "utf8")
          } catch {
            return null
          }
          const stored = Option.getOrNull(decode(text))
          const isRight =
            stored !== null &&
            stored.version === version &&
            stored.key === keyOf(entry) &&
            stored.stamp === stampOf(entry.file)
          return isRight ? stored.digest : null
        }),
      put: (entry, digest) =>
        Effect.sync(() => {
          const key = keyOf(entry)
          const path = fileOf(key)
          const stored: StoredDigest = { generation, version, key, stamp: stampOf(entry.file), digest }
          const temporary = `${path}.${process.pid}-${written++}`
          try {
            fs.mkdirSync(nodePath.dirname(path), { recursive: true, mode: 0o700 })
            fs.writeFileSync(temporary, JSON.stringify(stored), { mode: 0o600 })
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
