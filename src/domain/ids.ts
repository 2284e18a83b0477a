const shortest = 8

/**
 * The shortest prefix of `id`, of at least 8 characters, that no other of `ids` starts with. An id that is a prefix of
 * another stays whole: resolving prefers an exact match.
 */
export const shortestPrefix = (id: string, ids: Iterable<string>): string => {
  let shared = 0
  for (const other of ids) {
    if (other === id) continue
    let n = 0
    while (n < id.length && n < other.length && id.charCodeAt(n) === other.charCodeAt(n)) n++
    if (n > shared) shared = n
  }
  return id.slice(0, Math.max(shortest, shared + 1))
}
