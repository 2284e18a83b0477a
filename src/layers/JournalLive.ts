import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { StoredProcess } from "../domain/job.ts"
import { Journal, type JournalEntry } from "../services/Journal.ts"
import { type StateDocument, StateFiles, updateDocument } from "../services/StateFiles.ts"
import { hashTexts } from "./hash.ts"

const Entry = Schema.Struct({
  version: Schema.Literal(1),
  key: Schema.String,
  request: Schema.String,
  jobId: Schema.String,
  by: StoredProcess
})

type Entry = typeof Entry.Type

const documentOf = (key: string): StateDocument<Entry | null, unknown> => ({
  name: `journal/${hashTexts(key).slice(0, 32)}.json`,
  schema: Schema.NullOr(Entry) as unknown as Schema.Codec<Entry | null, unknown>,
  empty: null
})

const stored = ({ by, jobId, key, request }: JournalEntry): Entry => ({ version: 1, key, request, jobId, by })

/** One file a key, on the disk before anything is started. */
export const layer = Layer.effect(
  Journal,
  Effect.map(Effect.service(StateFiles), (files) => {
    const provided = Effect.provideService(StateFiles, files)
    return Journal.of({
      begin: (entry) =>
        provided(
          updateDocument(documentOf(entry.key), (known): readonly [Entry, JournalEntry] =>
            known === null ? [stored(entry), entry] : [known, known]
          )
        ),
      replace: (entry, instead) =>
        provided(
          updateDocument(documentOf(entry.key), (known): readonly [Entry | null, JournalEntry] =>
            known === null || known.jobId === instead ? [stored(entry), entry] : [known, known]
          )
        )
    })
  })
)
