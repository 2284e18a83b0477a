/**
 * One message of a conversation, whichever tool wrote it.
 *
 * `text` is the canonical text: what search looks at, what `--char-offset` counts in and what the token estimate is of.
 * For a tool call it is the name, a space and the input as compact JSON; for everything else the text as it was said.
 */
export const roles = ["user", "assistant", "system", "tool_use", "tool_result"] as const

export type Role = (typeof roles)[number]

/** A part of a message that says more than its text. The text itself is never repeated in a block. */
export type Block =
  | { readonly type: "thinking"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string | null; readonly name: string; readonly input: unknown }
  | { readonly type: "tool_result"; readonly toolUseId: string | null; readonly isError: boolean }
  /** An image, audio clip or document: its bytes stay in the store, `bytes` is the decoded size where it can be told. */
  | {
      readonly type: "attachment"
      readonly kind: string
      readonly mediaType: string | null
      readonly bytes: number | null
    }

/** What an adapter makes of a record, before the conversation has an order and indices. */
export interface Draft {
  readonly role: Role
  /** Milliseconds since the epoch; null when the record has no time. */
  readonly time: number | null
  readonly text: string
  readonly blocks: ReadonlyArray<Block>
  /** A part of an answer that only carries thinking: it rides on the assistant or tool_use message that follows it. */
  readonly thinkingOnly?: boolean
  /** Absolute path of a file that holds the complete text, where the tool moved an oversize output out of the record. */
  readonly external?: string
}

/** A draft with its place: `index` is 1-based and stable while the session only grows. */
export interface Message {
  readonly index: number
  readonly role: Role
  readonly time: number | null
  readonly text: string
  readonly blocks: ReadonlyArray<Block>
}

/** The canonical text of a tool call. */
export const toolUseText = (name: string, input: unknown): string =>
  input === undefined || input === null ? name : `${name} ${typeof input === "string" ? input : JSON.stringify(input)}`
