/** What a tag may look like, for messages. */
export const acceptedTags = "1 to 64 letters, digits and - _ . : /"

/** Whether a text can be a tag: letters and digits of every script, `-`, `_`, `.`, `:` and `/`, at most 64 of them. */
export const isTag = (text: string): boolean => /^[\p{L}\p{M}\p{N}_.:/-]{1,64}$/u.test(text)

/** Tags in the one order in which they are shown: by code unit, each once. */
export const sortedTags = (tags: Iterable<string>): ReadonlyArray<string> => Array.from(new Set(tags)).sort()

/** What somebody called a session, in our own state. */
export interface SessionLabels {
  /** Null for a session without a name. */
  readonly name: string | null
  /** Sorted. */
  readonly tags: ReadonlyArray<string>
}

export const noLabels: SessionLabels = { name: null, tags: [] }
