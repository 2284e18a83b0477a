import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import { manualAsset } from "../domain/manual.ts"
import { Manual } from "../services/Manual.ts"

/** Pages are assets of the binary, read when asked for: a start does not pay for them. Otherwise they lie in `docs/`. */
export const layer = Layer.succeed(
  Manual,
  Manual.of({
    page: (topic) =>
      Effect.sync(() => {
        const sea = process.getBuiltinModule("node:sea")
        if (sea?.isSea()) return sea.getAsset(manualAsset(topic), "utf8")
        return fs.readFileSync(new URL(`../../docs/${topic}.md`, import.meta.url), "utf8")
      })
  })
)
