import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { sha256Hex } from "../../src/domain/sha256.ts"

describe("sha256Hex", () => {
  it("agrees with OpenSSL at every length around the blocks, and beyond ASCII", () => {
    for (let length = 0; length < 200; length++) {
      const text = "/home/dev/añb".repeat(20).slice(0, length)
      assert.strictEqual(sha256Hex(text), createHash("sha256").update(text).digest("hex"))
    }
  })
})
