import type { Belongings } from "../../services/Adapter.ts"

/** A session that is some rows of a database: taking them out would be a write into the tool's own store. */
export const inDatabase = (tool: string, path: string): Belongings => ({
  refused: `it lies in a database that ${tool} keeps all of its sessions in: ${path}`
})

/** A session that a file beside it says somebody has open. */
export const heldBy = (path: string): Belongings => ({ refused: `${path} says that it is open` })

/** Adds a value to the list of a key. */
export const addTo = <K, V>(lists: Map<K, Array<V>>, key: K, value: V): void => {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}

/** The last part of a path, with either kind of slash. */
export const lastName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)

/** A path without its last part. */
export const aboveOf = (path: string): string =>
  path.slice(0, Math.max(0, path.lastIndexOf("/"), path.lastIndexOf("\\")))
