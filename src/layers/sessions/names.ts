import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { InvalidArg } from "../../domain/errors.ts"
import type { NamedSession } from "../../domain/names.ts"
import type { NamesResult } from "../../domain/results.ts"
import { NameNotFound } from "../../domain/send-errors.ts"
import { didYouMean } from "../../domain/choice.ts"
import { Names } from "../../services/Names.ts"
import type { NameRequest } from "../../services/Sessions.ts"
import { commandLine } from "./catalog.ts"
import { load, resolve } from "./resolve.ts"

const nameActions = Effect.map(commandLine, (command) => (name: string) => [
  { command: command(["read", name]), description: "Read it by its name" },
  { command: command(["send", name, "--file", "prompt.md"]), description: "Send to it" },
  { command: command(["name", "--list"]), description: "Every name" }
])

/** `name` and `checkpoint`. A checkpoint pins a message: the last one, where none is said. */
export const name = Effect.fn("Sessions.name")(function* (request: NameRequest) {
  const names = yield* Names
  const command = yield* commandLine
  const toActions = yield* nameActions
  if (request.kind === "list") {
    const all = yield* names.all
    const first = all[0]
    return {
      _tag: "names",
      status: "listed",
      names: all,
      warnings: [],
      actions:
        first === undefined
          ? [{ command: command(["list", "--cwd", "all"]), description: "Sessions that can be named" }]
          : toActions(first.name)
    } satisfies NamesResult
  }
  if (request.kind === "remove") {
    const removed = yield* names.remove(request.name)
    if (removed !== null) {
      const back = ["name", removed.id, removed.name, "--source", removed.source]
      return {
        _tag: "names",
        status: "removed",
        names: [removed],
        warnings: [],
        actions: [{ command: command(back), description: "Take that back" }]
      } satisfies NamesResult
    }
    const known = (yield* names.all).map((one) => one.name)
    const [meant] = didYouMean(request.name, known)
    return yield* new NameNotFound({
      message: `there is no session named ${JSON.stringify(request.name)}`,
      suggestion: meant === undefined ? command(["name", "--list"]) : command(["name", "--remove", meant]),
      session_name: request.name
    })
  }
  const { catalog, found } = yield* resolve(request.id, request.source)
  const { id, source } = found.entry
  let at: number | null = null
  if (request.checkpoint) {
    const { count } = yield* load(found)
    at = request.at ?? count
    if (at < 1 || at > count) {
      return yield* new InvalidArg({
        message: `--at is ${at}, and this session has messages 1 to ${count}`,
        argument: "--at",
        value: String(at),
        min: 1,
        max: count
      })
    }
  }
  const named: NamedSession = { name: request.name, source, id, at, createdAt: yield* Clock.currentTimeMillis }
  const before = yield* names.set(named)
  const isSame = before !== null && before.id === id && before.source === source && before.at === at
  return {
    _tag: "names",
    status: isSame ? "unchanged" : before === null ? "named" : "moved",
    names: [named],
    warnings: catalog.warnings,
    actions: toActions(request.name)
  } satisfies NamesResult
})
