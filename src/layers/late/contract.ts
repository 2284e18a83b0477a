import type { ApiVersion } from "../../domain/output.ts"
import { lineSchemas } from "../../schemas/published-lines.ts"
import { shapeNames } from "../../schemas/shape-names.ts"
import { version1, version2 } from "../../schemas/published.ts"

/** Not part of the program that starts, but loaded when `schema` is called: see `late-module.ts`. */

/** Every schema in a version of the envelope, in the order of `schemaNames`. */
export const schemasOf = (apiVersion: ApiVersion): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(shapeNames.map((shape) => [shape, apiVersion === 1 ? version1(shape) : version2(shape)])),
  ...lineSchemas(apiVersion)
})
