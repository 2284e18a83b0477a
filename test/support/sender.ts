import { assert } from "@effect/vitest"
import {
  isRefusal,
  maxArgumentBytes,
  type Permission,
  permissions,
  type Refusal,
  type SendKind,
  type SendOrder,
  type SendPlan
} from "../../src/domain/sending.ts"
import type { SessionEntry } from "../../src/domain/session.ts"
import type { Adapter, Sender } from "../../src/services/Adapter.ts"
import type { AdapterCase, ExpectedPlan } from "./adapter-kit.ts"
import { oddValues, withWrongTypes } from "./fuzz.ts"

export const kinds: ReadonlyArray<SendKind> = ["new", "resume", "continue", "fork"]

export const mintedId = "99999999-8888-4777-8666-555555555555"
export const sessionId = "11111111-2222-4333-8444-555555555555"

/** An order to resume, of which some is different. */
export const order = (sender: Sender, different: Partial<SendOrder> = {}): SendOrder => ({
  kind: "resume",
  sessionId,
  sessionFile: null,
  prompt: "count the stripes",
  cwd: "/srv/zebra",
  mintedId,
  model: null,
  permission: null,
  extra: [],
  forkAt: null,
  toolVersion: null,
  binary: sender.binaries[0],
  ...different
})

/** The plan of an order, which must not be refused. */
export const planned = (sender: Sender, different: Partial<SendOrder> = {}): SendPlan => {
  const plan = sender.plan(order(sender, different))
  if (isRefusal(plan)) assert.fail(`refused: ${plan.reason}`)
  return plan
}

/** The refusal of an order, which must not be planned. */
export const refused = (sender: Sender, different: Partial<SendOrder> = {}): Refusal => {
  const plan = sender.plan(order(sender, different))
  if (!isRefusal(plan)) assert.fail(`planned: ${plan.args.join(" ")}`)
  return plan
}

/** Arguments of a plan for each permission; the word `refused` where the tool cannot be told so. */
export const permitted = (
  sender: Sender,
  different: Partial<SendOrder> = {}
): Readonly<Record<Permission, ReadonlyArray<string> | "refused">> => {
  const none = planned(sender, different).args
  const words = (permission: Permission): ReadonlyArray<string> | "refused" => {
    const plan = sender.plan(order(sender, { ...different, permission }))
    return isRefusal(plan) ? "refused" : plan.args.filter((word) => !none.includes(word))
  }
  return { plan: words("plan"), edit: words("edit"), full: words("full") }
}

const lineOf = (event: unknown): string => (typeof event === "string" ? event : JSON.stringify(event))

/** What a reader makes of an output; events become lines of JSON. */
export const told = (sender: Sender, stdout: ReadonlyArray<unknown>, stderr: ReadonlyArray<string> = []) => {
  const reader = sender.reader()
  for (const event of stdout) reader.stdout(lineOf(event))
  for (const line of stderr) reader.stderr(line)
  return { sessionId: reader.sessionId(), failure: reader.failure() }
}

const garbage: ReadonlyArray<string> = [
  "",
  " ",
  "{",
  "}",
  "{}",
  "null",
  "[]",
  "[".repeat(100_000),
  '{"type":'.repeat(5000),
  '{"type":"result"',
  "\u0000\u001b[31m",
  "\ud800",
  `{"type":"result","text":"${"x".repeat(5_000_000)}"}`,
  "Error: ".repeat(100_000),
  `${"try again in 1 s ".repeat(20_000)}`,
  "run ".repeat(50_000)
]

/** A reader lives through lines of any kind, wrong types in the events that it knows, and names no odd session. */
export const surviving = (sender: Sender, events: ReadonlyArray<unknown>): void => {
  const reader = sender.reader()
  const broken = events.filter((event) => typeof event === "object" && event !== null)
  const lines = [...garbage, ...broken.flatMap(withWrongTypes).map(lineOf), ...oddValues.map(lineOf), ...garbage]
  const start = performance.now()
  for (const line of lines) {
    reader.stdout(line)
    reader.stderr(line)
    const failure = reader.failure()
    if (failure !== null) {
      assert.isNotEmpty(failure.message)
      assert.isAtMost(failure.message.length, 500)
      assert.notMatch(failure.message, /[\u0000-\u001f\u007f]/)
      assert.isTrue(failure.retryAfter === null || failure.retryAfter >= 0)
    }
    const id = reader.sessionId()
    if (id !== null) assert.match(id, /^[\w.:-]{1,200}$/)
  }
  // Loose, but far below what a pattern that backtracks would take.
  assert.isBelow(performance.now() - start, 20_000)
}

const samePlan = (adapter: Adapter, actual: SendPlan, expected: ExpectedPlan): void =>
  assert.deepStrictEqual(actual, {
    bin: adapter.sender!.binaries[0],
    stdin: "count the stripes",
    cwd: "/srv/zebra",
    env: {},
    sessionId: null,
    sessionName: null,
    notices: [],
    ...expected
  })

/** What every source's sender has to fulfil. */
export const checkSender = (adapter: Adapter, entry: SessionEntry, plans: AdapterCase["plans"]): void => {
  const { capabilities, sender } = adapter
  if (sender === null || plans === null) {
    assert.isNull(sender)
    assert.isNull(plans)
    for (const kind of kinds) assert.isFalse(capabilities[kind])
    return
  }
  assert.deepStrictEqual(
    sender.supports,
    kinds.filter((kind) => capabilities[kind])
  )
  assert.sameMembers(Object.keys(sender.evidence), [...sender.supports])
  const expected = plans({ id: entry.id, mintedId, file: entry.file.path })
  for (const kind of kinds) {
    const named = kind === "resume" || kind === "fork"
    const asked = { kind, sessionId: named ? entry.id : null, sessionFile: named ? entry.file.path : null }
    const wanted = expected[kind]
    if ("refused" in wanted) {
      assert.deepStrictEqual(refused(sender, asked), wanted)
      continue
    }
    assert.include(sender.supports, kind)
    samePlan(adapter, planned(sender, asked), wanted)
    checkKind(sender, asked)
  }
}

const checkKind = (sender: Sender, asked: Partial<SendOrder>): void => {
  // Nothing in these is special to any tool: they arrive as they are, and by no argument.
  for (const prompt of ["-x --help", "a \"b\" 'c' `d` $HOME \\ é 🦓", "line\nline\r\n", "-", "/usr/bin/env"]) {
    const plan = sender.plan(order(sender, { ...asked, prompt }))
    if (isRefusal(plan)) {
      assert.strictEqual(plan.refused, "prompt")
      continue
    }
    assert.strictEqual(plan.stdin, prompt)
    assert.isFalse(plan.args.includes(prompt) && prompt !== "-")
  }
  assert.strictEqual(planned(sender, { ...asked, prompt: "x".repeat(300_000) }).stdin?.length, 300_000)
  assert.strictEqual(refused(sender, { ...asked, prompt: " \n" }).refused, "prompt")
  assert.strictEqual(planned(sender, { ...asked, binary: "other" }).bin, "other")
  const { args } = planned(sender, { ...asked, model: "--help", extra: ["--some", "word with space"] })
  assert.include(args, "--model=--help")
  assert.strictEqual(args[args.indexOf("--some") + 1], "word with space")
  assert.strictEqual(refused(sender, { ...asked, model: "" }).refused, "operation")
  assert.strictEqual(refused(sender, { ...asked, model: "x".repeat(maxArgumentBytes) }).refused, "operation")
  assert.strictEqual(refused(sender, { ...asked, extra: ["a\0b"] }).refused, "operation")
  for (const permission of permissions) {
    const plan = sender.plan(order(sender, { ...asked, permission }))
    if (isRefusal(plan)) assert.strictEqual(plan.refused, "operation")
    else assert.notDeepEqual([plan.args, plan.env], [planned(sender, asked).args, planned(sender, asked).env])
  }
  if (asked.sessionId !== null) {
    for (const id of ["--help", "-", "", "a\nb", null]) {
      assert.strictEqual(refused(sender, { ...asked, sessionId: id }).refused, "operation")
    }
  }
}
