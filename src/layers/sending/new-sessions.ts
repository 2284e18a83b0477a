import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { RateLimited } from "../../domain/send-errors.ts"
import { Host } from "../../services/Host.ts"
import { type StateDocument, StateFiles, updateDocument } from "../../services/StateFiles.ts"

const hourMs = 3_600_000

const Starts = Schema.Struct({ version: Schema.Literal(1), times: Schema.Array(Schema.Finite) })

const starts: StateDocument<typeof Starts.Type, typeof Starts.Encoded> = {
  name: "new-sessions.json",
  schema: Starts,
  empty: { version: 1, times: [] }
}

/** The limit that the user has set; null where there is none. */
const limitOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null

/** Counts a session that is about to be started and paid for; refuses it beyond `SESSIONR_MAX_NEW_PER_HOUR`. */
export const countNewSession = Effect.fnUntraced(function* (bin: string) {
  const { env } = yield* Host
  const limit = limitOf(env["SESSIONR_MAX_NEW_PER_HOUR"])
  if (limit === null) return
  yield* StateFiles
  const now = yield* Clock.currentTimeMillis
  const recent = yield* updateDocument(starts, ({ times }) => {
    const kept = times.filter((time) => time > now - hourMs)
    const next = kept.length < limit ? [...kept, now] : kept
    return [{ version: 1 as const, times: next }, { kept }]
  })
  if (recent.kept.length < limit) return
  const retryAfter = Math.max(1, Math.ceil(((recent.kept[0] ?? now) + hourMs - now) / 1000))
  return yield* new RateLimited({
    message: `${limit} sessions were started within an hour, which is the limit that SESSIONR_MAX_NEW_PER_HOUR sets`,
    suggestion: "sessionr jobs",
    bin,
    exit_code: null,
    signal: null,
    stderr_tail: [],
    stdout_tail: [],
    session_id: null,
    retry_after_s: retryAfter
  })
})
