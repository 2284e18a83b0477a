import type { DiffResult, DiffSession, Relation } from "../../domain/results.ts"
import { formatDuration, isoTime, isoTimeOrNull } from "../../domain/time.ts"
import type { DiffEnvelope } from "../../schemas/diff.ts"
import { textDifference, wireDifference } from "../difference.ts"
import { renderTable, sanitizeLine } from "../terminal.ts"
import {
  commands,
  type Encoder,
  nextLine,
  pairs,
  roleCounts,
  section,
  type Shape,
  type TextStyle,
  usage,
  warningLines,
  warningsOf
} from "./common.ts"

const sessionWire = (session: DiffSession): Shape<typeof DiffEnvelope>["sessions"]["a"] => ({
  id: session.id,
  source: session.source,
  title: session.title,
  cwd: session.cwd,
  git_branch: session.gitBranch,
  model: session.model,
  parent_id: session.parentId,
  forked_from: session.forkedFrom,
  created_at: isoTimeOrNull(session.createdAt),
  updated_at: isoTime(session.updatedAt),
  total_messages: session.totalMessages,
  total_tokens_estimate: session.totalTokens,
  token_usage: session.tokenUsage,
  duration_ms: session.durationMs,
  after_split: {
    messages: session.after.messages,
    by_role: session.after.byRole,
    tokens_estimate: session.after.tokens,
    tool_calls: session.after.toolCalls,
    tool_errors: session.after.toolErrors,
    duration_ms: session.after.durationMs
  }
})

const diffWire = (result: DiffResult): Shape<typeof DiffEnvelope> => {
  const { differences, files, shared } = result
  return {
    api_version: 1,
    meta: {
      relation: result.relation,
      identical: result.isIdentical,
      partial: result.partial,
      ...(differences === null
        ? {}
        : {
            total_differences: differences.total,
            alignment: differences.isExact ? ("exact" as const) : ("unique_only" as const),
            token_budget: differences.tokenBudget,
            returned_tokens_estimate: differences.returnedTokens,
            cursor: commands(differences.cursor)
          }),
      ...warningsOf(result.warnings)
    },
    sessions: { a: sessionWire(result.a), b: sessionWire(result.b) },
    shared: {
      messages: shared.messages,
      tokens_estimate: shared.tokens,
      same_call_ids: shared.sameCalls,
      other_call_ids: shared.otherCalls,
      until: { a: isoTimeOrNull(shared.until.a), b: isoTimeOrNull(shared.until.b) }
    },
    tools: result.tools,
    files: { only_a: files.onlyA, only_b: files.onlyB, both: files.both },
    ...(differences === null ? {} : { differences: differences.shown.map(wireDifference) }),
    actions: result.actions
  }
}

const relations: { readonly [R in Relation]: string } = {
  same_session: "one and the same session",
  a_forked_from_b: "a was forked from b",
  b_forked_from_a: "b was forked from a",
  forks_of_one: "both were forked from one session",
  a_subagent_of_b: "a is a subagent of b",
  b_subagent_of_a: "b is a subagent of a",
  shared_history: "they share calls with the same ids: one was copied from the other",
  unrelated: "neither is known to come from the other"
}

const sessionLines = (name: string, session: DiffSession, style: TextStyle): string => {
  const { after } = session
  const duration = after.durationMs === null ? "" : ` in ${formatDuration(after.durationMs)}`
  return (
    style.paint.bold(sanitizeLine(`${name}  ${session.id}  ${session.source}`)) +
    "\n" +
    pairs(
      [
        ["title", session.title],
        ["directory", session.cwd],
        ["branch", session.gitBranch],
        ["model", session.model],
        ["updated", isoTime(session.updatedAt)],
        ["messages", `${session.totalMessages}, about ${session.totalTokens} tokens`],
        [
          "after the split",
          `${after.messages} messages${after.messages === 0 ? "" : ` (${roleCounts(after.byRole)})`}, about ${after.tokens} tokens${duration}`
        ],
        ["tokens", usage(session.tokenUsage)]
      ],
      style
    ) +
    "\n"
  )
}

const calls = ({ count, errors }: { count: number; errors: number }): string =>
  count === 0 ? "" : errors === 0 ? String(count) : `${count} (${errors} failed)`

const diffText = (result: DiffResult, style: TextStyle): string => {
  const { differences, files, shared, tools } = result
  const same = result.isIdentical
    ? "all messages are the same"
    : shared.messages === 0
      ? "not even the first message is the same"
      : `the leading messages, ${shared.messages} of them, are the same`
  return (
    sessionLines("a", result.a, style) +
    sessionLines("b", result.b, style) +
    `${same}; ${relations[result.relation]}\n` +
    (tools.length === 0
      ? ""
      : `\n${renderTable(
          [
            { title: "TOOL AFTER THE SPLIT", max: 40 },
            { title: "A", max: 20 },
            { title: "B", max: 20 }
          ],
          tools.map(({ a, b, name }) => [name, calls(a), calls(b)]),
          style.width,
          style.paint
        )}`) +
    section("Files modified only in a", files.onlyA, style) +
    section("Files modified only in b", files.onlyB, style) +
    section("Files modified in both", files.both, style) +
    (differences === null
      ? ""
      : `\n${differences.shown.map((difference) => textDifference(difference, style.paint)).join("")}` +
        `${style.paint.dim(`${differences.shown.length} of ${differences.total} steps, ${differences.returnedTokens} tokens`)}\n`) +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
  )
}

export const diff: Encoder<DiffResult> = { wire: diffWire, text: diffText }
