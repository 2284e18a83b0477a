import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { ApiVersion } from "../../src/domain/output.ts"
import { runCli } from "../support/run-cli.ts"

/** Compiled schemas by name, as `sessionr schema` publishes them. */
export type Validators = (name: string, value: unknown) => void

/** What a caller would do: takes the published schemas and validates with them. Fails on unknown keywords too. */
export const validatorsFor = (apiVersion: ApiVersion): Effect.Effect<Validators> =>
  Effect.gen(function* () {
    const { json } = yield* runCli(["schema", "--output", "json", "--api-version", String(apiVersion)])
    const schemas = (apiVersion === 1 ? json.schemas : json.result.schemas) as Readonly<Record<string, object>>
    const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: false })
    const compiled = new Map<string, ValidateFunction>()
    return (name, value) => {
      const schema = schemas[name]
      assert.isDefined(schema, `there is no published schema ${name}`)
      const validate = compiled.get(name) ?? ajv.compile(schema)
      compiled.set(name, validate)
      assert.isTrue(
        validate(value),
        `${name}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(value).slice(0, 2000)}`
      )
    }
  })
