// Teaches the installed TypeScript the diagnostics of Effect. Without development dependencies there is nothing to do.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const cli = fileURLToPath(new URL("../node_modules/@effect/language-service/cli.js", import.meta.url))
if (existsSync(cli)) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [cli, "patch"], { encoding: "utf8" })
  if (status !== 0) {
    console.error(stdout + stderr)
    process.exit(1)
  }
}
