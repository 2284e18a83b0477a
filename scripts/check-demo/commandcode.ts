import * as Fs from "node:fs"
import * as Path from "node:path"
import { Calls, checkUnique, filesBelow, type Line, readDocument, readLines, type Report, v4 } from "./reading.ts"

const types = [
  "branch_summary",
  "compaction",
  "custom",
  "custom_message",
  "effort_change",
  "label",
  "message",
  "model_change",
  "session_info"
]

const contentOf = (message: Line): ReadonlyArray<Line> =>
  Array.isArray(message["content"]) ? (message["content"] as ReadonlyArray<Line>) : []

/** The folder of a directory, as far as the demo's own go: no border of letters and digits, no capitals. */
const slugOf = (cwd: string): string => cwd.slice(1).replaceAll("/", "-")

const checkTree = (file: string, [header, ...entries]: ReadonlyArray<Line>, report: Report): void => {
  if (header!["version"] !== 3) report(file, `version ${header!["version"]}`)
  if (Path.basename(Path.dirname(file)) !== slugOf(header!["cwd"])) report(file, "directory and folder differ")
  const seen = new Set<unknown>()
  const calls = new Calls(file, report)
  for (const entry of entries) {
    const { firstKeptEntryId, fromId, id, message, parentId, targetId, type, usage } = entry
    if (!/^[0-9a-f]{8}$/.test(id)) report(file, `id ${id}`)
    if (!types.includes(type as string)) report(file, `type ${type} of ${id}`)
    for (const other of [parentId, firstKeptEntryId, fromId, targetId]) {
      if (typeof other === "string" && !seen.has(other)) report(file, `${other}, named by ${id}, is not above it`)
    }
    seen.add(id)
    if (type === "message" && (message.role === "assistant") !== (usage !== undefined)) report(file, `usage of ${id}`)
    if (usage !== undefined && usage.cacheReadTokens + usage.cacheWriteTokens > usage.inputTokens)
      report(file, `more cached than read in ${id}`)
    for (const block of message === undefined ? [] : contentOf(message)) {
      if (block["type"] === "tool_use") calls.call(block["id"])
      if (block["type"] === "tool_result") calls.result(block["tool_use_id"])
    }
  }
  calls.end()
}

const checkFlat = (file: string, lines: ReadonlyArray<Line>, report: Report): void => {
  const calls = new Calls(file, report)
  for (const [at, line] of lines.entries()) {
    if (line["sessionId"] !== Path.basename(file, ".jsonl")) report(file, `foreign session id at ${line["id"]}`)
    if (line["parentId"] !== (lines[at - 1]?.["id"] ?? null)) report(file, `parent of ${line["id"]}`)
    if (line["metadata"].version !== 2) report(file, `version of ${line["id"]}`)
    for (const block of contentOf(line)) {
      if (block["type"] === "tool-call") calls.call(block["toolCallId"])
      if (block["type"] === "tool-result") calls.result(block["toolCallId"])
    }
  }
  calls.end()
}

/** Each prompt of a human has its checkpoint, with its words. */
const checkCheckpoints = (file: string, lines: ReadonlyArray<Line>, report: Report): void => {
  const prompts = lines.flatMap(({ message }) =>
    message?.role === "user" && message.meta.source !== "tool"
      ? [[message.meta.messageId, message.content[0].text]]
      : []
  )
  const kept = readLines(file, report).map(({ messageId, prompt }) => [messageId, prompt])
  if (JSON.stringify(kept) !== JSON.stringify(prompts)) report(file, "prompts differ from those of the transcript")
}

/** A copy has its source's header, and marks each copied line. */
const checkCopy = (file: string, lines: ReadonlyArray<Line>, parent: ReadonlyArray<Line>, report: Report): void => {
  const id = Path.basename(file, ".jsonl")
  const copied = lines.filter(({ sessionId }) => sessionId !== undefined)
  if (copied.some(({ sessionId }) => sessionId !== id)) report(file, "a copied line is marked for another session")
  const bare = copied.map(({ sessionId: _, ...line }) => line)
  if (copied.length === 0 || JSON.stringify(bare) !== JSON.stringify(parent.slice(0, copied.length))) {
    report(file, "does not begin with the lines of its source")
  }
}

/** Ids, parents above their children, results of calls, checkpoints, what a copy begins with. */
export const checkCommandCode = (root: string, report: Report): void => {
  const all = filesBelow(Path.join(root, "projects"))
  const files = all.filter((file) => /[/\\][0-9a-f-]{36}\.jsonl$/.test(file))
  const transcripts = new Map(files.map((file) => [file, readLines(file, report)]))
  for (const [file, lines] of transcripts) {
    const id = Path.basename(file, ".jsonl")
    if (!v4.test(id)) report(file, "name is no v4 uuid")
    checkUnique(
      file,
      lines.slice(1).map((line) => line["id"] as unknown),
      report
    )
    const header = lines[0]!
    if (header["type"] !== "session") {
      checkFlat(file, lines, report)
      continue
    }
    checkTree(file, lines, report)
    const checkpoints = file.replace(/jsonl$/, "checkpoints.jsonl")
    if (Fs.existsSync(checkpoints)) checkCheckpoints(checkpoints, lines, report)
    if (header["id"] === id) continue
    const { parentSessionId } = readDocument(file.replace(/jsonl$/, "meta.json"), report)
    if (parentSessionId !== header["id"]) report(file, "header and meta file name different sources")
    checkCopy(file, lines, transcripts.get(Path.join(Path.dirname(file), `${parentSessionId}.jsonl`)) ?? [], report)
  }
  for (const file of all) {
    const own = file.replace(/\.(?:meta\.json|checkpoints\.jsonl)$/, ".jsonl")
    if (!transcripts.has(own)) report(file, "without a transcript")
  }
}
