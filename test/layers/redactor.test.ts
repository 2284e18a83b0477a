import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Redact } from "../../src/domain/redaction.ts"
import * as RedactorLive from "../../src/layers/RedactorLive.ts"
import { Redactor } from "../../src/services/Redactor.ts"
import { assertLinear } from "../support/linear.ts"

const withRedact = (use: (redact: Redact) => void) =>
  Effect.gen(function* () {
    const redactor = yield* Redactor
    use(yield* redactor.load)
  }).pipe(Effect.provide(RedactorLive.layer))

/** Letters and digits, the same every time: put together here, so that no scanner takes this file for a leak. */
const drawn = (length: number, alphabet = "a7Bz3Kq9XwE5tR1yU8iP"): string =>
  Array.from({ length }, (_, at) => alphabet[(at * 7 + ((at * at) % 5)) % alphabet.length]).join("")

/** Tokens as their makers issue them, and the rule that says whose they are. */
const tokens: ReadonlyArray<readonly [rule: string, token: string]> = [
  ["github", `gh${"p_"}${drawn(36)}`],
  ["github", `github${"_pat_"}${drawn(82)}`],
  ["gitlab", `gl${"pat-"}${drawn(20)}`],
  ["slack", `xox${"b-"}123456789012-123456789012-${drawn(24)}`],
  ["anthropic", `sk-${"ant-"}api03-${drawn(93)}AA`],
  ["openai", `sk-${"proj-"}${drawn(74)}T3Blbk${"FJ"}${drawn(74)}`],
  ["npm", `np${"m_"}${drawn(36)}`],
  ["stripe", `sk_${"live_"}${drawn(24)}`],
  ["shopify", `shp${"at_"}${drawn(32, "0123456789abcdef")}`],
  ["sendgrid", `S${"G."}${drawn(22)}.${drawn(43)}`],
  ["huggingface", `h${"f_"}${drawn(34, "abcdefGHIJKLmnop")}`],
  ["groq", `gs${"k_"}${drawn(52)}`],
  ["tailscale", `ts${"key-"}auth-${drawn(12)}-${drawn(32)}`],
  ["aws", `AWS_SECRET_ACCESS_KEY=${drawn(40)}`]
]

describe("the rules of secretlint", () => {
  for (const [rule, token] of tokens) {
    it.effect(`${rule}: ${token.slice(0, 8)}`, () =>
      withRedact((redact) => {
        for (const [before, after] of [
          ["", ""],
          ["use ", " here"],
          ['{"key": "', '"}'],
          ["line\n", "\nline"]
        ]) {
          const { counts, text } = redact(`${before}${token}${after}`)
          assert.strictEqual(text, `${before}[REDACTED:${rule}]${after}`)
          assert.deepStrictEqual(counts, { [rule]: 1 })
        }
      })
    )
  }

  it.effect("are widened where they report where to look rather than what to hide", () =>
    withRedact((redact) => {
      // Without a digit: the general rules would not take it for a secret behind this name.
      const secret = drawn(40, "abcdefghijklmnopqrstu")
      for (const text of [
        `//registry.example.com/:_authToken=${secret}`,
        `https://${secret}:x-oauth-basic@github.com/acme/shop`
      ]) {
        const clean = redact(`${text} end`).text
        assert.match(clean, /\[REDACTED:(?:npm|url-password)\]/)
        for (let at = 0; at + 6 <= secret.length; at++) assert.notInclude(clean, secret.slice(at, at + 6))
        assert.isTrue(clean.endsWith(" end"))
      }
    })
  )

  it.effect("leave of a connection string what is no secret, and of a line what is no connection string", () =>
    withRedact((redact) => {
      const line = (password: string) => `{"db":"mongodb+srv://ada:${password}@db.acme.io/prod","next":"value"}`
      assert.deepStrictEqual(redact(line(drawn(12))), {
        text: line("[REDACTED:url-password]"),
        counts: { "url-password": 1 }
      })
    })
  )

  it.effect("cannot be switched off by a comment in the session", () =>
    withRedact((redact) => {
      const text = `/* secretlint-disable */ // secretlint-disable-line\n${tokens[0]![1]}\n`
      assert.notInclude(redact(text).text, tokens[0]![1])
    })
  )

  it.effect(
    "take time linear in the text",
    () =>
      withRedact((redact) => {
        const words =
          "xox|b- xox|b-a- gh|p_ gh|s_1_ gh|s_1_a. SG.a. https:// http://a: http://a:a@ mongodb:// postgres://a: " +
          "mysql://a:a@ _authToken= sk-|proj- sk-|ant-api03- ops_ey glc_ gl|pat- hvs. np|m_ dapi tskey-a- a A1 é \ud83d"
        const seeds = words.split(" ").map((word) => word.replace("|", ""))
        const long = [
          " ",
          "_authToken= ",
          "aws_secret_access_key = ",
          "-----BEGIN PRIVATE KEY-----\n",
          `-----BEGIN PRIVATE KEY-----\n${"A".repeat(10_050)}`,
          `sk-${"proj-"}${"a".repeat(73)}`,
          `S${"G."}${"a".repeat(127)}.${"a".repeat(300)}`
        ]
        assertLinear(redact, [...seeds, ...long])
      }),
    120_000
  )
})
