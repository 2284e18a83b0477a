import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { FileNotReadable } from "../domain/errors.ts"

/** Texts that the caller names: files of theirs, and standard input. */
export class TextInput extends Context.Service<
  TextInput,
  {
    /** A file as UTF-8; `-` is standard input. */
    readonly read: (path: string) => Effect.Effect<string, FileNotReadable>
  }
>()("sessionr/services/TextInput") {}
