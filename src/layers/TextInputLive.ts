import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import { FileNotReadable } from "../domain/errors.ts"
import { TextInput } from "../services/TextInput.ts"

export const layer = Layer.succeed(
  TextInput,
  TextInput.of({
    read: (path) =>
      Effect.try({
        try: () => fs.readFileSync(path === "-" ? 0 : path, "utf8"),
        catch: (cause) => {
          const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
          const name = path === "-" ? "standard input" : path
          return new FileNotReadable({ message: `cannot read ${name}: ${reason}`, path, reason })
        }
      })
  })
)
