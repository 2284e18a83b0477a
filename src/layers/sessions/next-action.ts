import * as Effect from "effect/Effect"
import type { ReadResult, Warning } from "../../domain/results.ts"
import { isRefusal, type SendPlan } from "../../domain/sending.ts"
import { shellLine, shellQuote } from "../../domain/text.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { Directories } from "../../services/Directories.ts"
import { findProgram } from "../tool-program.ts"
import { commandLine, type Found } from "./catalog.ts"

/** Stands for the prompt while a plan is made, to be found again in its arguments. */
const standIn = "sessionr-prompt-stands-here"

/** A plan as a line for a POSIX shell that takes the prompt from the file `prompt.md`. */
export const shellCall = ({ args, bin, env, stdin }: SendPlan, prompt: string): string => {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${shellQuote(value)}`)
  const words = args.map((word) => {
    const at = stdin === null ? word.indexOf(prompt) : -1
    return at < 0 ? shellQuote(word) : `${at === 0 ? "" : shellQuote(word.slice(0, at))}"$(cat prompt.md)"`
  })
  const call = [...settings, shellQuote(bin), ...words].join(" ")
  return stdin === null ? call : `${call} < prompt.md`
}

const notResumable = ({ entry }: Found, message: string) => {
  const warnings: ReadonlyArray<Warning> = [{ source: entry.source, code: "NOT_RESUMABLE", message }]
  return { action: null, warnings }
}

/**
 * How the session is carried on with its own tool, and whether that can be done here and now. `id` is what our own commands
 * call it.
 */
export const nextAction = Effect.fnUntraced(function* (found: Found, transcript: Transcript, id: string) {
  const { entry, shelf } = found
  if (entry.kind === "subagent" || transcript.head.kind === "subagent") {
    const parent = transcript.head.parentId ?? ""
    return notResumable(found, `a subagent's session is not resumed by itself: resume its parent ${parent}`.trimEnd())
  }
  const { displayName, sender } = shelf.adapter
  if (sender === null) return notResumable(found, `${displayName} cannot resume a session by its id`)
  const directories = yield* Directories
  const { cwd } = transcript.head
  const program = yield* findProgram(sender)
  const binary = program?.name ?? sender.binaries[0]
  const plan = sender.plan({
    kind: "resume",
    sessionId: entry.id,
    sessionFile: entry.file.path,
    prompt: standIn,
    cwd: cwd ?? "",
    mintedId: "",
    model: null,
    permission: null,
    extra: [],
    forkAt: null,
    // Asking the program would cost its start.
    toolVersion: null,
    binary
  })
  if (isRefusal(plan)) return notResumable(found, plan.reason)
  const directory = cwd !== null && (yield* directories.exists(cwd))
  const call = shellCall(plan, standIn)
  const command = yield* commandLine
  const words = ["send", id, "--file", "prompt.md", "--source", entry.source]
  const viaUs = { resume: command(words), resumeAsync: command([...words, "--async"]) }
  const action: NonNullable<ReadResult["nextAction"]> = {
    ...viaUs,
    direct: cwd === null ? call : `cd ${shellLine([cwd])} && ${call}`,
    verified: program !== null && directory,
    tip:
      program === null
        ? `${binary} is not on PATH`
        : directory
          ? "put the prompt into prompt.md first, by its absolute path if it lies elsewhere"
          : `the session's directory ${cwd ?? "(unknown)"} does not exist here`
  }
  const warnings: ReadonlyArray<Warning> = []
  return { action, warnings }
})
