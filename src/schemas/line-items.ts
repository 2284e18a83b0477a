/**
 * What the lines of a JSONL answer hold between the first and the last: the key that the items have in the envelope, and
 * the type that each line says it is. Answers that are not here have no items.
 */
export const lineItems = {
  list: ["sessions", "session"],
  search: ["results", "result"],
  read: ["messages", "message"],
  context: ["messages", "message"],
  diff: ["differences", "difference"],
  totals: ["groups", "group"],
  tree: ["nodes", "node"],
  prune: ["would_delete", "session"],
  pruned: ["deleted", "session"],
  restored: ["sessions", "session"],
  trash: ["items", "trash"],
  sources: ["sources", "source"],
  doctor: ["sources", "source"],
  names: ["names", "name"],
  send: ["messages", "message"],
  jobs: ["jobs", "job"],
  help: ["commands", "command"],
  docs: ["topics", "topic"]
} as const satisfies { readonly [name: string]: readonly [key: string, type: string] }

/** The items of an answer by its name; undefined for one that has none. */
export const lineItemsOf = (name: string): readonly [key: string, type: string] | undefined =>
  (lineItems as { readonly [name: string]: readonly [key: string, type: string] })[name]
