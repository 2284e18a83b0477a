import {
  maxArgumentBytes,
  type OutputReader,
  type Permission,
  type Refusal,
  type SendKind,
  type SendOrder,
  type SendPlan
} from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"

/** What the plans of one tool differ in; the rest of a plan follows from the order. */
export interface Call {
  readonly args: ReadonlyArray<string>
  /** The prompt goes to standard input unless the arguments hold it. */
  readonly promptInArguments?: boolean
  readonly sessionId?: string
  readonly sessionName?: string
  readonly env?: Readonly<Record<string, string>>
  readonly notices?: ReadonlyArray<string>
}

/** A tool's way of sending, from which `senderOf` makes a `Sender`. */
export interface Sending {
  readonly displayName: string
  readonly binaries: Sender["binaries"]
  /** The kinds that the tool has, and how well each is known to work. */
  readonly evidence: Sender["evidence"]
  /** Why the tool lacks a kind, where there is more to say than that. */
  readonly lacks?: Readonly<Partial<Record<SendKind, string>>>
  /** Why this prompt would not arrive as it is; null where it does. */
  readonly garbles?: (prompt: string) => string | null
  /** `id` is the session that is resumed or forked; null for the other kinds. */
  readonly call: (order: SendOrder, id: string | null) => Call | Refusal
  readonly reader: () => OutputReader
  /** False where the output does not tell which session a new one is. */
  readonly namesSession?: false
  /** Whether plans depend on the version of the program. */
  readonly needsVersion?: true
  readonly login: string | null
}

const kinds: ReadonlyArray<SendKind> = ["new", "resume", "continue", "fork"]

const deeds: Readonly<Record<SendKind, string>> = {
  new: "starts a session",
  resume: "resumes a session by its id",
  continue: "continues the newest session of a directory",
  fork: "forks a session"
}

/** The tool has no such command. */
export const refuse = (reason: string): Refusal => ({ refused: "operation", reason })

/** The tool would not take this prompt as it is. */
export const refusePrompt = (reason: string): Refusal => ({ refused: "prompt", reason })

/**
 * The words for what the tool may do: none where nothing was asked, which leaves the tool to its own default. A string
 * instead of words is the reason why the tool cannot be told this level.
 */
export const permissionWords = (
  asked: Permission | null,
  known: Readonly<Record<Permission, ReadonlyArray<string> | string>>
): ReadonlyArray<string> | Refusal => {
  const words = asked === null ? [] : known[asked]
  return typeof words === "string" ? refuse(words) : words
}

/** `--model=<name>`, joined, so that no name is taken for a flag. */
export const modelWords = ({ model }: SendOrder): ReadonlyArray<string> => (model === null ? [] : [`--model=${model}`])

/** Version numbers from what a program says to `--version`; null where there are none. */
export const versionOf = ({ toolVersion }: SendOrder): readonly [major: number, minor: number] | null => {
  const [, major, minor] = /(\d{1,6})\.(\d{1,6})/.exec(toolVersion ?? "") ?? []
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor)]
}

export const isBefore = (version: readonly [number, number], major: number, minor: number): boolean =>
  version[0] < major || (version[0] === major && version[1] < minor)

/** The command that a prompt begins with where a tool looks for one: `/word`, but no path such as `/usr/bin/env`. */
export const slashCommand = (prompt: string): string | null => /^\/[^\s/]+(?=\s|$)/.exec(prompt)?.[0] ?? null

// Spelled out: `\p{Cc}` makes every read, which offers a resume, wait two milliseconds for the tables of Unicode.
// oxlint-disable-next-line no-control-regex
const controlCharacter = /[\0-\x1f\x7f-\x9f]/

const isFlagLike = (text: string): boolean => text === "" || text.startsWith("-") || controlCharacter.test(text)

const cannotPass = (argument: string): boolean =>
  argument.includes("\0") ||
  // No UTF-16 unit takes more than three bytes: most arguments need no counting.
  (argument.length * 3 >= maxArgumentBytes && new TextEncoder().encode(argument).length >= maxArgumentBytes)

const plan = (sending: Sending, order: SendOrder): SendPlan | Refusal => {
  const { displayName, evidence } = sending
  if (evidence[order.kind] === undefined) {
    return refuse(
      sending.lacks?.[order.kind] ?? `no command of ${displayName} ${deeds[order.kind]} without its own screen`
    )
  }
  const named = order.kind === "resume" || order.kind === "fork"
  // Ids come from files and databases that anybody may have written: none may turn into a flag.
  if (named && (order.sessionId === null || isFlagLike(order.sessionId))) {
    const id = order.sessionId
    return refuse(
      id === null ? "no session is named" : `${displayName} gives no session an id like ${JSON.stringify(id)}`
    )
  }
  if (order.model !== null && order.model.trim() === "") return refuse("the name of the model is empty")
  if (order.prompt.trim() === "") return refusePrompt("there is nothing in the prompt")
  const garbled = sending.garbles?.(order.prompt) ?? null
  if (garbled !== null) return refusePrompt(garbled)
  const call = sending.call(order, named ? order.sessionId : null)
  if ("refused" in call) return call
  const impossible = call.args.find(cannotPass)
  if (impossible !== undefined) {
    const reason = impossible.includes("\0") ? "holds a NUL" : `is longer than ${maxArgumentBytes - 1} bytes`
    return call.promptInArguments === true && impossible.includes(order.prompt)
      ? refusePrompt(`${displayName} takes the prompt as an argument, and it ${reason}`)
      : refuse(`an argument ${reason}`)
  }
  return {
    bin: order.binary,
    args: call.args,
    stdin: call.promptInArguments === true ? null : order.prompt,
    cwd: order.cwd,
    env: call.env ?? {},
    sessionId: call.sessionId ?? null,
    sessionName: call.sessionName ?? null,
    notices: call.notices ?? []
  }
}

/** A `Sender` that checks what is the same for all tools: kinds, ids, empty prompts, arguments that cannot be passed. */
export const senderOf = (sending: Sending): Sender => ({
  binaries: sending.binaries,
  supports: kinds.filter((kind) => sending.evidence[kind] !== undefined),
  evidence: sending.evidence,
  plan: (order) => plan(sending, order),
  reader: sending.reader,
  namesSession: sending.namesSession ?? true,
  needsVersion: sending.needsVersion ?? false,
  login: sending.login
})
