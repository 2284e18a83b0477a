// A process of its own that works on a state directory: `node state-worker.ts <dir> hold|count <n>`.
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as StateFilesLive from "../../src/layers/StateFilesLive.ts"
import { Settings } from "../../src/services/Settings.ts"
import { StateFiles, type StateDocument, updateDocument } from "../../src/services/StateFiles.ts"

const Counter = Schema.Struct({ count: Schema.Int })

const counter: StateDocument<typeof Counter.Type, typeof Counter.Encoded> = {
  name: "counter.json",
  schema: Counter,
  empty: { count: 0 }
}

const [dir, mode, times] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const files = yield* StateFiles
  if (mode === "hold") {
    return yield* files.locked("held")(
      Effect.gen(function* () {
        process.stdout.write("held\n")
        yield* Effect.sleep("60 seconds")
      })
    )
  }
  for (let n = 0; n < Number(times); n++) {
    yield* updateDocument(counter, ({ count }) => [{ count: count + 1 }, null])
    process.stdout.write(".")
  }
})

const settings = Layer.succeed(
  Settings,
  Settings.of({
    home: null,
    stateDir: dir!,
    cacheDir: dir!,
    version: "0",
    defaultTokens: 1,
    tokenCap: 1,
    inheritedWords: []
  })
)

await Effect.runPromise(program.pipe(Effect.provide(Layer.provide(StateFilesLive.layer, settings))))
