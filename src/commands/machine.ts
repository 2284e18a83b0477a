import * as Effect from "effect/Effect"
import { exitCodes } from "../domain/error-table.ts"
import type { SourcesResult } from "../domain/results.ts"
import { AdapterRegistry } from "../services/AdapterRegistry.ts"
import { Doctor } from "../services/Doctor.ts"
import { defineCommand } from "./spec.ts"

/** `doctor`: what the program finds on this machine. */
export const doctor = defineCommand({
  name: "doctor",
  summary: "Show where sessions are looked for and what is wrong there",
  description:
    "Data directories, session counts, unreadable files and programs per source; our own version, directories and cache; what the tools will delete soon.",
  args: [],
  flags: {},
  examples: [{ command: "sessionr doctor", description: "check this machine" }],
  exitCodes: [exitCodes.OK],
  run: Effect.fnUntraced(function* () {
    const service = yield* Doctor
    return { result: yield* service.report, exitCode: exitCodes.OK }
  })
})

/** `sources`: what each source can do. */
export const sources = defineCommand({
  name: "sources",
  summary: "List the sources, their aliases and what each can do",
  description: "Names and aliases as --source takes them, how each keeps its sessions, and its capabilities.",
  args: [],
  flags: {},
  examples: [{ command: "sessionr sources", description: "the table of sources" }],
  exitCodes: [exitCodes.OK],
  run: Effect.fnUntraced(function* () {
    const { adapters } = yield* AdapterRegistry
    const result: SourcesResult = {
      _tag: "sources",
      sources: adapters.map((adapter) => ({
        name: adapter.source,
        displayName: adapter.displayName,
        aliases: adapter.aliases,
        storage: adapter.storage,
        capabilities: adapter.capabilities
      })),
      actions: [{ command: "sessionr doctor", description: "Where their data is on this machine" }]
    }
    return { result, exitCode: exitCodes.OK }
  })
})
