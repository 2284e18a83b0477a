import type { AppError } from "./errors.ts"
import * as errors from "./errors.ts"
import * as sendErrors from "./send-errors.ts"

type Tag = AppError["_tag"]

/** The class of each failure. Does not compile when one is in neither file. */
const classes: {
  readonly [T in Tag]: new (fields: never) => Extract<AppError, { readonly _tag: T }>
} = { ...errors, ...sendErrors }

/** A failure as JSON, for a process that fails on behalf of another. */
export const errorToJson = (error: AppError): { readonly [field: string]: unknown } => ({
  ...error,
  _tag: error._tag,
  message: error.message
})

/** A failure from what `errorToJson` made of it, by the same program; null for anything else. */
export const errorFromJson = (value: unknown): AppError | null => {
  if (typeof value !== "object" || value === null || !("_tag" in value) || !("message" in value)) return null
  const { _tag: tag, ...fields } = value
  return typeof tag === "string" && Object.hasOwn(classes, tag) ? new classes[tag as Tag](fields as never) : null
}
