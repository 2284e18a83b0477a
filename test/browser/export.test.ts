import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { hostileId, hostileTexts, writeHostile } from "../support/hostile.ts"
import { runCli } from "../support/run-cli.ts"
import { temporaryHome } from "../support/store.ts"
import { chromium, domOf, screenshot } from "./chromium.ts"

/** Pictures stay, to be looked at. */
const pictures = nodePath.resolve(import.meta.dirname, "../../.cache/browser")

if (chromium === null) console.error("test/browser: no chromium on PATH, nothing was tested")

/** Size of a PNG picture, and how many bytes it took: a page that shows nothing takes few. */
const pictureOf = (file: string) => {
  const bytes = fs.readFileSync(file)
  assert.strictEqual(bytes.subarray(1, 4).toString("latin1"), "PNG")
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), bytes: bytes.length }
}

const exported = Effect.fnUntraced(function* (id: string, home?: string) {
  const directory = yield* temporaryHome
  const path = nodePath.join(directory, "session.html")
  const { exitCode } = yield* runCli(["export", id, "-o", path], home === undefined ? {} : { home })
  assert.strictEqual(exitCode, 0)
  return path
})

describe.skipIf(chromium === null)("an exported page in a browser", () => {
  it.effect("a script in a page does run here, or the tests below would prove nothing", () =>
    Effect.gen(function* () {
      const path = nodePath.join(yield* temporaryHome, "page.html")
      fs.writeFileSync(path, `<!doctype html><title>x</title><body>${hostileTexts[0]}${hostileTexts[1]}`)
      assert.match(domOf(path), /<title>owned<\/title>|data-owned/)
    })
  )

  it.effect("nothing of a hostile session runs or becomes a part of the page", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      writeHostile(home)
      const dom = domOf(yield* exported(hostileId, home))
      assert.notMatch(dom, /<title>owned<\/title>/)
      assert.notInclude(dom, "data-owned")
      for (const tag of ["script", "iframe", "img", "svg", "base", "object", "embed", "form", "link"]) {
        assert.notMatch(dom, new RegExp(`<${tag}[\\s>]`), tag)
      }
      assert.notMatch(dom, /<[^>]*\son\w+\s*=/)
      assert.notMatch(dom, /<[^>]*\shref="(?!#|https?:|mailto:)/)
      assert.strictEqual(dom.match(/<style/g)?.length, 1)
      // The last thing on the page is where it belongs: nothing before it swallowed it or closed what holds it.
      assert.match(dom, /<\/div>\s*<footer>Exported by sessionr [^<]*<a href="#">to the top<\/a><\/footer>\s*<\/main>/)
      screenshot(yield* exported(hostileId, home), nodePath.join(pictures, "hostile.png"), {
        width: 1280,
        height: 1600
      })
    })
  )

  it.effect("the policy of the page stops a script even if one were in it", () =>
    Effect.gen(function* () {
      const path = yield* exported("33df6d44")
      const page = fs.readFileSync(path, "utf8")
      fs.writeFileSync(path, page.replace("<main>", `<main>${hostileTexts[0]}<p onclick="0" style="color:red">x</p>`))
      assert.notMatch(domOf(path), /<title>owned|data-owned/)
    })
  )

  it.effect("shows itself in light, in dark, and on a phone", () =>
    Effect.gen(function* () {
      fs.mkdirSync(pictures, { recursive: true })
      const path = yield* exported("33df6d44")
      const shots = {
        light: { width: 1280, height: 1400 },
        dark: { width: 1280, height: 1400, dark: true },
        phone: { width: 390, height: 1200 }
      }
      for (const [name, shot] of Object.entries(shots)) {
        const file = nodePath.join(pictures, `${name}.png`)
        screenshot(path, file, shot)
        const { bytes, ...size } = pictureOf(file)
        assert.deepStrictEqual(size, { width: shot.width, height: shot.height })
        assert.isAbove(bytes, 20_000)
      }
    })
  )

  it.effect("fits a window of 390 pixels without scrolling sideways", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      writeHostile(home, ["x".repeat(2000), `\`${"y".repeat(2000)}\``, "```\n" + "z".repeat(2000) + "\n```"])
      const pages = [yield* exported("33df6d44"), yield* exported(hostileId, home)]
      for (const page of pages) {
        // A page of ours runs no script: the one that measures it holds it in a frame of that width.
        const frame = nodePath.join(nodePath.dirname(page), "frame.html")
        fs.writeFileSync(
          frame,
          `<!doctype html><title></title><iframe id="f" width="390" height="900" src="session.html"></iframe><script>
          f.onload = () => { const r = f.contentDocument.documentElement; document.title = r.scrollWidth + "/" + r.clientWidth }
          </script>`
        )
        const dom = domOf(frame, ["--allow-file-access-from-files"])
        assert.include(dom, "<title>390/390</title>")
      }
    })
  )
})
