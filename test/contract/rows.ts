import * as fs from "node:fs"
import * as nodePath from "node:path"
import * as Effect from "effect/Effect"
import { FileError } from "../../src/domain/errors.ts"
import { hashTexts } from "../../src/layers/hash.ts"
import { adapters } from "../../src/layers/adapters.ts"
import type { ShapeName } from "../../src/schemas/published.ts"
import type { Adapter } from "../../src/services/Adapter.ts"
import { writeJob } from "../support/jobs.ts"
import type { RunOptions } from "../support/run-cli.ts"

/** One thing that a command can say, in every format and version. */
export interface Row {
  /** The command as it is called; `--output` and `--api-version` are added. */
  readonly words: ReadonlyArray<string>
  readonly exit: number
  /** The published shape of the answer. */
  readonly shape: ShapeName | "batch"
  /** For errors. */
  readonly code?: string
  readonly options?: RunOptions
  /** A success that in text mode says something on stderr besides: the document alone is on stdout. */
  readonly notes?: true
}

const vat = "33df6d44"
/** Its texts hold what a terminal obeys. */
const hostile = "ccbd4a8f"
const agent = "agent-a5ad8593c38978ba1"

const [claude] = adapters as readonly [Adapter, ...ReadonlyArray<Adapter>]

/** A source that is there, but whose files have gone. */
const unreadable: Adapter = {
  ...claude,
  load: ({ file }) => Effect.fail(new FileError({ path: file.path, reason: "EIO" }))
}

/** A source with a defect in what reads a session. */
const broken: Adapter = {
  ...claude,
  load: () => Effect.die(new TypeError("x is not a function\u001b[31m"))
}

/** A source with a defect in what looks for sessions. */
const dead: Adapter = { ...claude, source: "dead", aliases: [], discover: () => Effect.die(new Error("gone")) }

const success = (line: string, shape: Row["shape"], exit = 0, options: RunOptions = {}): Row => ({
  words: line.split(" "),
  exit,
  shape,
  options
})

const failure = (code: string, words: string | ReadonlyArray<string>, exit = 2, options: RunOptions = {}): Row => ({
  words: typeof words === "string" ? words.split(" ") : words,
  exit,
  shape: "error",
  code,
  options
})

/** Our state would lie below a file. */
const noState: RunOptions = { env: { SESSIONR_STATE_DIR: `${import.meta.filename}/state` } }

const claudeProgram = { programs: { claude: "/usr/bin/claude" } }

/** A send on a copy of the demo home, with an agent that behaves like this. */
const sending = (agent: RunOptions["agent"] = {}): RunOptions => ({ ...claudeProgram, copied: true, agent })

const jobId = "j-20261120-110000-0a1b2c3d"

/** A job of before, as its record says. */
const withJob = (change: object, exit: number | null, agent: RunOptions["agent"] = {}): RunOptions => ({
  ...sending(agent),
  prepare: ({ stateDir }) => writeJob(stateDir, { jobId, ...change }, exit)
})

const doneAt = Date.parse("2026-11-20T11:01:00.000Z")
const finished = withJob({ completedAt: doneAt, delivery: "delivered" }, 0)
const running = withJob({}, null, { runs: true })

/** Another send has the session: its holder is a process that the fake says is alive. */
const busy: RunOptions = {
  ...sending({ runs: true }),
  prepare: ({ stateDir }) => {
    const id = "33df6d44-dd8f-4a44-b953-a787c477423d"
    const holder = { pid: 4_000_000, startedAt: "0", bootId: "test" }
    const held = {
      version: 1,
      token: "t",
      source: "claude",
      subject: id,
      holders: [holder],
      command: "send",
      jobId,
      since: doneAt
    }
    fs.mkdirSync(nodePath.join(stateDir, "leases"), { recursive: true })
    const name = hashTexts("claude", id).slice(0, 32)
    fs.writeFileSync(nodePath.join(stateDir, "leases", `${name}.json`), JSON.stringify(held))
  }
}

/** The key was used for another request. */
const usedKey: RunOptions = {
  ...sending(),
  prepare: ({ stateDir }) => {
    const by = { pid: 4_000_000, startedAt: "0", bootId: "test" }
    const entry = { version: 1, key: "k", request: "another", jobId, by }
    fs.mkdirSync(nodePath.join(stateDir, "journal"), { recursive: true })
    fs.writeFileSync(nodePath.join(stateDir, "journal", `${hashTexts("k").slice(0, 32)}.json`), JSON.stringify(entry))
  }
}

const send = `send ${vat} --cwd / --quiet --detect-timeout-ms 0 -m hello`

const batch = { inputs: { ids: `# two\n${vat}\n\n${hostile}\n`, broken: `${vat}\nffffffff\n`, empty: "" } }

/** A document on stdout, or in an envelope. */
const document = (line: string, options: RunOptions = {}): Row => ({
  ...success(line, "export", 0, options),
  notes: true
})

export const successes: ReadonlyArray<Row> = [
  success("list", "list"),
  success("list --cwd all --limit 3", "list"),
  success("list --cwd all --limit 3 --offset 3 --include-subagents --include-empty", "list"),
  success("list --cwd current", "list"),
  success("list -q VAT --cwd all --max-sessions 2", "list"),
  success("list", "list", 0, { home: "/nowhere" }),
  success("list --cwd all", "list", 0, { adapters: [...adapters, dead] }),
  success("search VAT", "search"),
  success("search customer name", "search"),
  success("search nothing-says-this", "search"),
  success("search VAT", "search", 0, { adapters: [unreadable] }),
  success("search terminal --cwd /srv/acme/logs.d --top 1 --role user", "search"),
  success(`info ${vat}`, "info"),
  success(`info ${hostile}`, "info"),
  success(`info ${agent}`, "info"),
  success("info d0351fd6", "info"),
  success(`stats ${vat}`, "stats"),
  success(`stats ${hostile}`, "stats"),
  success("stats 9e577bdb", "stats"),
  success("stats 01a19671", "stats"),
  success("stats", "totals"),
  success("stats --by day --since 2026-11-01 --until 2026-11-17 -s claude", "totals"),
  success("stats --by project --cwd /srv/acme/shop", "totals"),
  success("stats --by model --cwd auto", "totals"),
  success("stats --by source", "totals", 0, { home: "/nowhere" }),
  success("stats", "totals", 0, { adapters: [unreadable, dead] }),
  success("tree", "tree"),
  success("tree 9e577bdb", "tree"),
  success("tree 59347f09 -s claude", "tree"),
  success(`tree ${vat}`, "tree"),
  success("tree --cwd all --all -n 3", "tree"),
  success("tree --cwd current", "tree"),
  success("tree", "tree", 0, { home: "/nowhere" }),
  success("tree", "tree", 0, { adapters: [unreadable, dead] }),
  document(`export ${vat}`),
  document(`export ${hostile}`),
  document(`export ${hostile} --format html`),
  document(`export ${vat} --format html --no-redact -o -`),
  document(`export ${vat} --format json`),
  document(`export ${vat} --format jsonl --redact`),
  document("export 01a19671 --format html"),
  success(`export ${vat} -o /dev/null`, "export"),
  success(`export ${hostile} --format jsonl --redact --out=/dev/null`, "export"),
  success(`read ${hostile}`, "read", 0),
  success(`read ${vat} --tokens 300`, "read", 10),
  success(`read ${vat} --tokens 50`, "read", 10),
  success(`read ${vat} --tokens 10`, "read", 10),
  success(`read ${vat} --tokens 99999 --page 1`, "read", 0),
  success(`read ${vat} --page 2 --tokens 600 --preset full`, "read", 10),
  success(`read ${vat} --search roundVat --tokens 700`, "read", 10),
  success(`read ${vat} --search nothing-says-this`, "read"),
  success(`read ${vat} 3 6 --detail meta --include-summary`, "read"),
  success(`read ${vat} --detail skeleton --anchor tail --tokens 400`, "read", 10),
  success(`read ${vat} --preset minimal`, "read"),
  success(`read ${vat} --preset standard --before 9`, "read"),
  success(`read ${vat} --after 57`, "read"),
  success(`read ${agent} --role user,assistant`, "read"),
  success("read ef896822", "read"),
  success("read 01a19671", "read"),
  success(`read ${vat}`, "read", 0, { programs: { claude: "/usr/bin/claude" } }),
  success(`context ${vat}`, "context"),
  success(`context ${vat} --format summary --tokens 300`, "context", 10),
  success(`context ${vat} --tokens 700 --include-tool-results --include-system-prompt`, "context", 10),
  success(`context ${vat} --tokens 1`, "context", 10),
  success(`context ${vat} --format markdown --target-source codex`, "context", 0, {
    programs: { codex: "/bin/codex" }
  }),
  success(`context ${hostile} --format markdown`, "context"),
  success(`context ${hostile} --include-tool-results`, "context"),
  success(`context ${vat} --tokens 99999 --target-source zed`, "context"),
  success("context 59347f09 --target-source gemini --source claude", "context"),
  success("context 01a19671", "context"),
  success(`context ${agent} --format summary`, "context"),
  success(`context ${vat}`, "context", 0, { adapters: [...adapters, dead] }),
  success("diff bfe7aa11 59347f09", "diff"),
  success("diff bfe7aa11 59347f09 --messages", "diff"),
  success("diff 01a1c10e 01a1c0e7 --messages --tokens 300", "diff", 10),
  success("diff 01a1c10e 01a1c0e7 --messages --tokens 300 --after 2", "diff", 10),
  success(`diff ${vat} ${hostile} --messages --tokens 100`, "diff", 10),
  success(`diff ${vat} ${hostile} --messages --tokens 1`, "diff", 10),
  success(`diff ${vat} ${vat}`, "diff"),
  success(`diff ${vat} ${vat} --messages --after 99`, "diff"),
  success(`diff ${vat} 01a1c0e7 --source-a claude --source-b codex --messages --tokens 99999 --after 60`, "diff"),
  success(`diff 9e577bdb ${agent}`, "diff"),
  success("diff 01a19671 d0351fd6 -s codex", "diff"),
  success("diff bfe7aa11 59347f09", "diff", 0, { adapters: [...adapters, dead] }),
  success("read --batch ids --tokens 500", "batch", 10, batch),
  success("read --batch broken", "batch", 3, batch),
  success("read --batch empty", "batch", 0, batch),
  success(`tag ${vat}`, "tag"),
  success(`tag ${hostile} --add seen,a/b`, "tag"),
  success(`tag ${vat} --remove seen`, "tag"),
  success("list --cwd all --tag seen", "list"),
  success(send, "send", 0, sending()),
  success(`${send} --fork --name other`, "send", 0, sending()),
  success(`${send} --idempotency-key k --tokens 10`, "send", 10, sending()),
  success("send --new -s claude --cwd / --quiet -m hello", "send", 0, sending()),
  success(send, "send", 10, sending({ writes: "prompt" })),
  success(`${send} --async`, "job", 0, sending()),
  success(`${send} --async`, "job", 0, sending({ failure: "overheated" })),
  success(`${send} --dry-run`, "dry-run", 0, sending()),
  success(`${send} --dry-run`, "dry-run"),
  success(`job ${jobId}`, "job", 0, finished),
  success(`job ${jobId}`, "job", 0, running),
  success(`job ${jobId}`, "job", 0, withJob({}, null)),
  success(`job ${jobId}`, "job", 0, withJob({ completedAt: doneAt, lastError: "no credit" }, 3)),
  success(`wait ${jobId}`, "job", 0, finished),
  success(`cancel ${jobId}`, "job", 0, running),
  success(`cancel ${jobId}`, "job", 0, finished),
  success("jobs", "jobs"),
  success("jobs", "jobs", 0, finished),
  success("jobs --status running", "jobs", 0, running),
  success("jobs --prune --older-than 1s", "jobs", 0, finished),
  success("jobs --prune --older-than 1s --dry-run", "jobs", 0, finished),
  success("name --list", "names"),
  success(`name ${vat} main`, "names"),
  success(`checkpoint ${vat} before-tests`, "names"),
  success(`checkpoint ${vat} third --at 3`, "names"),
  success("prune --older-than 1d --dry-run", "prune"),
  success("prune --older-than 1d --dry-run -s codex --cwd current", "prune"),
  // The demo home is the repository's: nothing in it is so old.
  success("prune --older-than 90000d --yes", "pruned"),
  success("prune --empty-trash --older-than 1d --dry-run", "trash"),
  success("prune --empty-trash --older-than 1d --yes", "trash"),
  success("doctor", "doctor"),
  success("doctor", "doctor", 0, { home: "/nowhere" }),
  success("doctor", "doctor", 0, { adapters: [dead, claude], programs: { claude: "/usr/bin/claude" } }),
  success("sources", "sources"),
  success("help", "help"),
  success("help read", "help"),
  success("help exit-codes", "help"),
  success("help environment", "help"),
  success("help errors", "help"),
  success("--help", "help"),
  success("read --help", "help"),
  success("schema", "schema"),
  success("schema read", "schema"),
  success("schema read-line", "schema"),
  success("schema batch-line", "schema"),
  success("schema export-document", "schema"),
  success("completions bash", "completions"),
  success("completions zsh", "completions"),
  success("completions fish", "completions"),
  success("completions powershell", "completions"),
  success("docs", "docs"),
  success("docs agents", "topic"),
  success("docs sources", "topic"),
  success("--version", "version")
]

export const failures: ReadonlyArray<Row> = [
  failure("USAGE_ERROR", "lst"),
  failure("USAGE_ERROR", "--nope"),
  failure("USAGE_ERROR", "list --limt 3"),
  failure("USAGE_ERROR", "list --limit"),
  failure("USAGE_ERROR", "list claude codex"),
  failure("USAGE_ERROR", ["list", "--cwd", ""]),
  failure("USAGE_ERROR", "info"),
  failure("USAGE_ERROR", "stats --by week"),
  failure("USAGE_ERROR", "stats 33df6d44 9e577bdb"),
  failure("USAGE_ERROR", ["stats", "--cwd", ""]),
  failure("USAGE_ERROR", "tree 33df6d44 9e577bdb"),
  failure("USAGE_ERROR", ["tree", "--cwd", ""]),
  failure("USAGE_ERROR", "docs reading searching"),
  failure("USAGE_ERROR", "read"),
  failure("USAGE_ERROR", "tag"),
  failure("USAGE_ERROR", "prune"),
  failure("USAGE_ERROR", "prune --yes"),
  failure("USAGE_ERROR", "prune --empty-trash --yes"),
  failure("USAGE_ERROR", "prune everything --older-than 1d"),
  failure("USAGE_ERROR", `tag ${vat} --add`),
  failure("USAGE_ERROR", "search x --top"),
  failure("USAGE_ERROR", "export"),
  failure("USAGE_ERROR", ["export", vat, "-o", ""]),
  failure("USAGE_ERROR", "doctor now"),
  failure("USAGE_ERROR", "sources --nope"),
  failure("USAGE_ERROR", "help a b"),
  failure("USAGE_ERROR", "schema a b"),
  failure("USAGE_ERROR", "completions"),
  failure("USAGE_ERROR", "completions tcsh"),
  failure("USAGE_ERROR", "list --home"),
  failure("INVALID_OUTPUT_FORMAT", "list --output yaml"),
  failure("INVALID_SOURCE", "list cloude"),
  failure("INVALID_SOURCE", "search x -s cloude"),
  failure("INVALID_SOURCE", `read ${vat} -s cloude`),
  failure("INVALID_SOURCE", "prune --older-than 1d -s cloude"),
  failure("INVALID_SOURCE", `tag ${vat} --source cloude`),
  failure("INVALID_SOURCE", `info ${vat} --source cloude`),
  failure("INVALID_SOURCE", `stats ${vat} --source cloude`),
  failure("INVALID_SOURCE", `export ${vat} --source cloude`),
  failure("USAGE_ERROR", `export ${vat} --format pdf`),
  failure("USAGE_ERROR", "context"),
  failure("USAGE_ERROR", ["context", ""]),
  failure("USAGE_ERROR", `context ${vat} ${vat}`),
  failure("USAGE_ERROR", `context ${vat} --format markdwn`),
  failure("USAGE_ERROR", ["context", vat, "--format", ""]),
  failure("USAGE_ERROR", "diff"),
  failure("USAGE_ERROR", `diff ${vat}`),
  failure("USAGE_ERROR", ["diff", vat, ""]),
  failure("USAGE_ERROR", `diff ${vat} ${vat} ${vat}`),
  failure("USAGE_ERROR", `diff ${vat} ${hostile} --after 3`),
  failure("INVALID_SOURCE", `context ${vat} --target-source cloude`),
  failure("INVALID_SOURCE", `context ${vat} -s cloude`),
  failure("INVALID_SOURCE", `diff ${vat} ${vat} --source cloude`),
  failure("INVALID_SOURCE", `diff ${vat} ${vat} --source-a cloude`),
  failure("INVALID_SOURCE", `diff ${vat} ${vat} --source-b cloude`),
  failure("INVALID_TOKEN_BUDGET", `context ${vat} --tokens 0`),
  failure("INVALID_TOKEN_BUDGET", `diff ${vat} ${vat} --messages --tokens 1.5`),
  failure("INVALID_ARG", `diff ${vat} ${vat} --messages --after -1`),
  failure("INVALID_SOURCE", "stats --source cloude"),
  failure("INVALID_SOURCE", "tree -s cloude"),
  failure("INVALID_PRESET", `read ${vat} -p fulll`),
  failure("INVALID_PRESET", `read ${vat} --detail skeletn`),
  failure("INVALID_ROLE", `read ${vat} --role user,asistant`),
  failure("INVALID_ROLE", "search x --role human"),
  failure("INVALID_ANCHOR", `read ${vat} --anchor tial`),
  failure("INVALID_ANCHOR_USAGE", `read ${vat} --anchor search`),
  ...["0", "-1", "1.5", "many", "1e3", "0x10"].map((n) =>
    failure("INVALID_TOKEN_BUDGET", ["read", vat, "--tokens", n])
  ),
  failure("INVALID_TOKEN_BUDGET", ["read", vat, "--tokens="]),
  ...["0d", "-1d", "yesterday", "5", "1y", "2026-13-01", ""].map((when) =>
    failure("INVALID_DURATION", ["list", "--since", when])
  ),
  failure("INVALID_DURATION", "list --until soon"),
  ...["0d", "-1d", "1.5d", "5", "1y", "2w", "2026-05-01", ""].map((age) =>
    failure("INVALID_DURATION", ["prune", "--dry-run", "--older-than", age])
  ),
  failure("INVALID_DURATION", "prune --empty-trash --older-than 0s --yes"),
  failure("INVALID_DURATION", "search x --since 0h"),
  failure("INVALID_DURATION", "search x --until never"),
  failure("INVALID_DURATION", "stats --since soon"),
  failure("INVALID_DURATION", "stats --until never"),
  ...["0", "1001", "-1", "x", "1.5", ""].map((n) => failure("INVALID_ARG", ["list", "--limit", n])),
  failure("INVALID_ARG", "list --offset -1"),
  failure("INVALID_ARG", "list -q x --max-sessions 201"),
  failure("INVALID_ARG", "list -q x --max-sessions 0"),
  failure("INVALID_ARG", "search x --top 0"),
  failure("INVALID_ARG", "search x --top 201"),
  failure("INVALID_ARG", "search x --max-sessions 0"),
  failure("INVALID_ARG", "search x --context -1"),
  failure("INVALID_ARG", "search [ --regex"),
  failure("INVALID_ARG", `read ${vat} 9 3`),
  failure("INVALID_ARG", `read ${vat} 0`),
  failure("INVALID_ARG", `read ${vat} 1 x`),
  failure("INVALID_ARG", `read ${vat} 58`),
  failure("INVALID_ARG", `read ${vat} --page 0`),
  failure("INVALID_ARG", `read ${vat} --page 99`),
  failure("INVALID_ARG", `read ${vat} --before 0`),
  failure("INVALID_ARG", `read ${vat} --after -1`),
  failure("INVALID_ARG", `read ${vat} --char-offset -1`),
  failure("INVALID_ARG", `read ${vat} --search /[/`),
  failure("INVALID_ARG", "tree --limit 0"),
  failure("INVALID_ARG", "tree --limit 1001"),
  failure("INVALID_ARG", "list --api-version 3"),
  ...["", " ", "a b", "a,,b", "x".repeat(65), "#a", "\u001b[31m"].map((tags) =>
    failure("INVALID_ARG", ["tag", vat, "--add", tags])
  ),
  failure("INVALID_ARG", ["tag", vat, "--remove", "a b"]),
  failure("INVALID_ARG", ["list", "--tag", "a,b"]),
  ...["20261120T120000Z", "yesterday", "../tags", ""].map((name) => failure("INVALID_ARG", ["prune", "--undo", name])),
  failure("MISSING_QUERY", "search"),
  failure("MISSING_QUERY", ["search", "-q", " "]),
  failure("MISSING_QUERY", ["list", "-q", ""]),
  failure("MISSING_QUERY", ["read", vat, "--search", ""]),
  failure("CONFLICTING_FLAGS", "search x -q y"),
  failure("CONFLICTING_FLAGS", "prune --older-than 1d --yes --dry-run"),
  failure("CONFLICTING_FLAGS", "prune --undo 20261120T120000Z --older-than 1d"),
  failure("CONFLICTING_FLAGS", "prune --undo 20261120T120000Z --yes --empty-trash"),
  failure("CONFLICTING_FLAGS", "prune --empty-trash --older-than 1d -s codex --cwd all"),
  failure("CONFLICTING_FLAGS", `tag ${vat} --add a --remove b`),
  failure("CONFLICTING_FLAGS", `read ${vat} --page 1 --after 3`),
  failure("CONFLICTING_FLAGS", `read ${vat} --before 9 --after 3`),
  failure("CONFLICTING_FLAGS", `read ${vat} 1 4 --page 2`),
  failure("CONFLICTING_FLAGS", `read ${vat} --anchor tail --page 2`),
  failure("CONFLICTING_FLAGS", `read ${vat} --anchor head --search x`),
  failure("CONFLICTING_FLAGS", `read ${vat} --page 1 --char-offset 4`),
  failure("CONFLICTING_FLAGS", `read ${vat} --batch ids`, 2, batch),
  failure("CONFLICTING_FLAGS", "read --batch ids --page 2", 2, batch),
  failure("CONFLICTING_FLAGS", `export ${vat} --redact --no-redact`),
  failure("FILE_NOT_WRITABLE", `export ${vat} -o /nowhere/at/all/session.html`),
  failure("FILE_NOT_WRITABLE", `export ${vat} -o /`),
  failure("USAGE_ERROR", "job"),
  failure("USAGE_ERROR", "wait"),
  failure("USAGE_ERROR", "cancel"),
  failure("USAGE_ERROR", "jobs --status runing"),
  failure("USAGE_ERROR", "jobs --prune"),
  failure("USAGE_ERROR", "name"),
  failure("USAGE_ERROR", `name ${vat}`),
  failure("USAGE_ERROR", `${send} --permission everything`),
  failure("INVALID_SOURCE", "send --new -s cloude -m x"),
  failure("INVALID_PRESET", `${send} --preset fulll`),
  failure("INVALID_TOKEN_BUDGET", `${send} --tokens 0`),
  failure("INVALID_DURATION", "jobs --prune --older-than soon"),
  failure("INVALID_ARG", `${send} --timeout 0`),
  failure("INVALID_ARG", `wait ${jobId} --interval 61`),
  failure("INVALID_ARG", `name ${vat} deadbeef`),
  failure("INVALID_ARG", `checkpoint ${vat} x --at 58`),
  failure("INVALID_ARG", `send ${vat} -m hello`, 2, sending()),
  failure("CONFLICTING_FLAGS", `${send} -f prompt.md`),
  failure("CONFLICTING_FLAGS", "send --new --fork -s claude -m x"),
  failure("CONFLICTING_FLAGS", `${send} --new -s claude`),
  failure("CONFLICTING_FLAGS", "name --list --remove x"),
  failure("CONFLICTING_FLAGS", "jobs --dry-run"),
  failure("MISSING_MESSAGE", `send ${vat}`),
  failure("MISSING_MESSAGE", ["send", vat, "-m", " "]),
  failure("MISSING_SOURCE", "send --new -m x"),
  failure("MISSING_SESSION", "send -m x"),
  failure("UNSUPPORTED_SOURCE", "send --new -s zed -m x"),
  failure("UNSUPPORTED_OPERATION", `send ${agent} --cwd / -m x`, 2, sending()),
  failure("JOB_NOT_FOUND", `job ${jobId}`, 3),
  failure("JOB_NOT_FOUND", "wait nothing", 3),
  failure("JOB_NOT_FOUND", `cancel ${jobId}`, 3),
  failure("NAME_NOT_FOUND", "name --remove main", 3),
  failure("SESSION_NOT_FOUND", "send deadbeef -m x", 3),
  failure("SESSION_NOT_FOUND", "checkpoint deadbeef x", 3),
  failure("FILE_NOT_READABLE", `send ${vat} -f nothing.md`),
  failure("TOOL_ERROR", send, 1, sending({ failure: "overheated", exit: { code: 1, signal: null } })),
  failure("TOOL_ERROR", send, 1, sending({ exit: { code: null, signal: "SIGKILL" } })),
  failure("SPAWN_ERROR", `${send} --async`, 1, sending({ missing: true })),
  failure("AUTH_REQUIRED", send, 4, sending({ failure: "Invalid API key · Please run /login" })),
  failure("RATE_LIMITED", send, 5, sending({ failure: "API Error: 429 rate_limit_error" })),
  failure("RATE_LIMITED", "send --new -s claude --cwd / -m x", 5, {
    ...sending(),
    env: { SESSIONR_MAX_NEW_PER_HOUR: "0" }
  }),
  failure("SPAWN_ERROR", send, 1, { copied: true }),
  failure("SPAWN_ERROR", send, 1, sending({ missing: true })),
  failure("SEND_TIMEOUT", `${send} --timeout 1`, 1, sending({ hangs: true, writes: "prompt" })),
  failure("NOT_DELIVERED", send, 1, sending({ writes: "nothing" })),
  failure("NEW_SESSION_NOT_DETECTED", "send --new -s claude --cwd / --detect-timeout-ms 0 --quiet -m x", 10, {
    ...sending({ writes: "nothing" })
  }),
  failure("SESSION_BUSY", send, 1, busy),
  failure("IDEMPOTENCY_CONFLICT", `${send} --idempotency-key k`, 2, usedKey),
  failure("JOB_TIMEOUT", `wait ${jobId} --timeout 0`, 1, running),
  failure("CONFLICTING_FLAGS", `stats ${vat} --by day`),
  failure("CONFLICTING_FLAGS", `stats ${vat} --since 7d --until 1d --cwd all`),
  failure("CONFLICTING_FLAGS", `tree ${vat} --all`),
  failure("CONFLICTING_FLAGS", `tree ${vat} --cwd all -n 3`),
  failure("FILE_NOT_READABLE", "list --home /nowhere/at/all"),
  failure("SESSION_NOT_FOUND", "info deadbeef", 3),
  failure("SESSION_NOT_FOUND", "stats deadbeef", 3),
  failure("SESSION_NOT_FOUND", "tree deadbeef", 3),
  failure("SESSION_NOT_FOUND", "export deadbeef", 3),
  failure("SESSION_NOT_FOUND", "export deadbeef -o /dev/null", 3),
  failure("SESSION_NOT_FOUND", "read deadbeef", 3),
  failure("SESSION_NOT_FOUND", "tag deadbeef --add a", 3),
  failure("SESSION_NOT_FOUND", `read ${vat} --source codex`, 3),
  failure("SESSION_NOT_FOUND", "read 01a1", 3),
  failure("SESSION_NOT_FOUND", "context deadbeef", 3),
  failure("SESSION_NOT_FOUND", "context 01a1", 3),
  failure("SESSION_NOT_FOUND", `context ${vat} -s codex`, 3),
  failure("SESSION_NOT_FOUND", `diff deadbeef ${vat}`, 3),
  failure("SESSION_NOT_FOUND", `diff ${vat} deadbeef`, 3),
  failure("SESSION_NOT_FOUND", `diff ${vat} ${hostile} --source-b codex`, 3),
  failure("SESSION_NOT_FOUND", ["read", "\u001b[31mred"], 3),
  failure("SESSION_NOT_FOUND", "read deadbeef", 3, { adapters: [...adapters, dead] }),
  failure("TOPIC_NOT_FOUND", "help raed", 3),
  failure("TOPIC_NOT_FOUND", "schema raed", 3),
  failure("TOPIC_NOT_FOUND", "docs raeding", 3),
  failure("PARSE_ERROR", `info ${vat}`, 1, { adapters: [unreadable] }),
  failure("PARSE_ERROR", `stats ${vat}`, 1, { adapters: [unreadable] }),
  failure("PARSE_ERROR", `tree ${vat}`, 1, { adapters: [unreadable] }),
  failure("PARSE_ERROR", `export ${vat}`, 1, { adapters: [unreadable] }),
  failure("PARSE_ERROR", `read ${vat}`, 1, { adapters: [unreadable] }),
  failure("CONFIRMATION_REQUIRED", "prune --older-than 1d"),
  failure("CONFIRMATION_REQUIRED", "prune --older-than 1d --cwd current -s codex"),
  failure("CONFIRMATION_REQUIRED", "prune --empty-trash --older-than 1d"),
  failure("STATE_ERROR", "prune --empty-trash --older-than 1d --yes", 1, noState),
  failure("STATE_ERROR", `tag ${vat} --add a`, 1, noState),
  failure("PARSE_ERROR", `context ${vat}`, 1, { adapters: [unreadable] }),
  failure("PARSE_ERROR", `diff ${vat} ${hostile}`, 1, { adapters: [unreadable] }),
  failure("UNKNOWN_ERROR", `read ${vat}`, 1, { adapters: [broken] })
]

/** The command of a row; a call without one is none. */
export const commandOf = ({ words }: Row): string => words.find((word) => !word.startsWith("-")) ?? ""
