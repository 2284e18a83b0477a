import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { MarkdownTools } from "../domain/markdown.ts"

/** Understanding of Markdown, for documents made of sessions. */
export class Markdown extends Context.Service<
  Markdown,
  {
    /** Loads the parser, once. */
    readonly load: Effect.Effect<MarkdownTools>
  }
>()("sessionr/services/Markdown") {}
