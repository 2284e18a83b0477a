import type { AfterSplit, DiffResult, Relation, ToolDifference } from "../results/diff.ts"
import type { Transcript } from "../transcript.ts"

/** Counts by tool behind the first `from` messages, and the sums. */
interface Tools {
  readonly byName: ReadonlyMap<string, { count: number; errors: number }>
  readonly calls: number
  readonly errors: number
}

const toolsAfter = (transcript: Transcript, from: number): Tools => {
  const byName = new Map<string, { count: number; errors: number }>()
  const nameOf = new Map<number, string>()
  let calls = 0
  let errors = 0
  for (let index = from + 1; index <= transcript.count; index++) {
    const role = transcript.role(index)
    const call = transcript.call(index)
    if (role === "tool_use") {
      const name = transcript.toolName(index) ?? ""
      const row = byName.get(name)
      if (row === undefined) byName.set(name, { count: 1, errors: 0 })
      else row.count++
      if (call !== 0) nameOf.set(call, name)
      calls++
    } else if (transcript.isError(index)) {
      errors++
      const row = byName.get(nameOf.get(call) ?? "")
      if (row !== undefined) row.errors++
    }
  }
  return { byName, calls, errors }
}

/** What a session holds behind its first `from` messages. */
export const afterSplit = (transcript: Transcript, from: number): AfterSplit => {
  const byRole = { user: 0, assistant: 0, system: 0, tool_use: 0, tool_result: 0 }
  let tokens = 0
  let oldest = Number.POSITIVE_INFINITY
  let newest = Number.NEGATIVE_INFINITY
  for (let index = from + 1; index <= transcript.count; index++) {
    byRole[transcript.role(index)]++
    tokens += transcript.tokens(index)
    const time = transcript.time(index)
    if (time === null) continue
    if (time < oldest) oldest = time
    if (time > newest) newest = time
  }
  const { calls, errors } = toolsAfter(transcript, from)
  return {
    messages: transcript.count - from,
    byRole,
    tokens,
    toolCalls: calls,
    toolErrors: errors,
    durationMs: newest >= oldest ? newest - oldest : null
  }
}

/** Calls by tool behind the split, most used first. */
export const compareTools = (a: Transcript, b: Transcript, from: number): ReadonlyArray<ToolDifference> => {
  const none = { count: 0, errors: 0 }
  const [ofA, ofB] = [toolsAfter(a, from).byName, toolsAfter(b, from).byName]
  return Array.from(new Set([...ofA.keys(), ...ofB.keys()]), (name) => ({
    name,
    a: ofA.get(name) ?? none,
    b: ofB.get(name) ?? none
  })).sort((x, y) => y.a.count + y.b.count - x.a.count - x.b.count || (x.name < y.name ? -1 : 1))
}

/** Files modified in the whole of each session, in the order of the first touch. */
export const compareFiles = (a: Transcript, b: Transcript): DiffResult["files"] => {
  const [ofA, ofB] = [new Set(a.facts.filesModified), new Set(b.facts.filesModified)]
  return {
    onlyA: Array.from(ofA).filter((file) => !ofB.has(file)),
    onlyB: Array.from(ofB).filter((file) => !ofA.has(file)),
    both: Array.from(ofA).filter((file) => ofB.has(file))
  }
}

/** What the first `messages` messages, which both have, hold. */
export const sharedPart = (a: Transcript, b: Transcript, messages: number): DiffResult["shared"] => {
  let tokens = 0
  let sameCalls = 0
  let otherCalls = 0
  const until = { a: null as number | null, b: null as number | null }
  for (let index = 1; index <= messages; index++) {
    tokens += a.tokens(index)
    until.a = a.time(index) ?? until.a
    until.b = b.time(index) ?? until.b
    if (a.role(index) !== "tool_use" || a.call(index) === 0) continue
    if (a.call(index) === b.call(index)) sameCalls++
    else otherCalls++
  }
  return { messages, tokens, sameCalls, otherCalls, until }
}

const isSubagent = ({ entry, head }: Transcript): boolean => entry.kind === "subagent" || head.kind === "subagent"

/** What two sessions are to each other. */
export const relationOf = (a: Transcript, b: Transcript, shared: DiffResult["shared"]): Relation => {
  const [idA, idB] = [a.entry.id, b.entry.id]
  const sameSource = a.entry.source === b.entry.source
  if (sameSource && idA === idB && a.entry.file.path === b.entry.file.path) return "same_session"
  if (sameSource) {
    if (a.facts.forkedFrom === idB) return "a_forked_from_b"
    if (b.facts.forkedFrom === idA) return "b_forked_from_a"
    if (isSubagent(a) && (a.head.parentId ?? a.entry.parentId) === idB) return "a_subagent_of_b"
    if (isSubagent(b) && (b.head.parentId ?? b.entry.parentId) === idA) return "b_subagent_of_a"
    if (a.facts.forkedFrom !== null && a.facts.forkedFrom === b.facts.forkedFrom) return "forks_of_one"
  }
  return shared.sameCalls > 0 ? "shared_history" : "unrelated"
}
