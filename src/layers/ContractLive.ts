import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Contract } from "../services/Contract.ts"
import { loadLateModule } from "./late-module.ts"
import type * as LateContract from "./late/contract.ts"

/** Schemas made when they are asked for: no other command pays for them. */
export const layer = Layer.succeed(
  Contract,
  Contract.of({
    schemas: (apiVersion) =>
      Effect.map(
        Effect.promise(() =>
          loadLateModule<typeof LateContract>("contract", () => new URL("./late/contract.ts", import.meta.url))
        ),
        ({ schemasOf }) => schemasOf(apiVersion)
      )
  })
)
