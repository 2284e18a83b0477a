import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import { FileNotReadable } from "../domain/errors.ts"
import { TextInput } from "../services/TextInput.ts"

const isFile = (fd: number): boolean => {
  try {
    return fs.fstatSync(fd).isFile()
  } catch {
    return false
  }
}

/** All of standard input. Read as it comes: it may be a pipe that is slow, or one that does not block. */
const standardInput = async (): Promise<string> => {
  // A file is there at once, and node's stream of it would have to be loaded.
  if (isFile(0)) return fs.readFileSync(0, "utf8")
  const chunks: Array<Buffer> = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}

export const layer = Layer.succeed(
  TextInput,
  TextInput.of({
    read: (path) =>
      Effect.tryPromise({
        try: () => (path === "-" ? standardInput() : fs.promises.readFile(path, "utf8")),
        catch: (cause) => {
          const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
          const name = path === "-" ? "standard input" : path
          return new FileNotReadable({ message: `cannot read ${name}: ${reason}`, path, reason })
        }
      })
  })
)
