import type { ReadResult, UnchangedResult } from "../../domain/results.ts"
import { formatDuration, isoTime } from "../../domain/time.ts"
import type { ReadEnvelope, UnchangedEnvelope } from "../../schemas/read.ts"
import { sanitizeLine } from "../terminal.ts"
import { textMessage } from "../text-message.ts"
import { wireMessage } from "../wire-message.ts"
import {
  commands,
  type Encoder,
  line,
  nextLine,
  type Shape,
  type TextStyle,
  warningLines,
  warningsOf
} from "./common.ts"

/** The head of a `read` answer: its session where that is shown, and its meta. */
export const readHead = (
  result: ReadResult
): Omit<Shape<typeof ReadEnvelope>, "api_version" | "messages" | "actions"> => ({
  ...(result.session === null
    ? {}
    : {
        session: {
          id: result.session.id,
          source: result.session.source,
          model: result.session.model,
          cwd: result.session.cwd,
          git_branch: result.session.gitBranch,
          total_messages: result.session.totalMessages,
          total_tokens_estimate: result.session.totalTokens,
          pages_estimate: result.session.pagesEstimate,
          duration: result.session.durationMs === null ? null : formatDuration(result.session.durationMs),
          by_role: result.session.byRole
        }
      }),
  meta: {
    session_id: result.sessionId,
    source: result.source,
    total_messages: result.totalMessages,
    total_tokens_estimate: result.totalTokens,
    returned_tokens_estimate: result.returnedTokens,
    token_budget: result.tokenBudget,
    preset: result.preset,
    anchor: result.anchor,
    ...(result.search === null ? {} : { search: searchReport(result.search) }),
    range: result.range,
    has_more_before: result.hasMoreBefore,
    has_more_after: result.hasMoreAfter,
    cursor_before: result.cursorBefore,
    cursor_after: result.cursorAfter,
    cursor: commands(result.cursor),
    ...(result.page === null ? {} : { page: result.page }),
    etag: result.etag,
    partial: result.partial,
    next_action:
      result.nextAction === null
        ? null
        : {
            resume: result.nextAction.resume,
            resume_async: result.nextAction.resumeAsync,
            direct: result.nextAction.direct,
            verified: result.nextAction.verified,
            tip: result.nextAction.tip
          },
    detail_hint: {
      current_preset: result.detailHint.currentPreset,
      hidden_tool_calls: result.detailHint.hiddenToolCalls,
      truncated_results: result.detailHint.truncatedResults,
      thinking_hidden: result.detailHint.thinkingHidden,
      upgrade_options: result.detailHint.upgradeOptions.map((option) => ({
        preset: option.preset,
        estimated_tokens: option.estimatedTokens,
        will_fit: option.willFit,
        command: option.command
      }))
    },
    ...warningsOf(result.warnings)
  }
})

const searchReport = ({ matchIndex, matchIndices, matches, query }: NonNullable<ReadResult["search"]>) => ({
  query,
  matches,
  ...(matchIndex === null ? {} : { match_index: matchIndex }),
  ...(matches === 0 ? {} : { match_indices: matchIndices })
})

const readWire = (result: ReadResult): Shape<typeof ReadEnvelope> => ({
  api_version: 1,
  ...readHead(result),
  messages: result.messages.map(wireMessage),
  actions: result.actions
})

const unchangedWire = (result: UnchangedResult): Shape<typeof UnchangedEnvelope> => ({
  api_version: 1,
  unchanged: true,
  etag: result.etag,
  meta: {
    session_id: result.sessionId,
    source: result.source,
    total_messages: result.totalMessages,
    updated_at: isoTime(result.updatedAt)
  },
  actions: result.actions
})

const readText = (result: ReadResult, style: TextStyle): string => {
  const { paint } = style
  const { session } = result
  const head =
    session === null
      ? ""
      : paint.bold(sanitizeLine(`${session.id}  ${session.source}  ${session.model ?? "-"}  ${session.cwd ?? "-"}`)) +
        `\n${paint.dim(`${session.totalMessages} messages, about ${session.totalTokens} tokens`)}\n\n`
  const range = result.range === null ? "no messages" : `messages ${result.range.from}-${result.range.to}`
  const found =
    result.search === null ? "" : `; ${result.search.matches} matches for ${JSON.stringify(result.search.query)}`
  return (
    head +
    result.messages.map((message) => textMessage(message, paint)).join("") +
    `${paint.dim(sanitizeLine(`${range} of ${result.totalMessages}, ${result.returnedTokens} tokens${found}`))}\n` +
    warningLines(result.warnings, style) +
    (result.cursor.next === null ? "" : nextLine([{ ...result.cursor.next, description: "" }], style))
  )
}

export const read: Encoder<ReadResult> = { wire: readWire, text: readText }

export const unchanged: Encoder<UnchangedResult> = {
  wire: unchangedWire,
  text: (result) => line(`unchanged: ${result.etag}`)
}
