import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import { StateError } from "../domain/errors.ts"
import { isJobId, JobRecord } from "../domain/job.ts"
import { JobStore, type StoredJob } from "../services/JobStore.ts"
import { readDocument, type StateDocument, StateFiles, updateDocument, writeDocument } from "../services/StateFiles.ts"
import * as Schema from "effect/Schema"

const directory = "jobs"

const documentOf = (jobId: string): StateDocument<JobRecord | null, unknown> => ({
  name: `${directory}/${jobId}.json`,
  schema: Schema.NullOr(JobRecord) as unknown as Schema.Codec<JobRecord | null, unknown>,
  empty: null
})

/** Bytes at the end of an output that its last lines are taken from. */
const tailBytes = 64 * 1024

const tail = (path: string, lines: number): ReadonlyArray<string> => {
  let fd: number
  try {
    fd = fs.openSync(path, "r")
  } catch {
    return []
  }
  try {
    const { size } = fs.fstatSync(fd)
    const start = Math.max(0, size - tailBytes)
    const bytes = Buffer.alloc(size - start)
    const read = fs.readSync(fd, bytes, 0, bytes.length, start)
    const all = bytes.subarray(0, read).toString("utf8").split("\n")
    if (start > 0) all.shift()
    if (all.at(-1) === "") all.pop()
    return all.slice(-lines)
  } finally {
    fs.closeSync(fd)
  }
}

/** Ends at the next change of a file in a directory, or after a while: not every file system tells of changes. */
const watched = (path: string, withinMs: number): Effect.Effect<void> =>
  Effect.callback((resume) => {
    let watcher: fs.FSWatcher | undefined
    const done = (): void => {
      clearTimeout(timer)
      watcher?.close()
      resume(Effect.void)
    }
    const timer = setTimeout(done, withinMs)
    try {
      watcher = fs.watch(path, { persistent: false }, done)
      watcher.on("error", () => {})
    } catch {
      // Then the timer decides.
    }
    return Effect.sync(() => {
      clearTimeout(timer)
      watcher?.close()
    })
  })

/** Jobs below the state directory: `<job>.json`, `<job>.exit`, `<job>.stdout`, `<job>.stderr`. */
export const layer = Layer.effect(
  JobStore,
  Effect.map(Effect.service(StateFiles), (files) => {
    const provided = Effect.provideService(StateFiles, files)
    const exitOf = Effect.fnUntraced(function* (jobId: string) {
      const text = yield* files.text(`${directory}/${jobId}.exit`)
      return text !== null && /^-?\d+\n?$/.test(text) ? Number(text) : null
    })
    const read = Effect.fnUntraced(function* (jobId: string) {
      if (!isJobId(jobId)) return null
      // The exit first: what is written last must not be seen beside an older record.
      const exit = yield* exitOf(jobId)
      const record = yield* readDocument(documentOf(jobId)).pipe(provided)
      return record === null ? null : ({ record, exit } satisfies StoredJob)
    })
    return JobStore.of({
      create: (record) => writeDocument(documentOf(record.jobId), record).pipe(provided),
      read,
      update: (jobId, change) =>
        updateDocument(documentOf(jobId), (known): readonly [JobRecord | null, JobRecord | null] => {
          const next = known === null ? null : change(known)
          return [next, next]
        }).pipe(
          provided,
          Effect.flatMap((record) =>
            record === null
              ? Effect.fail(
                  new StateError({
                    message: `the record of ${jobId} is gone`,
                    suggestion: "sessionr jobs",
                    path: files.pathOf(`${directory}/${jobId}.json`),
                    reason: "removed"
                  })
                )
              : Effect.succeed(record)
          )
        ),
      finish: (jobId, exit) =>
        files.locked(`${directory}/${jobId}.exit`)(
          Effect.gen(function* () {
            if ((yield* exitOf(jobId)) === null) yield* files.put(`${directory}/${jobId}.exit`, `${exit}\n`)
          })
        ),
      list: Effect.gen(function* () {
        const ids = (yield* files.names(directory))
          .filter((name) => name.endsWith(".json"))
          .map((name) => name.slice(0, -".json".length))
          .filter(isJobId)
        // One damaged record hides no other.
        const jobs = yield* Effect.forEach(ids, (id) => Effect.catch(read(id), () => Effect.succeed(null)))
        return jobs
          .filter((job) => job !== null)
          .sort((a, b) => b.record.startedAt - a.record.startedAt || (a.record.jobId < b.record.jobId ? 1 : -1))
      }),
      remove: (jobId) =>
        Effect.forEach(["stdout", "stderr", "exit", "json"], (part) => files.remove(`${directory}/${jobId}.${part}`), {
          discard: true
        }),
      outputs: (jobId) => ({
        stdout: files.pathOf(`${directory}/${jobId}.stdout`),
        stderr: files.pathOf(`${directory}/${jobId}.stderr`)
      }),
      tails: (jobId, lines) =>
        Effect.sync(() => ({
          stdout: tail(files.pathOf(`${directory}/${jobId}.stdout`), lines),
          stderr: tail(files.pathOf(`${directory}/${jobId}.stderr`), lines)
        })),
      changed: (_jobId, withinMs) => watched(files.pathOf(directory), withinMs)
    })
  })
)
