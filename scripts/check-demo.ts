/**
 * Checks that the demo home is true to format: `npx node scripts/check-demo.ts [home]`, exit 1 and a list when it is not.
 * It trusts nothing of `src`, so that a mistake of an adapter and one of the demo cannot cancel out.
 */
import * as Fs from "node:fs"
import * as Path from "node:path"

type Line = Record<string, any>
type Report = (file: string, what: string) => void

/** Ends in the middle of a record, on purpose, as after a crash. */
const torn = "ccbd4a8f-cbe1-4cde-bb5f-8941847cb771.jsonl"

const v4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const v7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const filesBelow = (directory: string): Array<string> =>
  Fs.readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => Path.join(directory, name))
    .filter((path) => Fs.statSync(path).isFile())
    .sort()

const readLines = (file: string, report: Report): Array<Line> => {
  const text = Fs.readFileSync(file, "utf8")
  if (text.includes("\r")) report(file, "a carriage return")
  const raw = text.split("\n")
  const rest = raw.pop()!
  if (file.endsWith(torn) === (rest === "")) report(file, "the torn last line is missing or in the wrong place")
  const lines: Array<Line> = []
  for (const [at, line] of raw.entries()) {
    try {
      lines.push(JSON.parse(line) as Line)
    } catch {
      report(file, `line ${at + 1} is not JSON`)
    }
  }
  const times = lines.flatMap((line) => (typeof line["timestamp"] === "string" ? [line["timestamp"] as string] : []))
  for (const [at, time] of times.entries()) {
    if (at > 0 && time < times[at - 1]!) report(file, `time goes back at ${time}`)
  }
  return lines
}

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

const checkClaude = (root: string, report: Report): void => {
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

const checkCodexBase = (file: string, base: Line, ordinal: unknown, files: ReadonlyArray<string>, report: Report) => {
  const parent = files.find((other) => other.endsWith(`-${base["thread_id"]}.jsonl`))
  if (parent === undefined) return report(file, "no base file")
  const bytes = Fs.readFileSync(parent).subarray(0, base["end_byte_offset"] as number)
  const last = JSON.parse(bytes.toString("utf8").trimEnd().split("\n").at(-1)!) as Line
  if (bytes.at(-1) !== 10 || last["ordinal"] + 1 !== base["end_ordinal_exclusive"] || ordinal !== last["ordinal"] + 1) {
    report(file, "history_base does not end at a record, or at another ordinal")
  }
}

const checkCodex = (root: string, report: Report): void => {
  const files = filesBelow(root).filter((file) => Path.basename(file).startsWith("rollout-"))
  for (const file of files) {
    const lines = readLines(file, report)
    const first = lines[0]!
    const meta = (first["payload"] ?? first) as Line
    const [, date, id] = /rollout-(\d{4}-\d\d-\d\d)T[\d-]{8}-(.{36})\.jsonl$/.exec(file) ?? []
    if (id !== meta["id"] || !(first["payload"] === undefined ? v4 : v7).test(id ?? ""))
      report(file, "id and name differ")
    if (!file.includes("archived_sessions") && !file.includes(`/sessions/${date?.replaceAll("-", "/")}/`)) {
      report(file, "date and folder differ")
    }
    if (meta["history_mode"] === "paginated") {
      for (const [at, line] of lines.entries()) {
        if (line["ordinal"] !== first["ordinal"] + at) report(file, `ordinal ${line["ordinal"]} out of order`)
      }
    }
    if (meta["history_base"] !== undefined) checkCodexBase(file, meta["history_base"], first["ordinal"], files, report)
    if (meta["parent_thread_id"] !== undefined && !files.some((other) => other.includes(meta["parent_thread_id"]))) {
      report(file, "no parent thread")
    }
    const items = lines.map((line) => (line["payload"] ?? line) as Line)
    const calls = items.filter((item) => String(item["type"]).endsWith("_call")).map((item) => item["call_id"])
    const outputs = items.filter((item) => String(item["type"]).endsWith("_call_output")).map((item) => item["call_id"])
    if (calls.join() !== outputs.join()) report(file, "calls and outputs differ")
    const totals = items.filter((item) => item["type"] === "token_count").map((item) => item["info"].total_token_usage)
    const records = items.filter((item) => item["response_id"] !== undefined)
    if (records.length > 0 && JSON.stringify(totals.at(-1)) !== JSON.stringify(records.at(-1)!["thread_token_usage"])) {
      report(file, "token_count and token_usage_record differ")
    }
  }
}

/** Everything that is wrong with the demo home, as `file: what`; empty when nothing is. */
export const checkDemo = (home: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  const report: Report = (file, what) => void found.push(`${Path.relative(home, file)}: ${what}`)
  checkClaude(Path.join(home, ".claude"), report)
  checkCodex(Path.join(home, ".codex"), report)
  return found
}

if (import.meta.main) {
  const found = checkDemo(Path.resolve(process.argv[2] ?? "examples/home"))
  for (const line of found) console.error(line)
  process.exitCode = found.length === 0 ? 0 : 1
}
