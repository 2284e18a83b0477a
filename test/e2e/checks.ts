import { assert } from "@effect/vitest"
import type { Agent } from "./agents.ts"
import type { Turn } from "./mock/dialect.ts"
import { plainAnswer } from "./mock/script.ts"
import type { Recorded } from "./mock/server.ts"
import type { Ran, RunOptions, Sandbox } from "./sandbox.ts"

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits for something to be there. */
export const until = async <A>(what: string, look: () => A | undefined | false, ms = 60_000): Promise<A> => {
  const end = performance.now() + ms
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`there was no ${what} within ${ms} ms`)
    await sleep(50)
  }
}

export interface Sent {
  readonly id: string
  readonly before: number
  readonly after: number
  readonly ran: Ran
}

/** The words of a send, with those that the agent needs for every one. */
export const sendWords = (agent: Agent, target: ReadonlyArray<string>, prompt: string): ReadonlyArray<string> => [
  "send",
  ...target,
  `--message=${prompt}`,
  "--quiet",
  ...agent.words
]

export const toNew = ({ source }: Agent): ReadonlyArray<string> => ["--new", "--source", source]

/** Text as agents keep it: they trim. */
const kept = (text: string): string => text.trim()

/** How often the user says a prompt in a request. */
export const timesAsked = ({ request }: Recorded, prompt: string): number =>
  request.turns.filter(({ role, text }) => role === "user" && text.includes(kept(prompt))).length

/** What a session holds, as `read` shows it. */
export const messagesOf = async (
  box: Sandbox,
  { source }: Agent,
  id: string
): Promise<ReadonlyArray<{ readonly role: string; readonly content: string; readonly index: number }>> => {
  const ran = await box.sessionr(["read", id, "--source", source, "--tokens", "1000000", "--preset", "full"])
  const { error, messages, meta } = ran.json()
  assert.isUndefined(error, ran.stdout)
  assert.isFalse(meta.partial, "the whole session was to be read")
  return messages
}

/** That a session has these prompts, each once and in this order, each with the mock's answer behind it. */
export const assertConversation = async (
  box: Sandbox,
  agent: Agent,
  id: string,
  prompts: ReadonlyArray<string>
): Promise<void> => {
  const messages = await messagesOf(box, agent, id)
  const shown = JSON.stringify(messages.map(({ content, role }) => [role, content.slice(0, 200)]))
  let last = -1
  for (const prompt of prompts) {
    const asked = messages.flatMap(({ content, role }, at) =>
      role === "user" && content.includes(kept(prompt)) ? [at] : []
    )
    assert.lengthOf(asked, 1, `${prompt.slice(0, 100)} is there ${asked.length} times: ${shown}`)
    assert.isAbove(asked[0]!, last, `${prompt.slice(0, 100)} is out of order: ${shown}`)
    last = asked[0]!
    const answer = plainAnswer(prompt)
    const answered = messages.findIndex(
      ({ content, role }, at) => at > last && role === "assistant" && content.includes(answer)
    )
    assert.isAbove(answered, last, `${answer} is not behind its prompt: ${shown}`)
    last = answered
  }
}

/** Sends a prompt that the mock answers plainly, and checks the answer, what the model was asked, and what is stored. */
export const deliver = async (
  box: Sandbox,
  agent: Agent,
  target: ReadonlyArray<string>,
  prompt: string,
  options: RunOptions = {}
): Promise<Sent> => {
  const ran = await box.sessionr(sendWords(agent, target, prompt), options)
  return delivered(box, agent, ran, prompt)
}

/** Checks the answer of a send. */
export const delivered = async (box: Sandbox, agent: Agent, ran: Ran, prompt: string): Promise<Sent> => {
  const { error, messages, meta } = ran.json()
  assert.isUndefined(error, ran.stdout)
  assert.strictEqual(ran.exit, 0, ran.stdout.slice(0, 3000))
  assert.strictEqual(meta.delivery, "delivered")
  assert.strictEqual(meta.source, agent.source)
  const asked = box.mock.conversations().filter((one) => timesAsked(one, prompt) > 0)
  assert.isNotEmpty(asked, `the model was never asked ${prompt.slice(0, 100)}`)
  const first = messages.findIndex(
    ({ content, role }: { readonly content: string; readonly role: string }) =>
      role === "user" && content.includes(kept(prompt).slice(0, 50))
  )
  assert.isAtLeast(first, 0, `the new messages are without the prompt: ${ran.stdout.slice(0, 3000)}`)
  return { id: meta.session_id, before: meta.message_count_before, after: meta.total_messages, ran }
}

/** The error of a send that is to fail. */
// eslint-disable-next-line typescript/no-explicit-any
export const failed = (ran: Ran, code: string, exit: number): any => {
  const { error } = ran.json()
  assert.isDefined(error, `it did not fail: ${ran.stdout.slice(0, 2000)}`)
  assert.strictEqual(error.code, code, ran.stdout.slice(0, 4000))
  assert.strictEqual(ran.exit, exit)
  return error
}

/** The newest request in which the model is asked a prompt. */
export const requestOf = (box: Sandbox, prompt: string): Recorded => {
  const found = box.mock.conversations().findLast(({ request }) => lastAsked(request.turns, prompt))
  assert.isDefined(found, `no request asks ${prompt}`)
  return found!
}

const lastAsked = (turns: ReadonlyArray<Turn>, prompt: string): boolean =>
  turns.some(({ role, text }) => role === "user" && text.includes(kept(prompt)))
