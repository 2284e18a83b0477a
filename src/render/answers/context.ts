import type { ContextResult } from "../../domain/results.ts"
import { isoTime, isoTimeOrNull } from "../../domain/time.ts"
import type { ContextEnvelope } from "../../schemas/context.ts"
import { contextMarkdown } from "../context-markdown.ts"
import { wireSummary } from "../wire-context.ts"
import { wireMessage } from "../wire-message.ts"
import { type Encoder, section, type Shape, type TextStyle, warningLines, warningsOf } from "./common.ts"

const contentOf = ({ body, format }: ContextResult) =>
  format === "markdown"
    ? { markdown: contextMarkdown(body) }
    : {
        summary: body.summary === null ? null : wireSummary(body.summary),
        ...(format === "messages" ? { messages: body.messages.map(wireMessage) } : {})
      }

const contextWire = (result: ContextResult): Shape<typeof ContextEnvelope> => {
  const { commandCount, omitted, session } = result.body
  return {
    api_version: 1,
    meta: {
      session_id: session.id,
      source: session.source,
      format: result.format,
      target_source: result.targetSource,
      total_messages: session.totalMessages,
      total_tokens_estimate: session.totalTokens,
      returned_tokens_estimate: result.returnedTokens,
      token_budget: result.tokenBudget,
      partial: result.partial,
      omitted,
      command_count: commandCount,
      ...warningsOf(result.warnings)
    },
    session: {
      id: session.id,
      source: session.source,
      title: session.title,
      model: session.model,
      cwd: session.cwd,
      git_branch: session.gitBranch,
      parent_id: session.parentId,
      forked_from: session.forkedFrom,
      created_at: isoTimeOrNull(session.createdAt),
      updated_at: isoTime(session.updatedAt)
    },
    hand_over: result.handOver.map(({ command, description, targetSource, verified }) => ({
      command,
      description,
      target_source: targetSource,
      verified
    })),
    ...contentOf(result),
    actions: result.actions
  }
}

/** As a document it is nothing but the Markdown text: it is meant to be piped into another agent. */
const contextText = (result: ContextResult, style: TextStyle): string => {
  const text = contextMarkdown(result.body) || "\n"
  if (result.format === "markdown") return text
  return (
    text +
    section(
      "To hand it over",
      result.handOver.map(
        ({ command, description, verified }) => `${command}  # ${description}${verified ? "" : " (not possible here)"}`
      ),
      style
    ) +
    warningLines(result.warnings, style)
  )
}

export const context: Encoder<ContextResult> = { wire: contextWire, text: contextText }
