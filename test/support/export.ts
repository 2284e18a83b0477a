import type { Draft } from "../../src/domain/message.ts"
import { makeRedact, Redaction } from "../../src/domain/redaction.ts"
import { findGenericSecrets } from "../../src/domain/secret-patterns.ts"
import type { Transcript } from "../../src/domain/transcript.ts"
import { contain, toHtml } from "../../src/layers/late/markdown.ts"
import type { Document, ExportSource } from "../../src/render/export/source.ts"
import { transcriptOf } from "./transcripts.ts"

const redact = makeRedact([findGenericSecrets])

interface Options {
  readonly redacts?: boolean
  readonly title?: string | null
  /** Called with every index that is asked for. */
  readonly asked?: (index: number) => void
}

/** A session of these drafts as something to export. */
export const exportSource = (drafts: ReadonlyArray<Draft>, options: Options = {}): ExportSource => {
  const { asked, redacts = true, title = null } = options
  const made = transcriptOf(drafts)
  const firstPrompt = drafts.find(({ role }) => role === "user")?.text ?? null
  const transcript: Transcript = {
    ...made,
    head: { ...made.head, firstPrompt },
    message: (index) => {
      asked?.(index)
      return made.message(index)
    }
  }
  return {
    row: {
      id: made.entry.id,
      shortId: "00000000",
      source: "claude",
      cwd: "/srv/<acme>",
      updatedAt: Date.parse("2026-11-01T10:20:30.400Z"),
      createdAt: null,
      summary: "",
      filePath: "/made/up",
      isEmpty: false,
      title,
      gitBranch: null,
      model: "a & b",
      name: null,
      tags: [],
      parentId: null,
      totalMessages: made.count
    },
    transcript,
    tool: "Claude Code",
    version: "0.0.0-test",
    redaction: new Redaction(redacts ? redact : null),
    again: new Redaction(redacts ? redact : null),
    markdown: { contain, toHtml }
  }
}

export const whole = (document: Document): string => Array.from(document).join("")

const time = Date.parse("2026-11-01T10:20:30.400Z")

export const user = (text: string): Draft => ({ role: "user", time, text, blocks: [] })

export const assistant = (text: string, thinking?: string): Draft => ({
  role: "assistant",
  time,
  text,
  blocks: thinking === undefined ? [] : [{ type: "thinking", text: thinking }]
})

export const system = (text: string): Draft => ({ role: "system", time: null, text, blocks: [] })

export const call = (id: string | null, name: string, input: unknown): Draft => ({
  role: "tool_use",
  time,
  text: `${name} ${JSON.stringify(input)}`,
  blocks: [{ type: "tool_use", id, name, input }]
})

export const result = (toolUseId: string | null, text: string, isError = false): Draft => ({
  role: "tool_result",
  time,
  text,
  blocks: [{ type: "tool_result", toolUseId, isError }]
})
