import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { FileOutput } from "../services/FileOutput.ts"
import { Host } from "../services/Host.ts"
import { randomName } from "./disk.ts"
import { notWritable, writeFailure } from "./write-failure.ts"

/** A file that is being written. */
interface Draft {
  readonly handle: fs.promises.FileHandle
  /** Where it is written meanwhile; null for a device or a pipe, which cannot be replaced. */
  readonly temporary: string | null
  /** Where links lead: there it is put in the end. */
  readonly target: string
  /** Permissions to give it; null leaves them. */
  readonly mode: number | null
}

const statOf = async (path: string): Promise<fs.Stats | null> => {
  try {
    return await fs.promises.stat(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null
    throw cause
  }
}

/** The real path of what is there; else the real directory and the name. */
const realTarget = async (path: string, exists: boolean): Promise<string> =>
  exists
    ? fs.promises.realpath(path)
    : nodePath.join(await fs.promises.realpath(nodePath.dirname(path)), nodePath.basename(path))

const isBelow = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory + nodePath.sep)

const realOrSame = (path: string): string => {
  try {
    return fs.realpathSync(path)
  } catch {
    return path
  }
}

const open = async (path: string, never: ReadonlyArray<string>): Promise<Draft> => {
  const stat = await statOf(path)
  if (stat?.isDirectory()) throw notWritable(path, "EISDIR", "it is a directory")
  // A pipe may have no name that leads back to it.
  if (stat !== null && !stat.isFile()) {
    return { handle: await fs.promises.open(path, "w"), temporary: null, target: path, mode: null }
  }
  const target = await realTarget(path, stat !== null)
  const store = never.find((directory) => isBelow(target, realOrSame(directory)))
  if (store !== undefined) {
    throw notWritable(path, "a tool's own store", `it lies in ${store}, where a tool keeps its sessions`)
  }
  // Renaming needs no right to the file that it replaces: one that is write-protected stays.
  if (stat !== null) await fs.promises.access(target, fs.constants.W_OK)
  const temporary = nodePath.join(nodePath.dirname(target), `.sessionr-${randomName()}.tmp`)
  const handle = await fs.promises.open(temporary, "wx", 0o600)
  return { handle, temporary, target, mode: stat === null ? null : stat.mode & 0o777 }
}

const finish = async ({ handle, mode, target, temporary }: Draft): Promise<void> => {
  if (temporary === null) return handle.close()
  if (mode !== null) await handle.chmod(mode)
  await handle.sync()
  await handle.close()
  await fs.promises.rename(temporary, target)
}

const discard = async ({ handle, temporary }: Draft): Promise<void> => {
  await handle.close().catch(() => {})
  if (temporary !== null) await fs.promises.rm(temporary, { force: true }).catch(() => {})
}

export const layer = Layer.effect(
  FileOutput,
  Effect.gen(function* () {
    const { cwd, home } = yield* Host
    return FileOutput.of({
      write: (typed, never, produce) => {
        const spelled = typed === "~" || typed.startsWith("~/") ? nodePath.join(home, typed.slice(1)) : typed
        const path = nodePath.resolve(cwd, spelled)
        const attempt = <A>(work: () => Promise<A>) =>
          Effect.tryPromise({ try: work, catch: (cause) => writeFailure(path, cause) })
        let bytes = 0
        let isDone = false
        return Effect.acquireUseRelease(
          attempt(() => open(path, never)),
          (draft) =>
            Effect.gen(function* () {
              yield* produce((text) =>
                attempt(async () => {
                  const piece = Buffer.from(text, "utf8")
                  await draft.handle.writeFile(piece)
                  bytes += piece.length
                })
              )
              yield* attempt(() => finish(draft))
              isDone = true
              return { path, bytes }
            }),
          (draft) => Effect.promise(() => (isDone ? Promise.resolve() : discard(draft)))
        )
      }
    })
  })
)
