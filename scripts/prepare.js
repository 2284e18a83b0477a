// Teaches the installed TypeScript the diagnostics of Effect. Without development dependencies there is nothing to do.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"

const cli = new URL("../node_modules/@effect/language-service/cli.js", import.meta.url)
if (existsSync(cli)) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [cli.pathname, "patch"], { encoding: "utf8" })
  if (status !== 0) {
    console.error(stdout + stderr)
    process.exit(1)
  }
}
