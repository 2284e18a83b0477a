import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Markdown } from "../services/Markdown.ts"
import { loadLateModule } from "./late-module.ts"
import type * as MarkdownModule from "./late/markdown.ts"

export const layer = Layer.effect(
  Markdown,
  Effect.map(
    Effect.cached(
      Effect.map(
        Effect.promise(() =>
          loadLateModule<typeof MarkdownModule>("markdown", () => new URL("./late/markdown.ts", import.meta.url))
        ),
        ({ contain, toHtml }) => ({ contain, toHtml })
      )
    ),
    (load) => Markdown.of({ load })
  )
)
