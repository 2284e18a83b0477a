/** What a name may look like, for messages. */
export const acceptedNames = "1 to 64 letters, digits and - _ ., beginning with a letter, and no beginning of an id"

/**
 * Whether a text can name a session. It stands in the place of an id, so what could be the beginning of one (hex digits
 * and dashes alone) cannot be a name.
 */
export const isName = (text: string): boolean =>
  /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(text) &&
  !(/^[0-9a-f-]+$/i.test(text) && text.length >= 4) &&
  !/^j-\d/.test(text)

/** A session that somebody named, or a message of one. */
export interface NamedSession {
  readonly name: string
  readonly source: string
  /** The whole id. */
  readonly id: string
  /** Index of the message that a checkpoint pins; null for a name of the whole session. */
  readonly at: number | null
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}
