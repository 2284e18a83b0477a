import type * as Schema from "effect/Schema"
import { errorTable } from "../domain/error-table.ts"
import type { AppError } from "../domain/errors.ts"
import type { ErrorBody } from "../schemas/error.ts"

/** What an error says, without the envelope: the fields of its class besides the common ones are its detail. */
export const wireError = (error: AppError, suggestion = error.suggestion): Schema.Schema.Type<typeof ErrorBody> => {
  const row = errorTable[error._tag]
  const { _tag, cause, message, name, stack, suggestion: _own, ...detail } = { ...error } as Record<string, unknown>
  return {
    code: row.code,
    class: row.class,
    message: error.message,
    ...(Object.keys(detail).length === 0
      ? {}
      : { detail: detail as Schema.Schema.Type<typeof ErrorBody>["detail"] & {} }),
    ...(suggestion === undefined ? {} : { suggestion }),
    retry: row.retry,
    exit_code: row.exit
  }
}
