import * as Effect from "effect/Effect"
import { UsageError } from "../domain/errors.ts"
import * as values from "../services/values.ts"
import type { When } from "./options.ts"

/** Budgets are for messages as the program prints them by default: JSON of version 1. */
export const format = "json"
export const version = 1

/** A number as somebody would type it: what is checked is the same, whoever gives it. */
export const typed = (value: number | undefined): string | null => (value === undefined ? null : String(value))

export const time = (value: When | undefined): string | null => {
  if (!(value instanceof Date)) return value ?? null
  return Number.isNaN(value.getTime()) ? String(value) : value.toISOString()
}

/** Options as flags of the program, for the commands that an answer suggests. */
export const flags = (
  given: Readonly<Record<string, string | number | boolean | null | undefined>>
): ReadonlyArray<string> =>
  Object.entries(given).flatMap(([flag, value]) => {
    if (value === undefined || value === null || value === false) return []
    return value === true ? [flag] : [flag, String(value)]
  })

export const source = (given: string | undefined) => values.sourceName(given ?? null)

export const roles = (given: ReadonlyArray<string> | undefined) =>
  given === undefined ? Effect.succeed(null) : values.rolesOf(given)

/** One of several words, for callers whose compiler did not look. */
export const word = <A extends string>(option: string, given: A | undefined, valid: ReadonlyArray<A>) =>
  values.choose(
    option,
    given ?? null,
    valid,
    ({ did_you_mean, message }) => new UsageError({ message, argument: given ?? null, did_you_mean: [...did_you_mean] })
  )
