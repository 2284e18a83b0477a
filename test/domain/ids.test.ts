import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { makeEtag } from "../../src/domain/etag.ts"
import { shortestPrefix } from "../../src/domain/ids.ts"

describe("shortestPrefix", () => {
  it("has 8 characters, or more where others begin alike", () => {
    const ids = ["0123456789ab", "0123456799ab", "ffffffffffff"]
    assert.strictEqual(shortestPrefix(ids[0]!, ids), "012345678")
    assert.strictEqual(shortestPrefix(ids[2]!, ids), "ffffffff")
    assert.strictEqual(shortestPrefix("short", ids), "short")
  })

  it("of an id that another one continues is the whole", () => {
    assert.strictEqual(shortestPrefix("0123456789", ["0123456789", "0123456789ab"]), "0123456789")
  })

  const id = Schema.String.check(Schema.isPattern(/^0000000[01]{0,5}$/))
  it.prop("names one session, as ids are resolved", { ids: Schema.NonEmptyArray(id) }, ({ ids: all }) => {
    const ids = Array.from(new Set(all))
    for (const one of ids) {
      const prefix = shortestPrefix(one, ids)
      const matches = ids.includes(prefix) ? [prefix] : ids.filter((other) => other.startsWith(prefix))
      assert.deepStrictEqual(matches, [one])
    }
  })
})

describe("makeEtag", () => {
  const hash = "0123456789abcdef0123456789abcdef"

  it("is the same for the same content and view, and no other", () => {
    const tags = [
      makeEtag(hash, ["a", 1]),
      makeEtag(hash, ["a", 2]),
      makeEtag(hash, ["a1"]),
      makeEtag(hash, ["a", null]),
      makeEtag(hash, ["a", "1"]),
      makeEtag(hash.replace("0", "1"), ["a", 1])
    ]
    assert.strictEqual(new Set(tags).size, tags.length)
    assert.strictEqual(makeEtag(hash, ["a", 1]), tags[0])
    for (const tag of tags) assert.match(tag, /^[0-9a-f]{40}$/)
  })
})
