/**
 * Checks that the demo home is true to format: `npx node scripts/check-demo.ts [home]`, exit 1 and a list when it is not.
 * It trusts nothing of `src`, so that a mistake of an adapter and one of the demo cannot cancel out.
 */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { checkClaude } from "./check-demo/claude.ts"
import { checkCodex } from "./check-demo/codex.ts"
import { checkCommandCode } from "./check-demo/commandcode.ts"
import { checkCopilot } from "./check-demo/copilot.ts"
import { checkDatabases } from "./check-demo/databases.ts"
import { checkFactory } from "./check-demo/factory.ts"
import { checkGemini } from "./check-demo/gemini.ts"
import { checkKiro } from "./check-demo/kiro.ts"
import { filesBelow, type Report } from "./check-demo/reading.ts"

/** Control characters and marks that turn the direction of text: they are written as escapes, so that a diff shows them. */
const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

const checkRaw = (home: string, report: Report): void => {
  for (const file of filesBelow(home)) {
    if (!/\.(?:chat|jsonl?|md|ya?ml)$/.test(file)) continue
    const found = raw.exec(Fs.readFileSync(file, "utf8"))?.[0]
    if (found !== undefined) report(file, `a raw U+${found.charCodeAt(0).toString(16).padStart(4, "0")}`)
  }
}

/** Everything that is wrong with the demo home, as `file: what`; empty when nothing is. */
export const checkDemo = (home: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  const report: Report = (file, what) => void found.push(`${Path.relative(home, file)}: ${what}`)
  checkRaw(home, report)
  checkClaude(Path.join(home, ".claude"), report)
  checkCodex(Path.join(home, ".codex"), report)
  checkCommandCode(Path.join(home, ".commandcode"), report)
  checkCopilot(Path.join(home, ".copilot"), report)
  checkDatabases(home, report)
  checkFactory(Path.join(home, ".factory"), report)
  checkGemini(Path.join(home, ".gemini"), report)
  checkKiro(home, report)
  return found
}

if (import.meta.main) {
  const found = checkDemo(Path.resolve(process.argv[2] ?? "examples/home"))
  for (const line of found) console.error(line)
  process.exitCode = found.length === 0 ? 0 : 1
}
