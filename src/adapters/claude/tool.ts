import * as Effect from "effect/Effect"
import type { Retention } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asCount, asObject, asText, parseJson } from "../support/json.ts"

/** Days after which the tool deletes transcripts unless told otherwise. */
const defaultDays = 30

const jsonAt = (files: StoreFiles["Service"], path: string) => {
  try {
    return asObject(parseJson(files.textSync(path, 1024 * 1024) ?? ""))
  } catch {
    return null
  }
}

export const retention = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<Retention, never, StoreFiles> {
  const files = yield* StoreFiles
  for (const root of roots) {
    for (const name of ["settings.local.json", "settings.json"]) {
      const path = `${root}/${name}`
      const days = asCount(jsonAt(files, path)?.["cleanupPeriodDays"])
      if (days !== null) return { days, from: path }
    }
  }
  return { days: defaultDays, from: "the tool's default" }
})

/** A process that has a session open, as it says itself. */
interface Registration {
  readonly id: string
  readonly pid: number
  readonly status: string | null
}

/** The tool registers each of its processes while it runs; a crash leaves the file behind. */
export const registrations = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Registration>, never, StoreFiles> {
  const files = yield* StoreFiles
  const found: Array<Registration> = []
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/sessions`, { depth: 0, take: (name) => /^\d+\.json$/.test(name) })
    for (const { path } of tree.files) {
      const live = jsonAt(files, path)
      const id = asText(live?.["sessionId"])
      const pid = asCount(live?.["pid"])
      if (id === null || pid === null) continue
      found.push({ id, pid, status: asText(live?.["status"]) })
    }
  }
  return found
})

export const notes = (roots: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>, never, StoreFiles> =>
  Effect.map(registrations(roots), (found) =>
    found.map(
      ({ id, pid, status }) =>
        `session ${id} is registered as open in process ${pid}${status === null ? "" : ` (${status})`}`
    )
  )
