import * as Effect from "effect/Effect"
import type { Discovery } from "../../domain/session.ts"
import type { Retention } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asObject, asText } from "../support/json.ts"
import { partsBelow, walkProjects } from "./discover.ts"
import { isHash, lenientJson, projectName } from "./project.ts"

/** Days after which the tool deletes sessions unless told otherwise. */
const defaultDays = 30

const unitDays: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, m: 30 }

/** `general.sessionRetention` of the user's settings: `{enabled, maxAge: "30d"}`, on by default. */
export const retention = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<Retention | null, never, StoreFiles> {
  const files = yield* StoreFiles
  for (const root of roots) {
    const path = `${root}/settings.json`
    const set = asObject(asObject(lenientJson(files, path)?.["general"])?.["sessionRetention"])
    if (set?.["enabled"] === false) return null
    const [, count, unit] = /^(\d+)([hdwm])$/.exec(asText(set?.["maxAge"]) ?? "") ?? []
    if (count !== undefined && unit !== undefined) return { days: Number(count) * unitDays[unit]!, from: path }
  }
  return { days: defaultDays, from: "the tool's default" }
})

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

/**
 * Resuming leaves an empty file with the same eight characters of the id; 0.61 deletes both, the conversation too, when
 * it is started in that project the next time.
 */
export const notes = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>,
  { entries }: Discovery
): Effect.fn.Return<ReadonlyArray<string>, never, StoreFiles> {
  const known = new Set(entries.map(({ file }) => file.path))
  let twins = 0
  for (const root of roots) {
    for (const { path } of (yield* walkProjects(root)).files) {
      const [, kind, name] = partsBelow(root, path)
      if (kind === "chats" && name !== undefined && path.endsWith(name) && !known.has(path)) twins++
    }
  }
  const hashed = new Set(entries.map(projectName).filter(isHash)).size
  return [
    ...counted(
      twins,
      "file repeats a session under its id: Gemini CLI 0.61 deletes such a session when it starts in its project",
      "files repeat sessions under their ids: Gemini CLI 0.61 deletes such sessions when it starts in their projects"
    ),
    ...counted(hashed, "project known by its hash only", "projects known by their hashes only")
  ]
})
