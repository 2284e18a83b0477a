import { assert } from "@effect/vitest"

const voids = new Set(["meta", "br", "hr"])

/** What a page of ours is made of, and nothing else: no tag, attribute or style that a session could have brought. */
const allowed: Readonly<Record<string, RegExp>> = {
  "": /^ (?:class|id|dir|data-language|lang)="[^"<>]*"/,
  meta: /^ (?:charset|http-equiv|content|name)="[^"<>]*"/,
  a: /^ (?:href="(?:#[a-z0-9]*|https?:\/\/[^"<>]*|mailto:[^"<>]*)"|rel="noopener noreferrer"|dir="auto")/,
  nav: /^ aria-label="Prompts"/,
  time: /^ datetime="[0-9TZ:.+-]+"/,
  ol: /^ start="[0-9]+"/
}
const tags = new Set(
  (
    "html head meta title style body main h1 h2 h3 h4 h5 h6 p span details summary div dl dt dd nav ol ul li a article header b " +
    "time pre code mark footer strong em s blockquote table thead tbody tr th td hr br"
  ).split(" ")
)

/** Reads a page strictly: fails on a tag or attribute that ours do not have, or that is not closed where it was opened. */
export const checkPage = (page: string): void => {
  assert.isTrue(page.startsWith("<!doctype html>\n"))
  const body = page.slice("<!doctype html>\n".length).replace(/<style>[^<]*<\/style>/, "")
  const open: Array<string> = []
  for (const part of body.split("<").slice(1)) {
    const end = part.indexOf(">")
    assert.isAtLeast(end, 0, part.slice(0, 80))
    const tag = part.slice(0, end)
    const close = /^\/([a-z0-9]+)$/.exec(tag)
    if (close !== null) {
      assert.strictEqual(open.pop(), close[1], part.slice(0, 80))
      continue
    }
    const name = /^[a-z0-9]+/.exec(tag)?.[0] ?? ""
    assert.isTrue(tags.has(name), `<${part.slice(0, 80)}`)
    let rest = tag.slice(name.length)
    while (rest !== "") {
      const attribute = allowed[name]?.exec(rest) ?? allowed[""]!.exec(rest)
      assert.isNotNull(attribute, `<${tag}>`)
      rest = rest.slice(attribute![0].length)
    }
    if (!voids.has(name)) open.push(name)
  }
  assert.deepStrictEqual(open, [])
}
