import { UnknownError } from "./errors.ts"

/** What was thrown and should not have been, as a failure like any other. */
export const defectOf = (thrown: unknown): UnknownError => {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new UnknownError({
    message: `a defect in sessionr: ${message}`,
    suggestion: "sessionr doctor",
    report: thrown instanceof Error ? (thrown.stack ?? message).split("\n").slice(0, 4).join("\n") : message
  })
}
