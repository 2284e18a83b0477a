import * as Fs from "node:fs"
import * as Path from "node:path"
import { filesBelow, type Line, readLines, type Report, v4, v7 } from "./reading.ts"

const checkCodexBase = (file: string, base: Line, ordinal: unknown, files: ReadonlyArray<string>, report: Report) => {
  const parent = files.find((other) => other.endsWith(`-${base["thread_id"]}.jsonl`))
  if (parent === undefined) return report(file, "no base file")
  const bytes = Fs.readFileSync(parent).subarray(0, base["end_byte_offset"] as number)
  const last = JSON.parse(bytes.toString("utf8").trimEnd().split("\n").at(-1)!) as Line
  if (bytes.at(-1) !== 10 || last["ordinal"] + 1 !== base["end_ordinal_exclusive"] || ordinal !== last["ordinal"] + 1) {
    report(file, "history_base does not end at a record, or at another ordinal")
  }
}

/** Ids and dates in names, ordinals, what a fork begins with, calls and outputs, totals. */
export const checkCodex = (root: string, report: Report): void => {
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
