import type { AppError } from "./errors.ts"

/** What a process ends with. Nothing else in the program chooses an exit code. */
export const exitCodes = {
  OK: 0,
  ERROR: 1,
  USAGE: 2,
  NOT_FOUND: 3,
  AUTH: 4,
  RATE_LIMITED: 5,
  PARTIAL: 10,
  NO_CHANGES: 42,
  CANCELLED: 130
} as const

/** What each exit code means, for help. */
export const exitCodeMeanings: { readonly [K in keyof typeof exitCodes]: string } = {
  OK: "success",
  ERROR: "something outside or inside failed",
  USAGE: "the call is wrong, or the operation is not supported for that source",
  NOT_FOUND: "session, job, name or topic unknown",
  AUTH: "the tool said that it is not logged in or its key is bad",
  RATE_LIMITED: "the tool said rate limit, quota or overload",
  PARTIAL: "valid answer, but not all of it (budget cut)",
  NO_CHANGES: "--if-changed matched",
  CANCELLED: "interrupted"
}

export type ErrorClass =
  | "validation"
  | "not_found"
  | "auth"
  | "rate_limit"
  | "unsupported"
  | "tool"
  | "internal"
  | "partial"

export interface ErrorRow {
  readonly code: string
  readonly class: ErrorClass
  readonly exit: number
  readonly retry: boolean
}

const usage = (code: string): ErrorRow => ({ code, class: "validation", exit: exitCodes.USAGE, retry: false })

/** One row per tag: a tag without a row does not compile. */
export const errorTable: { readonly [K in AppError["_tag"]]: ErrorRow } = {
  UsageError: usage("USAGE_ERROR"),
  InvalidOutputFormat: usage("INVALID_OUTPUT_FORMAT"),
  InvalidSource: usage("INVALID_SOURCE"),
  InvalidPreset: usage("INVALID_PRESET"),
  InvalidRole: usage("INVALID_ROLE"),
  InvalidAnchor: usage("INVALID_ANCHOR"),
  InvalidAnchorUsage: usage("INVALID_ANCHOR_USAGE"),
  InvalidTokenBudget: usage("INVALID_TOKEN_BUDGET"),
  InvalidDuration: usage("INVALID_DURATION"),
  InvalidArg: usage("INVALID_ARG"),
  MissingQuery: usage("MISSING_QUERY"),
  ConflictingFlags: usage("CONFLICTING_FLAGS"),
  FileNotReadable: usage("FILE_NOT_READABLE"),
  FileNotWritable: usage("FILE_NOT_WRITABLE"),
  SessionNotFound: { code: "SESSION_NOT_FOUND", class: "not_found", exit: exitCodes.NOT_FOUND, retry: false },
  TopicNotFound: { code: "TOPIC_NOT_FOUND", class: "not_found", exit: exitCodes.NOT_FOUND, retry: false },
  ParseError: { code: "PARSE_ERROR", class: "internal", exit: exitCodes.ERROR, retry: true },
  ConfirmationRequired: usage("CONFIRMATION_REQUIRED"),
  StateError: { code: "STATE_ERROR", class: "internal", exit: exitCodes.ERROR, retry: false },
  MissingMessage: usage("MISSING_MESSAGE"),
  MissingSource: usage("MISSING_SOURCE"),
  MissingSession: usage("MISSING_SESSION"),
  UnsupportedSource: { code: "UNSUPPORTED_SOURCE", class: "unsupported", exit: exitCodes.USAGE, retry: false },
  UnsupportedOperation: { code: "UNSUPPORTED_OPERATION", class: "unsupported", exit: exitCodes.USAGE, retry: false },
  JobNotFound: { code: "JOB_NOT_FOUND", class: "not_found", exit: exitCodes.NOT_FOUND, retry: false },
  NameNotFound: { code: "NAME_NOT_FOUND", class: "not_found", exit: exitCodes.NOT_FOUND, retry: false },
  ToolError: { code: "TOOL_ERROR", class: "tool", exit: exitCodes.ERROR, retry: false },
  AuthRequired: { code: "AUTH_REQUIRED", class: "auth", exit: exitCodes.AUTH, retry: false },
  RateLimited: { code: "RATE_LIMITED", class: "rate_limit", exit: exitCodes.RATE_LIMITED, retry: true },
  SpawnError: { code: "SPAWN_ERROR", class: "tool", exit: exitCodes.ERROR, retry: false },
  SendTimeout: { code: "SEND_TIMEOUT", class: "tool", exit: exitCodes.ERROR, retry: true },
  NotDelivered: { code: "NOT_DELIVERED", class: "tool", exit: exitCodes.ERROR, retry: true },
  SessionBusy: { code: "SESSION_BUSY", class: "tool", exit: exitCodes.ERROR, retry: true },
  IdempotencyConflict: usage("IDEMPOTENCY_CONFLICT"),
  JobTimeout: { code: "JOB_TIMEOUT", class: "tool", exit: exitCodes.ERROR, retry: true },
  NewSessionNotDetected: { code: "NEW_SESSION_NOT_DETECTED", class: "partial", exit: exitCodes.PARTIAL, retry: true },
  UnknownError: { code: "UNKNOWN_ERROR", class: "internal", exit: exitCodes.ERROR, retry: false }
}
