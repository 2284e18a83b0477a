import * as nodePath from "node:path"
import { jsonLines, writeFile } from "./store.ts"

/** Texts that want out of the place that a document gives them. */
export const hostileTexts: ReadonlyArray<string> = [
  `<script>document.title = "owned"; document.body.dataset.owned = "1"</script>`,
  `<img src="x" onerror="document.title='owned'"><svg onload="document.title='owned'">`,
  `"><iframe srcdoc="<script>parent.document.title='owned'</script>"></iframe>`,
  `[click](javascript:document.title='owned') [data](data:text/html,<script>1</script>) [vb](vbscript:x)`,
  `[line](java\nscript:document.title='owned') <javascript:document.title='owned'> ![p](https://example.com/pixel.png)`,
  `</details></summary></article></div></pre></code></main></body></html>`,
  `</style><style>body{display:none}</style></title><base href="https://example.com"><meta http-equiv="refresh" content="0">`,
  `]]> --> <!-- never closed`,
  "```html\n<b onclick=\"document.title='owned'\">never closed",
  "\u001b[31mred\u001b[0m \u001b]0;owned\u0007 \u0000null \u0085 \u009b31m",
  "\u202egnp.exe\u202c \u2066isolated\u2069 \ufeff \u2028line\u2029",
  "lone \ud83d and \udc00 halves, whole 😀",
  `<a href="https://example.com" target="_blank" onclick="document.title='owned'">x</a> &lt;script&gt; &#60;script&#62;`,
  "| a | b |\n|---|---|\n| <script>document.title='owned'</script> | `</td></table>` |",
  `- list\n  \`\`\`"><script>document.title='owned'</script>\n  code`,
  "~~~~\n```\n</details>",
  "# </h1><script>document.title='owned'</script>\n\n[x]: javascript:document.title='owned'\n\n[x] [owned][x]"
]

/** Id of the session that `writeHostile` writes. */
export const hostileId = "c0ffee00-1111-4222-8333-444444444444"

/** Writes a claude session of them below a home: each as a prompt, an answer, a thought, a call's input and its result. */
export const writeHostile = (home: string, more: ReadonlyArray<string> = []): void => {
  const records: Array<object> = []
  const push = (type: "user" | "assistant", content: unknown, extra: object = {}) => {
    const at = records.length
    records.push({
      type,
      uuid: `u-${at}`,
      parentUuid: at === 0 ? null : `u-${at - 1}`,
      sessionId: hostileId,
      cwd: `/w/<b>"'`,
      gitBranch: "</title><script>document.title='owned'</script>",
      timestamp: new Date(Date.parse("2026-11-01T00:00:00.000Z") + at * 1000).toISOString(),
      message: type === "user" ? { role: type, content } : { id: `msg-${at}`, role: type, model: "<i>model", content },
      ...extra
    })
  }
  const texts = [...hostileTexts, ...more]
  texts.forEach((text, at) => {
    push("user", text)
    push("assistant", [
      { type: "thinking", thinking: text, signature: "c2ln" },
      { type: "text", text }
    ])
    const input = { command: text, [text]: { nested: [text, null, 1] }, description: text }
    push("assistant", [{ type: "tool_use", id: `call-${at}`, name: at % 2 === 0 ? "Bash" : text.slice(0, 60), input }])
    push("user", [{ type: "tool_result", tool_use_id: `call-${at}`, content: text, is_error: at % 3 === 0 }])
  })
  writeFile(nodePath.join(home, ".claude/projects/-w", `${hostileId}.jsonl`), jsonLines(records))
}
