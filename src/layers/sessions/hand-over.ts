import * as Effect from "effect/Effect"
import type { HandOver, Warning } from "../../domain/results.ts"
import type { Transcript } from "../../domain/transcript.ts"
import type { Adapter } from "../../services/Adapter.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import { Directories } from "../../services/Directories.ts"
import { findProgram } from "../tool-program.ts"
import { commandLine, type Found } from "./catalog.ts"

/** The context that is handed over. */
export interface Handing {
  readonly found: Found
  readonly transcript: Transcript
  /** The source that is to carry on; null for any. */
  readonly target: string | null
  /** The line that prints the context as Markdown. */
  readonly print: string
}

/** Whether a tool can be run in the session's directory, here and now. */
const canRun = Effect.fnUntraced(function* ({ sender }: Adapter, cwd: string | null) {
  const directories = yield* Directories
  if (sender === null || cwd === null || !(yield* directories.exists(cwd))) return false
  return (yield* findProgram(sender)) !== null
})

const directoryWords = (cwd: string | null): ReadonlyArray<string> => (cwd === null ? [] : ["--cwd", cwd])

/** A new session of the target, which is given the context as its first prompt. */
const intoTarget = Effect.fnUntraced(function* ({ found, print, target, transcript }: Handing) {
  if (target === null || target === found.entry.source) return null
  const command = yield* commandLine
  const { adapters } = yield* AdapterRegistry
  const adapter = adapters.find(({ source }) => source === target)
  if (adapter === undefined || adapter.sender === null) return null
  const { cwd } = transcript.head
  const words = ["send", "--new", "--source", target, ...directoryWords(cwd), "--file", "-"]
  return {
    command: `${print} | ${command(words)}`,
    description: `Give it to a new session of ${adapter.displayName} as its first prompt`,
    targetSource: target,
    verified: yield* canRun(adapter, cwd)
  } satisfies HandOver
})

/** The session itself: it needs no context, only a prompt. A subagent's is not sent to. */
const intoItself = Effect.fnUntraced(function* ({ found, target, transcript }: Handing) {
  const { entry, shelf } = found
  const isSubagent = entry.kind === "subagent" || transcript.head.kind === "subagent"
  if (isSubagent || (target !== null && target !== entry.source)) return null
  if (shelf.adapter.sender?.supports.includes("resume") !== true) return null
  const command = yield* commandLine
  return {
    command: command(["send", entry.id, "--source", entry.source, "--file", "prompt.md"]),
    description: "Carry on in the session itself, with the prompt in prompt.md",
    targetSource: entry.source,
    verified: yield* canRun(shelf.adapter, transcript.head.cwd)
  } satisfies HandOver
})

/** A file that any agent can be given. */
const intoFile = ({ print }: Handing): HandOver => ({
  command: `${print} > handover.md`,
  description: "Write it to a file that a new session of any agent can be given",
  targetSource: null,
  verified: true
})

/** Why a target that was asked for is not among the ways. */
const refusals = Effect.fnUntraced(function* ({ target }: Handing, ways: ReadonlyArray<HandOver>) {
  const { adapters } = yield* AdapterRegistry
  const adapter = adapters.find(({ source }) => source === target)
  if (adapter === undefined || ways.some(({ targetSource }) => targetSource === adapter.source)) return []
  const message = `${adapter.displayName} takes no prompt from a command line`
  return [{ source: adapter.source, code: "NOT_RESUMABLE", message } satisfies Warning]
})

/** How the context gets to whoever carries on, the best way first. */
export const handOver = Effect.fnUntraced(function* (handing: Handing) {
  const found = [yield* intoTarget(handing), yield* intoItself(handing), intoFile(handing)]
  const ways = found.filter((way) => way !== null)
  return { ways, warnings: yield* refusals(handing, ways) }
})
