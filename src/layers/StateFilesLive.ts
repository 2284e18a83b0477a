import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { FileError, StateError } from "../domain/errors.ts"
import { Settings } from "../services/Settings.ts"
import { StateFiles } from "../services/StateFiles.ts"
import {
  codeOf,
  copyFile,
  hashOf,
  isMissing,
  makePrivateDirectory,
  reasonOf,
  syncDirectory,
  writeWhole
} from "./disk.ts"
import { type Lock, tryLock } from "./lock-file.ts"
import { pause } from "./pause.ts"

/** A change of a document takes milliseconds: whoever waits longer is told who is in the way. */
const defaultWaitMs = 5000

const nameForm = /^(?:[A-Za-z0-9_][\w.-]*\/)*[A-Za-z0-9_][\w.-]*$/

const stateError = (verb: string, path: string, cause: unknown): StateError => {
  if (cause instanceof StateError) return cause
  const reason = reasonOf(cause)
  return new StateError({ message: `cannot ${verb} ${path}: ${reason}`, suggestion: "sessionr doctor", path, reason })
}

const attempt = <A>(verb: string, path: string, run: () => A): Effect.Effect<A, StateError> =>
  Effect.try({ try: run, catch: (cause) => stateError(verb, path, cause) })

const failing = <A, E, E2>(self: Effect.Effect<A, E>, toError: (cause: unknown) => E2): Effect.Effect<A, E | E2> =>
  Effect.catchDefect(self, (cause) => Effect.fail(toError(cause)))

const acquire = Effect.fnUntraced(function* (path: string, waitMs: number) {
  yield* attempt("make", nodePath.dirname(path), () => makePrivateDirectory(nodePath.dirname(path)))
  const until = performance.now() + waitMs
  for (let ms = 5; ; ms = Math.min(200, ms * 2)) {
    const lock = yield* attempt("lock", path, () => tryLock(path))
    if ("release" in lock) return lock
    if (performance.now() >= until) {
      const { heldBy } = lock
      const who = heldBy === null ? "another process" : `process ${heldBy.pid} on ${heldBy.host}`
      const since = heldBy === null ? "" : ` since ${new Date(heldBy.since).toISOString()}`
      const reason = `locked by ${who}${since}`
      return yield* new StateError({ message: `${path} is ${reason}`, suggestion: "sessionr doctor", path, reason })
    }
    yield* pause(ms * (0.5 + Math.random()))
  }
})

const release = (lock: Lock) =>
  Effect.sync(() => {
    try {
      lock.release()
    } catch {
      // A lock that cannot be taken away is as good as that of a process that died.
    }
  })

/** Codes that say of two places that no file can have a name in both. */
const unlinkable: ReadonlySet<string | undefined> = new Set([
  "EXDEV",
  "EPERM",
  "EACCES",
  "EMLINK",
  "ENOSYS",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EINVAL"
])

export interface StateFilesOptions {
  /** False copies files that are taken in, as if they lay on another file system. */
  readonly links?: boolean
}

/** The state directory on the disk. */
export const layerWith = ({ links = true }: StateFilesOptions) =>
  Layer.effect(
    StateFiles,
    Effect.map(Effect.service(Settings), ({ stateDir }) => {
      const base = nodePath.resolve(stateDir)
      const pathOf = (name: string): string => {
        if (!nameForm.test(name)) throw new TypeError(`not a name for our state: ${JSON.stringify(name)}`)
        return nodePath.join(base, name)
      }
      const take = Effect.fnUntraced(function* (path: string, name: string) {
        const to = pathOf(name)
        const dir = nodePath.dirname(to)
        yield* attempt("make", dir, () => makePrivateDirectory(dir))
        const linked = yield* Effect.try({
          try: () => {
            if (!links) return false
            try {
              fs.linkSync(path, to)
              return true
            } catch (cause) {
              if (unlinkable.has(codeOf(cause))) return false
              throw cause
            }
          },
          catch: (cause) =>
            isMissing(cause) ? new FileError({ path, reason: reasonOf(cause) }) : stateError("write", to, cause)
        })
        if (!linked) {
          yield* failing(copyFile(path, to), (cause) =>
            (cause as NodeJS.ErrnoException).path === path
              ? new FileError({ path, reason: reasonOf(cause) })
              : stateError("write", to, cause)
          )
        }
        yield* attempt("write", dir, () => syncDirectory(dir))
      })
      return StateFiles.of({
        pathOf,
        text: (name) =>
          attempt("read", pathOf(name), () => {
            try {
              return fs.readFileSync(pathOf(name), "utf8")
            } catch (cause) {
              if (isMissing(cause)) return null
              throw cause
            }
          }),
        put: (name, text) =>
          attempt("write", pathOf(name), () => {
            makePrivateDirectory(nodePath.dirname(pathOf(name)))
            writeWhole(pathOf(name), text)
          }),
        names: (name) =>
          attempt("read", pathOf(name), () => {
            try {
              return fs
                .readdirSync(pathOf(name))
                .filter((child) => nameForm.test(child))
                .sort()
            } catch (cause) {
              if (isMissing(cause)) return []
              throw cause
            }
          }),
        remove: (name) =>
          attempt("remove", pathOf(name), () => {
            const path = pathOf(name)
            if (!fs.existsSync(nodePath.dirname(path))) return
            fs.rmSync(path, { recursive: true, force: true })
            syncDirectory(nodePath.dirname(path))
          }),
        locked: (name, options) => (use) =>
          Effect.acquireUseRelease(
            acquire(pathOf(`locks/${name.replaceAll("/", "--")}`), options?.waitMs ?? defaultWaitMs),
            () => use,
            release
          ),
        take,
        setMode: (name, mode) =>
          attempt("change", pathOf(name), () => {
            if (fs.lstatSync(pathOf(name)).nlink === 1) fs.chmodSync(pathOf(name), mode)
          }),
        hash: (name) => failing(hashOf(pathOf(name)), (cause) => stateError("read", pathOf(name), cause))
      })
    })
  )

export const layer = layerWith({})
