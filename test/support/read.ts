import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { runCli, type RunOptions } from "./run-cli.ts"

/** A message as version 1 prints it. */
export interface Message {
  readonly index: number
  readonly role: string
  readonly content?: string
  readonly truncated?: true
  readonly content_chars?: number
  readonly next_char?: number
  readonly blocks?: ReadonlyArray<{ readonly type: string; readonly name?: string; readonly input?: unknown }>
}

export const read = (line: string, options: RunOptions = {}) => runCli(["read", ...line.split(" ")], options)

const callText = (name: string, input: unknown): string =>
  input === null ? name : `${name} ${typeof input === "string" ? input : JSON.stringify(input)}`

/** The canonical texts by index, put together from pieces; a message that comes twice would be too long. */
export const texts = (messages: ReadonlyArray<Message>): ReadonlyMap<number, string> => {
  const all = new Map<number, string>()
  for (const { blocks, content = "", index } of messages) {
    const call = blocks?.find(({ type }) => type === "tool_use")
    const text = call === undefined ? content : callText(call.name!, call.input)
    all.set(index, (all.get(index) ?? "") + text)
  }
  return all
}

/** A ceiling that no demo session reaches. */
export const wide: RunOptions = { env: { SESSIONREADER_TOKEN_CAP: "1000000" } }

/** A session in one answer. */
export const whole = (id: string) =>
  Effect.map(read(`${id} --preset full --tokens 1000000`, wide), ({ exitCode, json }) => {
    assert.strictEqual(exitCode, 0)
    return json.messages as ReadonlyArray<Message>
  })
