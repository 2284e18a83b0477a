import type {
  PrunedResult,
  PruneItem,
  PrunePlanResult,
  PruneRefusal,
  RestoredResult,
  TrashResult
} from "../../domain/results.ts"
import { isoTime } from "../../domain/time.ts"
import { formatBytes } from "../../domain/trash.ts"
import type {
  PrunedEnvelope,
  PruneEnvelope,
  PruneItem as WireItem,
  RestoredEnvelope,
  TrashEnvelope
} from "../../schemas/prune.ts"
import { renderTable, sanitizeLine } from "../terminal.ts"
import { type Encoder, metaOf, nextLine, section, type Shape, type TextStyle, warningLines } from "./common.ts"

const item = ({ bytes, filePath, id, source, updatedAt }: PruneItem): Shape<typeof WireItem> => ({
  id,
  source,
  file_path: filePath,
  bytes,
  updated_at: isoTime(updatedAt)
})

const table = (items: ReadonlyArray<PruneItem>, style: TextStyle): string =>
  items.length === 0
    ? ""
    : renderTable(
        [
          { title: "ID", max: 36 },
          { title: "SOURCE", max: 12 },
          { title: "LAST ACTIVE", max: 16 },
          { title: "SIZE", max: 9 }
        ],
        items.map(({ bytes, id, source, updatedAt }) => [
          id,
          source,
          isoTime(updatedAt).slice(0, 16).replace("T", " "),
          formatBytes(bytes)
        ]),
        style.width,
        style.paint
      )

/** Reasons with who they are for: those that many share are said once. */
const reasons = (refusals: ReadonlyArray<PruneRefusal>): ReadonlyArray<string> => {
  const groups = new Map<string, Array<PruneRefusal>>()
  for (const refusal of refusals) {
    const key = `${refusal.source}\0${refusal.reason}`
    groups.set(key, [...(groups.get(key) ?? []), refusal])
  }
  return Array.from(groups.values(), ([first, ...others]) => {
    const who = others.length === 0 ? first!.id : sessions(others.length + 1)
    return `${who} of ${first!.source}: ${first!.reason}`
  })
}

const sessions = (n: number): string => `${n} ${n === 1 ? "session" : "sessions"}`

const line = (text: string, { paint }: TextStyle): string => `${paint.bold(sanitizeLine(text))}\n`

export const prune: Encoder<PrunePlanResult> = {
  wire: (result): Shape<typeof PruneEnvelope> => ({
    api_version: 1,
    ...metaOf(result.warnings),
    dry_run: true,
    would_delete: result.wouldDelete.map(item),
    count: result.wouldDelete.length,
    bytes: result.bytes,
    refused: result.refused,
    actions: result.actions
  }),
  text: (result, style) =>
    table(result.wouldDelete, style) +
    line(`would move ${sessions(result.wouldDelete.length)}, ${formatBytes(result.bytes)}, to the trash`, style) +
    section("Refused", reasons(result.refused), style) +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
}

export const pruned: Encoder<PrunedResult> = {
  wire: (result): Shape<typeof PrunedEnvelope> => ({
    api_version: 1,
    ...metaOf(result.warnings),
    dry_run: false,
    trash: result.trash,
    deleted: result.deleted.map(item),
    count: result.deleted.length,
    bytes: result.bytes,
    refused: result.refused,
    skipped: result.skipped,
    actions: result.actions
  }),
  text: (result, style) =>
    table(result.deleted, style) +
    line(
      `moved ${sessions(result.deleted.length)}, ${formatBytes(result.bytes)}, to the trash` +
        (result.trash === null ? "" : ` as ${result.trash}`),
      style
    ) +
    section("Refused", reasons(result.refused), style) +
    section("Skipped", reasons(result.skipped), style) +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
}

export const restored: Encoder<RestoredResult> = {
  wire: (result): Shape<typeof RestoredEnvelope> => ({
    api_version: 1,
    ...metaOf(result.warnings),
    trash: result.trash,
    sessions: result.sessions.map(({ filePath, id, source, status }) => ({
      id,
      source,
      file_path: filePath,
      status
    })),
    count: result.restored,
    conflicts: result.conflicts,
    actions: result.actions
  }),
  text: (result, style) => {
    const there = result.sessions.filter(({ status }) => status === "already_there").length
    return (
      result.sessions
        .filter(({ status }) => status !== "already_there")
        .map(({ filePath, id, source, status }) => `${sanitizeLine(`${status}  ${id}  ${source}  ${filePath}`)}\n`)
        .join("") +
      line(`put back ${sessions(result.restored)}${there === 0 ? "" : `; ${there} were there already`}`, style) +
      section(
        "Not put back",
        result.conflicts.map(({ path, reason }) => `${path}: ${reason}`),
        style
      ) +
      warningLines(result.warnings, style) +
      nextLine(result.actions, style)
    )
  }
}

export const trash: Encoder<TrashResult> = {
  wire: (result): Shape<typeof TrashEnvelope> => ({
    api_version: 1,
    ...metaOf(result.warnings),
    dry_run: result.dryRun,
    items: result.items.map(({ bytes, files, movedAt, sessions, trash }) => ({
      trash,
      moved_at: isoTime(movedAt),
      sessions,
      files,
      bytes
    })),
    count: result.items.length,
    bytes: result.bytes,
    refused: result.refused,
    actions: result.actions
  }),
  text: (result, style) =>
    result.items
      .map(
        ({ bytes, files, sessions: n, trash }) => `${trash}  ${sessions(n)}  ${files} files  ${formatBytes(bytes)}\n`
      )
      .join("") +
    line(`${result.dryRun ? "would delete" : "deleted"} ${formatBytes(result.bytes)} for good`, style) +
    section(
      "Refused",
      result.refused.map(({ reason, trash }) => `${trash}: ${reason}`),
      style
    ) +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
}
