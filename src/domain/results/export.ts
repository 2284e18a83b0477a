import type { RedactionCounts } from "../redaction.ts"
import type { Action, Warning } from "./common.ts"

export const exportFormats = ["markdown", "html", "json", "jsonl"] as const

export type ExportFormat = (typeof exportFormats)[number]

/** A session that was written as a document. */
export interface ExportResult {
  readonly _tag: "export"
  readonly sessionId: string
  readonly source: string
  /** Absolute; null where the document is in `content`. */
  readonly path: string | null
  readonly format: ExportFormat
  /** Of the document as UTF-8. */
  readonly bytes: number
  readonly messages: number
  readonly redacted: boolean
  readonly redactions: RedactionCounts
  readonly content: string | null
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}
