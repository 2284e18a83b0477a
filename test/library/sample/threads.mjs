// Searches with more than one thread, whatever the machine has, and runs what the library started once more by itself.
import { existsSync } from "node:fs"
import { createRequire, syncBuiltinESMExports } from "node:module"
import { once } from "node:events"

const require = createRequire(import.meta.url)
const os = require("node:os")
const threads = require("node:worker_threads")
const RealWorker = threads.Worker
const started = []
os.availableParallelism = () => 4
threads.Worker = class extends RealWorker {
  constructor(file, options) {
    super(file, options)
    started.push([file, options])
  }
}
syncBuiltinESMExports()

const { openSessions } = await import("sessionr/promise")
const sessions = openSessions()
const { totalMatches } = await sessions.search("needle")
await sessions.close()
const [file, options] = started[0]
const [code] = await once(new RealWorker(file, options), "exit")
console.log(
  JSON.stringify({ totalMatches, threads: started.length, exists: existsSync(file), file: file.pathname, code })
)
