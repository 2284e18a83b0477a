/**
 * The sessions of every coding agent, for programs without Effect: the operations of `sessionr` as methods that return
 * promises. One that fails rejects with a `SessionrError`.
 */
import * as Cause from "effect/Cause"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { defectOf } from "../domain/defect.ts"
import type { AppError } from "../domain/errors.ts"
import type { Surroundings } from "../services/Surroundings.ts"
import type { SessionsApi } from "./api.ts"
import { type ErrorFacts, errorFacts, isAppError } from "./errors.ts"
import { Sessions } from "./Sessions.ts"

export type { Send, SessionsApi } from "./api.ts"
export * from "./errors.ts"
export type * from "./options.ts"
export type * from "./results.ts"

/** An error of its class (`_tag` says which) that also has the program's code, exit code and detail. */
export type SessionrError = AppError & ErrorFacts

/** Whether something that was thrown is one. */
export const isSessionrError = (thrown: unknown): thrown is SessionrError => isAppError(thrown) && "code" in thrown

/** The sessions of every coding agent on this machine. */
export interface OpenSessions extends SessionsApi<"promise">, AsyncDisposable {
  /** Interrupts what is under way, ends the agents that were started by it, and resolves when they have ended. */
  readonly close: () => Promise<void>
}

const named = (error: AppError): SessionrError => {
  const facts = Object.entries(errorFacts(error)).map(([name, value]) => [name, { value, configurable: true }] as const)
  return Object.defineProperties(error, Object.fromEntries(facts)) as SessionrError
}

const closed = () => new DOMException("the sessions were closed", "AbortError")

/** What a promise is rejected with. */
const rejection = (cause: Cause.Cause<AppError>, signal: AbortSignal | undefined): unknown => {
  if (Cause.hasInterruptsOnly(cause)) return signal?.aborted === true ? signal.reason : closed()
  const thrown = Cause.squash(cause)
  return named(isAppError(thrown) ? thrown : defectOf(thrown))
}

/** The signal that the options of a call carry, if its last argument is options. */
const signalOf = (args: ReadonlyArray<unknown>): AbortSignal | undefined => {
  const options = args.at(-1)
  if (typeof options !== "object" || options === null || !("signal" in options)) return undefined
  return options.signal instanceof AbortSignal ? options.signal : undefined
}

/** Does not compile when an operation is missing. */
const operations: { readonly [K in keyof SessionsApi]: null } = {
  start: null,
  resume: null,
  fork: null,
  continue: null,
  list: null,
  search: null,
  read: null,
  context: null,
  diff: null,
  info: null,
  stats: null,
  name: null,
  checkpoint: null,
  names: null,
  removeName: null,
  tag: null,
  job: null,
  wait: null,
  cancel: null,
  jobs: null
}

/**
 * Opens the library. Nothing is read before the first call; `close` (or `await using`) interrupts what is under way. It
 * prints nothing.
 */
export const openSessions = (surroundings: Surroundings = {}): OpenSessions => {
  const runtime = ManagedRuntime.make(Sessions.layer(surroundings))
  let isClosed = false
  const call = async (name: keyof SessionsApi, args: ReadonlyArray<unknown>): Promise<unknown> => {
    if (isClosed) throw closed()
    const signal = signalOf(args)
    const effect = Sessions.use((sessions) =>
      (sessions[name] as (...given: ReadonlyArray<unknown>) => Effect.Effect<unknown, AppError>)(...args)
    )
    const exit = await runtime.runPromiseExit(effect, signal === undefined ? undefined : { signal })
    if (Exit.isSuccess(exit)) return exit.value
    throw rejection(exit.cause, signal)
  }
  const close = (): Promise<void> => {
    isClosed = true
    return runtime.dispose()
  }
  const names = Object.keys(operations) as ReadonlyArray<keyof SessionsApi>
  const methods = Object.fromEntries(
    names.map((name) => [name, (...args: ReadonlyArray<unknown>) => call(name, args)] as const)
  )
  return { ...(methods as unknown as SessionsApi<"promise">), close, [Symbol.asyncDispose]: close }
}
