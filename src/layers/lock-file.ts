import * as Schema from "effect/Schema"
import * as Option from "effect/Option"
import * as fs from "node:fs"
import { randomText } from "./hash.ts"
import { Holder, holderHere, stateOf } from "./holder.ts"

/** A holder shows every so often that it is alive, for those who cannot see its process; milliseconds. */
const beatMs = 15_000
/** A lock of a holder that cannot be seen, and that has not shown itself for so long, is abandoned; milliseconds. */
const abandonedMs = 60_000

/** A lock that is held. */
export interface Lock {
  readonly release: () => void
}

const decode = Schema.decodeOption(Schema.fromJsonString(Holder))

const codeOf = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException).code

const read = (path: string): { readonly holder: Holder | null; readonly ageMs: number } | null => {
  try {
    const ageMs = Date.now() - fs.statSync(path).mtimeMs
    return { holder: Option.getOrNull(decode(fs.readFileSync(path, "utf8"))), ageMs }
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return null
    throw cause
  }
}

/** Makes a file with the holder in it, whole from the first moment on; false where there is one already. */
const create = (path: string, holder: Holder): boolean => {
  const temporary = `${path}.${holder.token}.new`
  fs.writeFileSync(temporary, JSON.stringify(holder), { mode: 0o600, flag: "wx" })
  try {
    fs.linkSync(temporary, path)
    return true
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false
    // A file system without hard links: the file is empty for a moment, which counts as a holder that is not known.
    try {
      fs.copyFileSync(temporary, path, fs.constants.COPYFILE_EXCL)
      return true
    } catch (second) {
      if (codeOf(second) === "EEXIST") return false
      throw second
    }
  } finally {
    fs.rmSync(temporary, { force: true })
  }
}

const isAbandoned = (found: { readonly holder: Holder | null; readonly ageMs: number }): boolean => {
  const state = found.holder === null ? "unknown" : stateOf(found.holder)
  return state === "dead" || (state === "unknown" && found.ageMs > abandonedMs)
}

/**
 * Takes the lock file for the holder, or says who has it. Only one process at a time may put itself in the place of a
 * dead holder: the one that holds a lock which is named after that holder. It looks once more whether the dead one is
 * still there, since somebody may have been faster, and then replaces it in one step.
 */
const take = (path: string, holder: Holder): true | Holder | null => {
  if (create(path, holder)) return true
  const found = read(path)
  if (found === null) return take(path, holder)
  if (!isAbandoned(found)) return found.holder
  const successor = `${path}.${found.holder?.token ?? "damaged"}`
  const right = take(successor, holder)
  if (right !== true) return right
  const now = read(path)
  if (now === null || now.holder?.token !== found.holder?.token) {
    fs.rmSync(successor, { force: true })
    return take(path, holder)
  }
  fs.renameSync(successor, path)
  return true
}

/** Tries once to hold the lock at a path, whose directory exists; else gives back who holds it, as far as it is known. */
export const tryLock = (path: string): Lock | { readonly heldBy: Holder | null } => {
  const token = randomText(6)
  const taken = take(path, holderHere(token))
  if (taken !== true) return { heldBy: taken }
  const beat = setInterval(() => {
    try {
      fs.utimesSync(path, new Date(), new Date())
    } catch {
      // Whoever took the lock away believed this process dead; it finds out when it releases.
    }
  }, beatMs)
  beat.unref()
  return {
    release: () => {
      clearInterval(beat)
      if (read(path)?.holder?.token === token) fs.rmSync(path, { force: true })
    }
  }
}
