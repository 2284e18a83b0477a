import { assert, describe, it } from "@effect/vitest"
import { isAbsolutePath, resolveHomePath, resolvePath } from "../../../src/adapters/support/paths.ts"

describe("recorded paths", () => {
  it("are absolute in the ways of either system", () => {
    for (const path of ["/a", "\\\\host\\share", "C:\\a", "c:/a"]) assert.isTrue(isAbsolutePath(path), path)
    for (const path of ["a", "./a", "~/a", "c:a", ""]) assert.isFalse(isAbsolutePath(path), path)
  })

  it("are resolved against the directory they were meant in", () => {
    assert.strictEqual(resolvePath("/srv/app", "./src/../a.ts"), "/srv/app/a.ts")
    assert.strictEqual(resolvePath("/srv/app/", "a//b.ts"), "/srv/app/a/b.ts")
    assert.strictEqual(resolvePath("/srv/app", "/etc/x"), "/etc/x")
    assert.strictEqual(resolvePath(null, "a.ts"), "a.ts")
  })

  it("from a home stay as they are where the tool writes such paths", () => {
    assert.strictEqual(resolveHomePath("/srv/app", "~/a.ts"), "~/a.ts")
    assert.strictEqual(resolveHomePath("/srv/app", "a.ts"), "/srv/app/a.ts")
  })
})
