import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Output } from "../services/Output.ts"

/** Writes to the process's own streams, and remembers when the reader of stdout has gone. */
export const layer = Layer.sync(Output, () => {
  let gone = false
  // `| head` closes the pipe: without a listener that would end the program with a stack trace.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") gone = true
    else throw error
  })
  process.stderr.on("error", () => {})
  const write = (stream: NodeJS.WriteStream, text: string) =>
    Effect.callback<void>((resume) => {
      stream.write(text, () => resume(Effect.void))
    })
  return Output.of({
    stdout: (text) => Effect.suspend(() => (gone || text === "" ? Effect.void : write(process.stdout, text))),
    stderr: (text) => write(process.stderr, text),
    closed: Effect.sync(() => gone)
  })
})
