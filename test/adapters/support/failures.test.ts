import { assert, describe, it } from "@effect/vitest"
import { failureOf, kindOf, plainLine, retryAfterOf } from "../../../src/adapters/support/failures.ts"

describe("kindOf", () => {
  it("knows what wants a login", () => {
    for (const message of [
      "401 bad key",
      "API Error: 401 {}",
      "last status: 401 Unauthorized",
      '{"error":{"code":401}}',
      "Authentication failed with provider (HTTP 401).",
      "Not logged in · Please run /login",
      'Authentication failed. Please run "cmd login" first.',
      "Invalid API key · Fix external API key",
      "No authentication information found.",
      "Please set an Auth method in settings.json",
      "OAuth token has expired",
      "Your session is not authenticated: please log in"
    ]) {
      assert.strictEqual(kindOf(message), "auth", message)
    }
    assert.strictEqual(kindOf("no", 401), "auth")
  })

  it("knows what is a limit", () => {
    for (const message of [
      "429 Too Many Requests",
      "status 429",
      "Rate limit exceeded",
      "rate_limit_error",
      "You exceeded your current quota",
      "RESOURCE_EXHAUSTED",
      "You've hit your usage limit"
    ]) {
      assert.strictEqual(kindOf(message), "rate_limit", message)
    }
    assert.strictEqual(kindOf("no", 429), "rate_limit")
  })

  it("takes no other number or word for it", () => {
    for (const message of [
      "cannot parse line 401",
      "file login.ts not found",
      "wrote 1401 bytes",
      "500 Internal Server Error",
      "the author has no name"
    ]) {
      assert.strictEqual(kindOf(message), "tool", message)
    }
  })
})

describe("retryAfterOf", () => {
  it("adds up what the message says, in seconds", () => {
    for (const [message, seconds] of [
      ["Please try again in 1.2s.", 2],
      ["Please retry in 34.07s", 35],
      ['"retryDelay": "34s"', 34],
      ["retry after 500ms", 1],
      ["Try again in 3 hours 20 minutes.", 12_000],
      ["try again in 2 days, 1 hour and 1 minute", 176_460],
      ["Please wait a moment and try again.", null],
      ["try again in a while", null],
      ["try again in 5 bananas", null],
      ["", null]
    ] as const) {
      assert.strictEqual(retryAfterOf(message), seconds, message)
    }
  })
})

describe("failureOf", () => {
  it("is one plain line of what the provider said", () => {
    assert.deepStrictEqual(failureOf('{"error":{"message":"no\\nsuch model"}}'), {
      kind: "tool",
      message: "no such model",
      retryAfter: null
    })
    assert.strictEqual(plainLine("\u001b[91mError:\u001b[0m \u0007gone\r\nnow"), "Error: gone now")
    assert.isAtMost(failureOf("x ".repeat(100_000)).message.length, 500)
  })

  it("says so where the tool says nothing", () => {
    assert.strictEqual(failureOf(undefined).message, "the tool gives no reason")
    assert.strictEqual(failureOf({}, { code: 503 }).message, "status 503")
    assert.deepStrictEqual(failureOf("x", { code: "401", retryAfter: "20" }), {
      kind: "tool",
      message: "x",
      retryAfter: null
    })
    assert.strictEqual(failureOf("x", { retryAfter: 1.5 }).retryAfter, 2)
  })
})
