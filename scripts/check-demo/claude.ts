import * as Fs from "node:fs"
import * as Path from "node:path"
import { filesBelow, type Line, readLines, type Report, v4 } from "./reading.ts"

const blocksOf = (line: Line): ReadonlyArray<Line> =>
  Array.isArray(line["message"]?.content) ? (line["message"].content as ReadonlyArray<Line>) : []

/** Output, input, cache reads and cache writes by model; one answer is several lines with one message id. */
const claudeUsage = (lines: ReadonlyArray<Line>): Map<string, Array<number>> => {
  const answers = new Map<string, Line>()
  for (const line of lines) {
    if (line["type"] !== "assistant" || line["message"].model === "<synthetic>") continue
    const known = answers.get(line["message"].id as string)
    if (known === undefined || known["usage"].output_tokens < line["message"].usage.output_tokens) {
      answers.set(line["message"].id as string, line["message"] as Line)
    }
  }
  const sums = new Map<string, Array<number>>()
  for (const { model, usage } of answers.values()) {
    const sum = sums.get(model as string) ?? [0, 0, 0, 0]
    const keys = ["output_tokens", "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
    sums.set(
      model as string,
      sum.map((n, at) => n + (usage[keys[at]!] as number))
    )
  }
  return sums
}

const checkClaudeFile = (file: string, lines: ReadonlyArray<Line>, sessionId: string, report: Report): void => {
  const seen = new Set<string>()
  const calls = new Set<string>()
  const answered = new Set<string>()
  for (const line of lines) {
    const { uuid, parentUuid, logicalParentUuid, cwd } = line
    if (line["sessionId"] !== undefined && line["sessionId"] !== sessionId)
      report(file, `foreign session id at ${uuid}`)
    if (uuid === undefined) continue
    if (!v4.test(uuid as string)) report(file, `uuid ${uuid} is no v4`)
    if (seen.has(uuid as string)) report(file, `uuid ${uuid} twice`)
    for (const parent of [parentUuid, logicalParentUuid]) {
      if (typeof parent === "string" && !seen.has(parent)) report(file, `parent ${parent} of ${uuid} not above it`)
    }
    seen.add(uuid as string)
    const key = String(cwd).replace(/[^A-Za-z0-9]/g, "-")
    if (!file.includes(`/projects/${key}/`)) report(file, `cwd ${cwd} does not give the project key`)
    for (const block of blocksOf(line)) {
      if (block["type"] === "tool_use") calls.add(block["id"] as string)
      if (block["type"] !== "tool_result") continue
      if (!calls.has(block["tool_use_id"] as string)) report(file, `result of an unknown call ${block["tool_use_id"]}`)
      answered.add(block["tool_use_id"] as string)
    }
    const { persistedOutputPath, persistedOutputSize } = line["toolUseResult"] ?? {}
    if (persistedOutputPath !== undefined) {
      const kept = Path.join(
        file.slice(0, -".jsonl".length),
        "tool-results",
        Path.basename(persistedOutputPath as string)
      )
      if (Fs.statSync(kept).size !== persistedOutputSize) report(file, `size of ${kept}`)
    }
  }
  for (const call of calls) if (!answered.has(call)) report(file, `call ${call} without a result`)
}

/** Parents, project keys, results of calls, agents of a parent, and totals of `cost-state`. */
export const checkClaude = (root: string, report: Report): void => {
  const files = filesBelow(Path.join(root, "projects")).filter((file) => file.endsWith(".jsonl"))
  const all = new Map(files.map((file) => [file, readLines(file, report)]))
  for (const [file, lines] of all) {
    const stem = Path.basename(file, ".jsonl")
    const isAgent = stem.startsWith("agent-")
    const nested = Path.basename(Path.dirname(file)) === "subagents"
    const owner = nested ? Path.basename(Path.dirname(Path.dirname(file))) : (lines[0]?.["sessionId"] as string)
    if (!isAgent && !v4.test(stem)) report(file, "name is no v4 uuid")
    checkClaudeFile(file, lines, isAgent ? owner : stem, report)
    if (isAgent) {
      const parent = [...all].find(([other]) => Path.basename(other) === `${owner}.jsonl`)?.[1]
      if (parent === undefined) report(file, "no parent session")
      if (!lines.every((line) => line["isSidechain"] === true && `agent-${line["agentId"]}` === stem)) {
        report(file, "a line that is not this agent's")
      }
      if (nested) {
        const meta = JSON.parse(Fs.readFileSync(file.replace(/jsonl$/, "meta.json"), "utf8")) as Line
        const ids = (parent ?? []).flatMap((line) => blocksOf(line).map((block) => block["id"]))
        if (!ids.includes(meta["toolUseId"])) report(file, "toolUseId is not in the parent")
      }
      continue
    }
    const cost = lines.findLast((line) => line["type"] === "cost-state")
    if (cost === undefined) continue
    const own = [...all].filter(([other]) => other === file || other.includes(`/${stem}/subagents/`))
    const sums = claudeUsage(own.flatMap(([, lines]) => lines))
    for (const [model, sum] of sums) {
      const m = (cost["modelUsage"][model] ?? {}) as Line
      const told = [m["outputTokens"], m["inputTokens"], m["cacheReadInputTokens"], m["cacheCreationInputTokens"]]
      if (told.join() !== sum.join()) report(file, `cost-state of ${model}: ${told.join()} is not ${sum.join()}`)
    }
  }
}
