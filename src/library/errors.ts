import { type ErrorClass, errorTable } from "../domain/error-table.ts"
import type { AppError } from "../domain/errors.ts"
import { wireError } from "../render/wire-error.ts"

export type { ErrorClass } from "../domain/error-table.ts"
export type { AppError } from "../domain/errors.ts"
export {
  ConfirmationRequired,
  ConflictingFlags,
  FileNotReadable,
  FileNotWritable,
  InvalidAnchor,
  InvalidAnchorUsage,
  InvalidArg,
  InvalidDuration,
  InvalidOutputFormat,
  InvalidPreset,
  InvalidRole,
  InvalidSource,
  InvalidTokenBudget,
  MissingQuery,
  ParseError,
  SessionNotFound,
  StateError,
  TopicNotFound,
  UnknownError,
  UsageError
} from "../domain/errors.ts"
export {
  AuthRequired,
  IdempotencyConflict,
  JobNotFound,
  JobTimeout,
  MissingMessage,
  MissingSession,
  MissingSource,
  NameNotFound,
  NewSessionNotDetected,
  NotDelivered,
  RateLimited,
  SendTimeout,
  SessionBusy,
  SpawnError,
  ToolError,
  UnsupportedOperation,
  UnsupportedSource
} from "../domain/send-errors.ts"

/** What a failure says besides its message, in the program's own terms. */
export interface ErrorFacts {
  /** `SESSION_NOT_FOUND`, as in the program's JSON. */
  readonly code: string
  readonly class: ErrorClass
  /** What the program would have ended with. */
  readonly exitCode: number
  /** Whether the same call may go well later. */
  readonly retry: boolean
  /** The fields of its class; empty where it has none. */
  readonly detail: Readonly<Record<string, unknown>>
}

/** The program's code, exit code and detail of a failure. */
export const errorFacts = (error: AppError): ErrorFacts => {
  const { class: kind, code, exit, retry } = errorTable[error._tag]
  return { code, class: kind, exitCode: exit, retry, detail: { ...wireError(error).detail } }
}

/** Whether something that was thrown is a failure of this library. */
export const isAppError = (thrown: unknown): thrown is AppError =>
  thrown instanceof Error && "_tag" in thrown && Object.hasOwn(errorTable, thrown._tag as string)
