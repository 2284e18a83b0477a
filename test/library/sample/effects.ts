import { errorFacts, type ReadResult, Sessions } from "sessionr"
import * as Effect from "effect/Effect"

const program = Effect.gen(function* () {
  const sessions = yield* Sessions
  const { results } = yield* sessions.search("rounding invoice")
  const [found] = results
  if (found === undefined) return yield* Effect.die("nothing was found")
  const page: ReadResult = yield* sessions.read(found.id, { source: found.source, tokens: 130 })
  const missing = yield* sessions.info("ffffffff").pipe(
    Effect.map(() => "found"),
    Effect.catchTag("SessionNotFound", (error) => Effect.succeed(`${errorFacts(error).code} ${error.session_id}`))
  )
  return { id: found.id, shown: page.messages.map(({ index }) => index), total: page.totalMessages, missing }
})

console.log(JSON.stringify(await Effect.runPromise(program.pipe(Effect.provide(Sessions.layer())))))
