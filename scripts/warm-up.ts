import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

/**
 * The sources of the demo home that are read: every function compiled makes every start a little slower, and these two
 * share most of theirs with the others. None of them may be a database: node:sqlite cannot be in a snapshot.
 */
const stores = [".claude", ".codex"]

/** Sessions of the demo home, and where the first was held. */
export const warmUpSessions = {
  claude: "33df6d44-dd8f-4a44-b953-a787c477423d",
  codex: "01a1c0e7-85e8-70e9-9314-84a3cdb4cd7e"
}
const heldIn = { project: "-srv-acme-shop", cwd: "/srv/acme/shop" }

const sessionFile = (home: string): string =>
  path.join(home, ".claude/projects", heldIn.project, `${warmUpSessions.claude}.jsonl`)

/** Does to the session what its tool does with a prompt: two records more. */
export const answerPrompt = (home: string, prompt: string): void => {
  const file = sessionFile(home)
  const last = fs
    .readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .findLast((line) => line.includes('"uuid"'))
  const { uuid } = JSON.parse(last ?? "{}") as { readonly uuid: string }
  const record = (role: string, parentUuid: string, own: string, content: unknown): string =>
    `${JSON.stringify({ type: role, parentUuid, uuid: own, sessionId: warmUpSessions.claude, timestamp: new Date().toISOString(), message: { role, content } })}\n`
  fs.appendFileSync(
    file,
    record("user", uuid, "prompt", prompt) + record("assistant", "prompt", "answer", [{ type: "text", text: "Done." }])
  )
}

/** The home of a warm-up: stores, and a tool that can be found but is never started. */
const furnish = (root: string, home: string): void => {
  for (const store of stores) {
    fs.cpSync(path.join(root, "examples/home", store), path.join(home, store), { recursive: true })
  }
  const session = sessionFile(home)
  fs.writeFileSync(session, fs.readFileSync(session, "utf8").replaceAll(heldIn.cwd, home))
  fs.mkdirSync(path.join(home, "bin"))
  fs.writeFileSync(path.join(home, "bin/claude"), "", { mode: 0o755 })
}

/** Runs `build` with the environment in which the snapshot builder warms up (`sea-entry.ts`): a home that is then removed. */
export const withWarmUp = (root: string, build: (env: Readonly<Record<string, string>>) => void): void => {
  const home = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "sessionr-warm-up-"))
  try {
    furnish(root, home)
    const at = (name: string): string => path.join(home, name)
    build({ HOME: home, PATH: at("bin"), SESSIONR_CACHE_DIR: at("cache"), SESSIONR_STATE_DIR: at("state") })
  } finally {
    fs.rmSync(home, { recursive: true, force: true })
  }
}
