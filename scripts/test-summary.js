// Adds up the JSON results of vitest runs given as arguments and prints `N passed, N failed`. Exit code 1 when a test
// failed, when a run has no results, or when it ran nothing.
import { readFileSync } from "node:fs"

const read = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"))
  } catch {
    console.error(`no test results in ${path}`)
    return null
  }
}

const runs = process.argv.slice(2).map(read)
const sum = (key) => runs.reduce((total, run) => total + (run?.[key] ?? 0), 0)
console.log(`${sum("numPassedTests")} passed, ${sum("numFailedTests")} failed`)
process.exitCode = runs.every((run) => run !== null && run.success && run.numPassedTests > 0) ? 0 : 1
