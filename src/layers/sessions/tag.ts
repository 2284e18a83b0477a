import * as Effect from "effect/Effect"
import type { Action, TagResult } from "../../domain/results.ts"
import { Labels, type TagChange } from "../../services/Labels.ts"
import type { TagRequest } from "../../services/Sessions.ts"
import { commandLine, sessionWords } from "./catalog.ts"
import { resolve } from "./resolve.ts"

/** `tag`: shows or changes the tags of a session. */
export const tag = Effect.fn("Sessions.tag")(function* ({ change, id, source }: TagRequest) {
  const labels = yield* Labels
  const command = yield* commandLine
  const { catalog, found } = yield* resolve(id, source)
  const { entry } = found
  const words = sessionWords(catalog, entry)
  const outcome: TagChange =
    change === null
      ? { tags: (yield* labels.lookup)(entry).tags, changed: [] }
      : yield* (change.kind === "add" ? labels.addTags : labels.removeTags)(entry, change.tags)
  const done = outcome.changed.length > 0
  const status: TagResult["status"] =
    change === null
      ? "shown"
      : change.kind === "add"
        ? done
          ? "added"
          : "already_tagged"
        : done
          ? "removed"
          : "not_tagged"
  const [first] = change?.kind === "add" ? change.tags : outcome.tags
  const back = change?.kind === "add" ? "--remove" : "--add"
  const actions: ReadonlyArray<Action> = [
    ...(first === undefined
      ? []
      : [{ command: command(["list", "--tag", first, "--cwd", "all"]), description: `Sessions tagged ${first}` }]),
    ...(done
      ? [
          {
            command: command(["tag", words.id, ...words.source, back, outcome.changed.join(",")]),
            description: "Take that back"
          }
        ]
      : []),
    { command: command(["read", words.id, ...words.source]), description: "Read it" }
  ]
  return {
    _tag: "tag",
    status,
    id: entry.id,
    source: entry.source,
    tags: outcome.tags,
    warnings: catalog.warnings,
    actions
  } satisfies TagResult
})
