// A stand-in for Claude Code in headless mode: takes its arguments, keeps sessions as it does, prints its events. The
// variables FAKE_… make it misbehave: see the tests that set them.
import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"

const argv = process.argv.slice(2)
const env = process.env
const valueOf = (flag) => {
  const at = argv.indexOf(flag)
  return at < 0 ? null : argv[at + 1]
}
const number = (name) => Number(env[name] ?? 0)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const say = (event) => fs.writeSync(1, `${JSON.stringify(event)}\n`)

if (argv.includes("--version")) {
  console.log("2.1.329 (Claude Code)")
  process.exit(0)
}
if (env.FAKE_LOG !== undefined)
  fs.appendFileSync(env.FAKE_LOG, `${JSON.stringify({ argv, cwd: process.cwd(), pid: process.pid })}\n`)
if (env.FAKE_IGNORE_TERM !== undefined) process.on("SIGTERM", () => {})

const prompt = fs.readFileSync(0, "utf8")
const project = path.join(
  env.CLAUDE_CONFIG_DIR ?? path.join(env.HOME, ".claude"),
  "projects",
  process.cwd().replaceAll(/[^A-Za-z0-9]/g, "-")
)
fs.mkdirSync(project, { recursive: true })
const fileOf = (id) => path.join(project, `${id}.jsonl`)

const resumed = valueOf("--resume")
const isFork = argv.includes("--fork-session")
if (resumed !== null && !fs.existsSync(fileOf(resumed))) {
  process.stderr.write(`No conversation found with session ID: ${resumed}\n`)
  process.exit(1)
}
const rotates = env.FAKE_ROTATE !== undefined
const id = resumed === null || isFork || rotates ? (valueOf("--session-id") ?? randomUUID()) : resumed
const old = resumed === null ? [] : fs.readFileSync(fileOf(resumed), "utf8").split("\n").filter(Boolean)
if (id !== resumed) {
  for (const line of old) fs.appendFileSync(fileOf(id), `${JSON.stringify({ ...JSON.parse(line), sessionId: id })}\n`)
}
const last = old.length === 0 ? null : (JSON.parse(old.at(-1)).uuid ?? null)

const common = {
  isSidechain: false,
  userType: "external",
  cwd: process.cwd(),
  sessionId: id,
  version: "2.1.329",
  gitBranch: ""
}
const record = (type, parentUuid, message) => ({
  parentUuid,
  ...common,
  type,
  message,
  uuid: randomUUID(),
  timestamp: new Date().toISOString()
})
const append = (line) => fs.appendFileSync(fileOf(id), `${JSON.stringify(line)}\n`)

if (env.FAKE_SILENT === undefined) say({ type: "system", subtype: "init", session_id: id, cwd: process.cwd() })
if (env.FAKE_STDERR !== undefined) process.stderr.write(`${env.FAKE_STDERR}\n`)
if (env.FAKE_HOLD_STDOUT !== undefined) {
  const holder = spawn("sleep", [env.FAKE_HOLD_STDOUT], { stdio: ["ignore", 1, 2] })
  holder.unref()
}
if (env.FAKE_FAIL !== undefined) {
  say({ type: "result", subtype: "success", is_error: true, result: env.FAKE_FAIL, session_id: id })
  process.exit(number("FAKE_EXIT"))
}
if (env.FAKE_NO_WRITE === undefined) {
  const asked = record("user", last, { role: "user", content: prompt })
  append(asked)
  await sleep(number("FAKE_DELAY_MS"))
  if (env.FAKE_DIE !== undefined) process.kill(process.pid, env.FAKE_DIE)
  const answer = record("assistant", asked.uuid, {
    id: `msg_${randomUUID().slice(0, 12)}`,
    type: "message",
    role: "assistant",
    model: "claude-opus-5-5",
    content: [{ type: "text", text: `You said ${prompt.length} characters.` }],
    stop_reason: "end_turn",
    usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 }
  })
  if (env.FAKE_HALF_LINE !== undefined) {
    fs.appendFileSync(fileOf(id), JSON.stringify(answer).slice(0, 60))
    process.exit(number("FAKE_EXIT"))
  }
  if (env.FAKE_NO_ANSWER === undefined) append(answer)
} else await sleep(number("FAKE_DELAY_MS"))
if (env.FAKE_SILENT === undefined) {
  say({ type: "result", subtype: "success", is_error: false, result: "done", session_id: id, num_turns: 1 })
}
process.exitCode = number("FAKE_EXIT")
