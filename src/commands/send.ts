import * as Effect from "effect/Effect"
import { bounds, foregroundTimeoutMs, sendPreset } from "../domain/bounds.ts"
import { exitCodes } from "../domain/error-table.ts"
import { InvalidPreset, UsageError } from "../domain/errors.ts"
import { MissingMessage, MissingSession } from "../domain/send-errors.ts"
import { permissions, type SendKind } from "../domain/sending.ts"
import type { Warning } from "../domain/results.ts"
import { makeView, presets } from "../domain/view.ts"
import { messagePrinting } from "../render/printing.ts"
import { sanitize } from "../render/terminal.ts"
import { tokenBudget } from "../services/budget.ts"
import { Host } from "../services/Host.ts"
import { Invocation } from "../services/Invocation.ts"
import { Sends, type SendRequest } from "../services/Sends.ts"
import { TextInput } from "../services/TextInput.ts"
import { formatFor } from "./format.ts"
import { conflict } from "./read-request.ts"
import { defineCommand, type FlagSpecs, type FlagValues } from "./spec.ts"
import { boundedNumber, choose, promptText, sendDirectory, sessionName, sourceName } from "./values.ts"

const flags = {
  message: { alias: "m", value: "TEXT", description: "the prompt" },
  file: { alias: "f", value: "PATH", description: "the prompt from a file; - is standard input" },
  source: { alias: "s", value: "SOURCE", description: "the agent; the source, where an id is not unique" },
  new: { description: "start a new session (needs --source)" },
  fork: { description: "start a new session from this one, which stays as it is" },
  continue: { description: "the newest session of --source in this directory" },
  name: { value: "NAME", description: "name the session, to use in the place of its id" },
  async: { description: "answer as soon as the agent runs: a job" },
  cwd: { value: "DIR", description: "run the agent there", default: "the session's directory" },
  timeout: {
    value: "SECONDS",
    description: "end the agent after so long",
    default: `${foregroundTimeoutMs / 1000}, none with --async`
  },
  tokens: { value: "N", description: "budget for the new messages", default: "8000" },
  preset: { alias: "p", value: "NAME", description: "how much of each new message", default: sendPreset },
  "dry-run": { description: "show what would be started; nothing is started, written or locked" },
  "idempotency-key": { value: "KEY", description: "send at most once under this key, however often it is called" },
  queue: { description: "wait while another process writes to the session" },
  model: { value: "NAME", description: "the agent's model, in its own spelling" },
  permission: { value: "LEVEL", description: "what the agent may do: plan, edit or full", default: "the agent's own" },
  "detect-timeout-ms": {
    value: "N",
    description: "how long the prompt may take to appear in the store",
    default: String(bounds.detectTimeoutMs.fallback)
  }
} as const satisfies FlagSpecs

type Flags = FlagValues<typeof flags>

/** What kind of send was asked for. */
const kindOf = Effect.fnUntraced(function* (typed: Flags, id: string | null) {
  const chosen = (["new", "fork", "continue"] as const).filter((kind) => typed[kind])
  if (chosen.length > 1) return yield* conflict(...chosen.map((kind) => `--${kind}`))
  const kind: SendKind = chosen[0] ?? "resume"
  if (id !== null && (kind === "new" || kind === "continue")) return yield* conflict(`--${kind}`, "id")
  if (id === null && (kind === "resume" || kind === "fork")) {
    return yield* new MissingSession({
      message:
        kind === "fork"
          ? "send --fork needs the id of the session to start from"
          : "send needs the id of a session, or --new with --source, or --continue with --source",
      suggestion: "sessionr list --cwd all"
    })
  }
  return kind
})

/** The prompt, from wherever it was said to be. */
const promptOf = Effect.fnUntraced(function* (typed: Flags) {
  const input = yield* TextInput
  if (typed.message !== null && typed.file !== null) return yield* conflict("--message", "--file")
  if (typed.message === null && typed.file === null) {
    return yield* new MissingMessage({
      message: "send needs a prompt: --message or --file",
      suggestion: "sessionr help send"
    })
  }
  const prompt = typed.message ?? (yield* input.read(typed.file!))
  return yield* promptText(typed.message === null ? "--file" : "--message", prompt, typed.file ?? "")
})

const choice = Effect.fnUntraced(function* <A extends string>(
  flag: string,
  typed: string | null,
  valid: ReadonlyArray<A>
) {
  return yield* choose(
    flag,
    typed,
    valid,
    ({ did_you_mean, message }) => new UsageError({ message, argument: typed, did_you_mean: [...did_you_mean] })
  )
})

/** `send`: a prompt into a session, and proof that it arrived. */
export const send = defineCommand({
  name: "send",
  summary: "Send a prompt into a session, and prove that it arrived",
  description:
    "Runs the agent's own program without a terminal, waits for it, and answers with the new messages once the prompt is found in the session. Words behind -- go to that program as they are. The agent's own output appears on stderr.",
  args: [{ name: "id", description: "session id, a unique prefix, or a name", required: false, variadic: false }],
  flags,
  passesOn: true,
  examples: [
    { command: 'sessionr send 135e0b78 -m "run the tests again"', description: "resume, wait, show the answer" },
    { command: "sessionr send --new -s codex -f prompt.md --async", description: "a new session, in the background" },
    { command: 'sessionr send 135e0b78 --fork --name try-b -m "use a queue"', description: "another way from here" },
    { command: 'sessionr send 135e0b78 -m "go on" --dry-run', description: "what would be started" }
  ],
  exitCodes: [
    exitCodes.OK,
    exitCodes.ERROR,
    exitCodes.USAGE,
    exitCodes.NOT_FOUND,
    exitCodes.AUTH,
    exitCodes.RATE_LIMITED,
    exitCodes.PARTIAL,
    exitCodes.CANCELLED
  ],
  run: Effect.fnUntraced(function* ({ args, extra, flags: typed }) {
    const invocation = yield* Invocation
    const host = yield* Host
    const sends = yield* Sends
    const id = args[0] === undefined || args[0] === "" ? null : args[0]
    const kind = yield* kindOf(typed, id)
    const source = yield* sourceName(typed.source)
    const prompt = yield* promptOf(typed)
    const preset =
      (yield* choose("--preset", typed.preset, presets, (fields) => new InvalidPreset(fields))) ?? sendPreset
    const { notices, tokens } = yield* tokenBudget("send", typed.tokens)
    const seconds = yield* boundedNumber("--timeout", typed.timeout, bounds.sendTimeoutSeconds)
    const request: SendRequest = {
      kind,
      id,
      source,
      cwd: yield* sendDirectory(kind, typed.cwd),
      prompt,
      name: typed.name === null ? null : yield* sessionName("--name", typed.name),
      timeoutMs: seconds === null ? null : seconds * 1000,
      detectTimeoutMs: yield* boundedNumber("--detect-timeout-ms", typed["detect-timeout-ms"], bounds.detectTimeoutMs),
      queue: typed.queue,
      idempotencyKey: typed["idempotency-key"],
      model: typed.model,
      permission: yield* choice("--permission", typed.permission, permissions),
      extra,
      tokens,
      preset
    }
    // What was not taken as asked for is said with every kind of answer.
    const told = <A extends { readonly warnings: ReadonlyArray<Warning> }>(result: A): A => ({
      ...result,
      warnings: [...notices.map((message) => ({ source: null, code: "BUDGET_CLAMPED", message })), ...result.warnings]
    })
    if (typed["dry-run"]) return { result: told(yield* sends.dryRun(request)), exitCode: exitCodes.OK }
    if (typed.async) return { result: told(yield* sends.start(request)), exitCode: exitCodes.OK }
    const format = formatFor(invocation, "send", false)
    const isJson = format === "json" || format === "jsonl"
    const result = yield* sends.send(request, {
      view: makeView(preset, null, isJson),
      printing: messagePrinting(format, invocation.apiVersion),
      mirrored: host.stderrIsTerminal ? sanitize : (text) => text
    })
    return {
      result: told(result),
      exitCode: result._tag === "send" && result.partial ? exitCodes.PARTIAL : exitCodes.OK
    }
  })
})

/** The background half of `send --async`: its task is on standard input. */
export const supervise = defineCommand({
  name: "__supervise",
  summary: "Look after a job",
  description: "Started by send --async; its task is on standard input.",
  args: [],
  flags: {},
  examples: [],
  exitCodes: [exitCodes.OK],
  run: Effect.fnUntraced(function* () {
    const sends = yield* Sends
    const input = yield* TextInput
    yield* sends.supervise(yield* input.read("-"))
    return exitCodes.OK
  })
})
