import * as Effect from "effect/Effect"
import type { AppError } from "../domain/errors.ts"
import type { SendKind } from "../domain/sending.ts"
import type { AdapterRegistry } from "../services/AdapterRegistry.ts"
import type { Directories } from "../services/Directories.ts"
import type { Host } from "../services/Host.ts"
import { Sends } from "../services/Sends.ts"
import { Sessions } from "../services/Sessions.ts"
import { requireHome, type Settings } from "../services/Settings.ts"
import type { SessionsApi } from "./api.ts"
import { source } from "./given.ts"
import type { ReadOptions, ResumeOptions } from "./options.ts"
import {
  contextRequest,
  diffRequest,
  listRequest,
  nameRequest,
  readRequest,
  searchRequest,
  tagRequest
} from "./requests.ts"
import { jobsFilter, readBackForm, sendRequest, waitTimes } from "./sending.ts"

/** What the program needs to know of its surroundings in order to understand an option. */
type Needs = AdapterRegistry | Directories | Host | Sends | Sessions | Settings

/** A send with everything that may be asked of one; the overloads of `Send` say what comes of it. */
type AnySend = ResumeOptions & { readonly async?: true; readonly dryRun?: true; readonly idempotencyKey?: string }

const send = Effect.fnUntraced(function* (kind: SendKind, id: string | null, options: AnySend) {
  const sends = yield* Sends
  const request = yield* sendRequest(kind, id, options)
  if (options.dryRun === true) return yield* sends.dryRun(request)
  if (options.async === true) return yield* sends.start(request)
  return yield* sends.send(request, readBackForm(request))
})

/** The library over the services of the program. Fails where the home that was asked for is no directory. */
export const make = Effect.gen(function* () {
  yield* requireHome("home")
  const context = yield* Effect.context<Needs>()
  const sessions = yield* Sessions
  const sends = yield* Sends
  const provided = <A>(effect: Effect.Effect<A, AppError, Needs>) => Effect.provideContext(effect, context)
  /** A request, if the options make one, and what comes of it. */
  const asked = <R, A>(
    request: Effect.Effect<R, AppError, Needs>,
    answer: (request: R) => Effect.Effect<A, AppError>
  ): Effect.Effect<A, AppError> => provided(Effect.flatMap(request, answer))
  const start = (kind: SendKind) => ((options: AnySend) => provided(send(kind, null, options))) as SessionsApi["start"]
  const resume = (kind: SendKind) =>
    ((id: string, options: AnySend) => provided(send(kind, id, options))) as SessionsApi["resume"]
  const read = (id: string, options: ReadOptions & { readonly ifChanged?: string } = {}) =>
    asked(readRequest(id, options, options.ifChanged ?? null), sessions.read)
  return {
    start: start("new"),
    resume: resume("resume"),
    fork: resume("fork"),
    continue: start("continue"),
    list: (options = {}) => asked(listRequest(options), sessions.list),
    search: (text, options = {}) => asked(searchRequest(text, options), sessions.search),
    read: read as SessionsApi["read"],
    context: (id, options = {}) => asked(contextRequest(id, options), sessions.context),
    diff: (a, b, options = {}) => asked(diffRequest(a, b, options), sessions.diff),
    info: (id, options = {}) => asked(source(options.source), (name) => sessions.info(id, name)),
    stats: (id, options = {}) => asked(source(options.source), (name) => sessions.stats(id, name)),
    name: (id, name, options = {}) => asked(nameRequest(id, name, options, false), sessions.name),
    checkpoint: (id, name, options = {}) => asked(nameRequest(id, name, options, true), sessions.name),
    names: () => sessions.name({ kind: "list" }),
    removeName: (name) => sessions.name({ kind: "remove", name }),
    tag: (id, options = {}) => asked(tagRequest(id, options), sessions.tag),
    job: sends.job,
    wait: (jobId, options = {}) =>
      asked(waitTimes(options), ({ intervalMs, timeoutMs }) => sends.wait(jobId, timeoutMs, intervalMs)),
    cancel: sends.cancel,
    jobs: (options = {}) => asked(jobsFilter(options), sends.jobs)
  } satisfies SessionsApi
})
