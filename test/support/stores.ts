import * as nodePath from "node:path"
import * as Effect from "effect/Effect"
import { adapters } from "../../src/layers/adapters.ts"
import type { Adapter } from "../../src/services/Adapter.ts"
import { jsonLines, writeFile } from "./store.ts"

/** One line of a conversation: the role, and a text or blocks as claude records them. */
export type Said = readonly [role: "user" | "assistant", content: unknown]

/** Writes a claude session below a home; a second between two lines, the first at `startMs`. */
export const writeClaude = (
  home: string,
  id: string,
  said: ReadonlyArray<Said>,
  { cwd = "/w", startMs = Date.parse("2026-11-01T00:00:00.000Z") }: { cwd?: string; startMs?: number } = {}
): string => {
  const path = nodePath.join(home, ".claude/projects/-w", `${id}.jsonl`)
  const records = said.map(([role, content], at) => ({
    type: role,
    uuid: `${id}-${at}`,
    parentUuid: at === 0 ? null : `${id}-${at - 1}`,
    sessionId: id,
    cwd,
    timestamp: new Date(startMs + at * 1000).toISOString(),
    message:
      role === "user"
        ? { role, content }
        : { id: `msg-${id}-${at}`, role, model: "claude-opus-5-5", content: [{ type: "text", text: content }] }
  }))
  writeFile(path, jsonLines(records))
  return path
}

/** Ids that differ in their first character. */
export const claudeId = (n: number): string => `${n}0000000-1111-4222-8333-444444444444`

/** A source whose discovery dies, as a defect in an adapter would. */
export const deadAdapter: Adapter = {
  ...adapters[0]!,
  source: "dead",
  aliases: ["broken"],
  displayName: "Dead",
  discover: () => Effect.die(new TypeError("cannot read what is not there"))
}

/** An adapter that notes which sessions are read whole. */
export const counting = (adapter: Adapter, loads: Array<string>): Adapter => ({
  ...adapter,
  load: (entry, discovery, options) => {
    loads.push(entry.id)
    return adapter.load(entry, discovery, options)
  }
})
