import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Output } from "../services/Output.ts"
import { writeFailure } from "./write-failure.ts"

/**
 * Writes to the process's own streams, and remembers when the reader of stdout has gone. A stdout that takes no more for
 * another reason, a full disk say, is a defect: the `FileNotWritable` that says so, which `run` reports.
 */
export const layer = Layer.sync(Output, () => {
  let gone = false
  // `| head` closes the pipe: without a listener that would end the program with a stack trace.
  process.stdout.on("error", () => {
    gone = true
  })
  process.stderr.on("error", () => {})
  const write = (stream: NodeJS.WriteStream, text: string) =>
    Effect.callback<NodeJS.ErrnoException | null>((resume) => {
      stream.write(text, (error) => resume(Effect.succeed(error ?? null)))
    })
  return Output.of({
    stdout: (text) =>
      Effect.suspend(() => {
        if (gone || text === "") return Effect.void
        return Effect.flatMap(write(process.stdout, text), (error) => {
          if (error === null) return Effect.void
          gone = true
          return error.code === "EPIPE" ? Effect.void : Effect.die(writeFailure("-", error, "standard output"))
        })
      }),
    stderr: (text) => Effect.asVoid(write(process.stderr, text)),
    closed: Effect.sync(() => gone)
  })
})
