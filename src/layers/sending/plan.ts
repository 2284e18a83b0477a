import * as Effect from "effect/Effect"
import { InvalidArg } from "../../domain/errors.ts"
import { SpawnError } from "../../domain/send-errors.ts"
import { isRefusal, type SendOrder, type SendPlan } from "../../domain/sending.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import { Host } from "../../services/Host.ts"
import { Programs } from "../../services/Programs.ts"
import type { SendRequest } from "../../services/Sends.ts"
import { findProgram } from "../tool-program.ts"
import { fromStore } from "../sessions/from-store.ts"
import { load } from "../sessions/resolve.ts"
import { Settings } from "../../services/Settings.ts"
import { type Target, unsupported } from "./target.ts"

export interface Planned {
  readonly plan: SendPlan
  /** Absolute path of the program; null where it is not installed. */
  readonly binPath: string | null
  /** The message after which a fork begins; null where it is of the whole session. */
  readonly forkedAt: number | null
}

const programOf = Effect.fnUntraced(function* ({ sender }: Target) {
  const programs = yield* Programs
  const program = yield* findProgram(sender)
  if (program === null) return { name: sender.binaries[0], path: null, version: null }
  return { ...program, version: sender.needsVersion ? yield* programs.version(program.path) : null }
})

const wholeFork = (tool: string, at: number): string =>
  `${tool} cannot fork at message ${at}: the whole session was forked`

/** The record after which a fork of a checkpoint begins, as the tool knows it; `wanted` where it is not the last one. */
const forkPoint = Effect.fnUntraced(function* ({ at, found, kind }: Target) {
  if (kind !== "fork" || found === null || at === null) return { wanted: false, record: null }
  const transcript = yield* load(found, { measures: false })
  if (at >= transcript.count) return { wanted: false, record: null }
  const record = yield* Effect.sync(() => transcript.recordId(at)).pipe(fromStore(found.entry))
  return { wanted: true, record }
})

/** The call that a request comes down to. */
export const makePlan = Effect.fnUntraced(function* (request: SendRequest, target: Target, mintedId: string) {
  const { adapter, cwd, found, kind, sender } = target
  const id = found?.entry.id ?? ""
  if (!sender.supports.includes(kind)) {
    return yield* unsupported(
      adapter.source,
      sender,
      kind,
      `${adapter.displayName} has no command for ${kind}; it can ${sender.supports.join(", ")}`,
      id
    )
  }
  const program = yield* programOf(target)
  const point = yield* forkPoint(target)
  const order: SendOrder = {
    kind,
    sessionId: found?.entry.id ?? null,
    sessionFile: found?.entry.file.path ?? null,
    prompt: request.prompt,
    cwd,
    mintedId,
    model: request.model,
    permission: request.permission,
    extra: request.extra,
    forkAt: point.record,
    toolVersion: program.version,
    binary: program.name
  }
  const plan = sender.plan(order)
  if (!isRefusal(plan)) {
    const isWhole = point.wanted && point.record === null
    const notices = isWhole ? [...plan.notices, wholeFork(adapter.displayName, target.at ?? 0)] : plan.notices
    return {
      plan: { ...plan, notices },
      binPath: program.path,
      forkedAt: order.forkAt === null ? null : target.at
    } satisfies Planned
  }
  if (plan.refused === "operation") return yield* unsupported(adapter.source, sender, kind, plan.reason, id)
  return yield* new InvalidArg({
    message: plan.reason,
    argument: "prompt",
    value: request.prompt.slice(0, 80),
    min: null,
    max: null
  })
})

/** The program's path, or why nothing can be started. */
export const programPath = Effect.fnUntraced(function* ({ binPath, plan }: Planned, { sender }: Target) {
  const { env } = yield* Host
  if (binPath !== null) return binPath
  return yield* new SpawnError({
    message: `${sender.binaries.join(" or ")} is not on PATH`,
    suggestion: "sessionr doctor",
    bin: plan.bin,
    searched: (env["PATH"] ?? "").split(":").filter((directory) => directory.startsWith("/")),
    error: "ENOENT"
  })
})

/**
 * What the child's environment differs in from ours. Under `--home` the tool has to look where we look: that home is its
 * HOME, and the variables that would lead it elsewhere go away.
 */
export const childEnvironment = Effect.fnUntraced(function* ({ adapter }: Target, { env }: SendPlan) {
  const { home } = yield* Settings
  if (home === null) return env
  const { dataHost } = yield* AdapterRegistry
  const asked = new Set<string>()
  const watched = new Proxy({} as Readonly<Record<string, string | undefined>>, {
    get: (_, name) => {
      if (typeof name === "string") asked.add(name)
      return undefined
    }
  })
  adapter.roots({ ...dataHost, env: watched, ignoreEnv: false })
  const away = Object.fromEntries(Array.from(asked, (name): readonly [string, null] => [name, null]))
  return { ...away, HOME: home, USERPROFILE: home, ...env }
})
