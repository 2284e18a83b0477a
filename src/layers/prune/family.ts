import type { Found } from "../sessions/catalog.ts"
import type { Surveyed } from "../sessions/survey.ts"

/** A session with its subagents, and theirs. */
export interface Family {
  /** The session itself first. */
  readonly members: ReadonlyArray<Surveyed>
  readonly head: Surveyed
  /** When any of them was last active, milliseconds since the epoch. */
  readonly updatedAt: number
}

const keyOf = (source: string, id: string): string => `${source}\0${id.toLowerCase()}`

const parentOf = ({ found, head }: Surveyed): string | null => head.parentId ?? found.entry.parentId

const isSubagent = ({ found, head }: Surveyed): boolean => head.kind === "subagent" || found.entry.kind === "subagent"

/**
 * Sessions with what belongs to them. A subagent whose parent is gone is a session by itself; one whose parent is there
 * and could not be read belongs to nobody, and stays.
 */
export const familiesOf = (entries: ReadonlyArray<Found>, surveyed: ReadonlyArray<Surveyed>): ReadonlyArray<Family> => {
  const known = new Set(entries.map(({ entry }) => keyOf(entry.source, entry.id)))
  const children = new Map<string, Array<Surveyed>>()
  const heads: Array<Surveyed> = []
  for (const row of surveyed) {
    const parent = isSubagent(row) ? parentOf(row) : null
    const key = parent === null ? null : keyOf(row.found.entry.source, parent)
    const siblings = key === null ? undefined : children.get(key)
    if (key === null || !known.has(key)) heads.push(row)
    else if (siblings === undefined) children.set(key, [row])
    else siblings.push(row)
  }
  return heads.map((head) => {
    const members = new Set([head])
    for (const member of members) {
      for (const child of children.get(keyOf(member.found.entry.source, member.found.entry.id)) ?? [])
        members.add(child)
    }
    const all = Array.from(members)
    return { members: all, head, updatedAt: Math.max(...all.map((member) => member.head.updatedAt)) }
  })
}
