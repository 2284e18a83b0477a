import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as path from "node:path"
import packageJson from "../../package.json" with { type: "json" }
import { manualTopics } from "../../src/domain/manual.ts"
import { bigHome, type BigSession, binary, demoHome, inShell, root, run, scratch, sessionr } from "./binary.ts"

const demo = ["--home", demoHome]
const version = { exit: 0, stdout: `sessionr ${packageJson.version}\n`, stderr: "" }

interface Listed {
  readonly sessions: ReadonlyArray<{ readonly id: string; readonly source: string; readonly filePath: string }>
  readonly total_available: number
}

beforeAll(() => {
  if (!fs.existsSync(binary)) throw new Error("dist/sessionr is missing: npm run compile")
})

const listDemo = async (): Promise<Listed> => {
  const { exit, stderr, stdout } = await sessionr([...demo, "list", "--cwd", "all", "--limit", "1000"])
  assert.deepStrictEqual({ exit, stderr }, { exit: 0, stderr: "" })
  return JSON.parse(stdout) as Listed
}

describe("the demo home", () => {
  it("--version", async () => {
    assert.deepStrictEqual(await sessionr(["--version"]), version)
  })

  it("list finds sessions of every tool that its README counts, each in a file that is there", async () => {
    const { sessions, total_available } = await listDemo()
    assert.strictEqual(sessions.length, total_available)
    const counted: Record<string, number> = {}
    for (const { source } of sessions) counted[source] = (counted[source] ?? 0) + 1
    const index = fs.readFileSync(path.join(root, "examples/README.md"), "utf8")
    const told = Array.from(index.matchAll(/^\| ([a-z-]+) \| (\d+) \|/gm), ([, name, count]) => [name, Number(count)])
    assert.isAbove(told.length, 1)
    assert.deepStrictEqual(counted, Object.fromEntries(told))
    assert.deepStrictEqual(
      sessions.filter(({ filePath }) => !fs.existsSync(filePath)),
      []
    )
  })

  it("info and read agree on every session", async () => {
    for (const { id } of (await listDemo()).sessions) {
      const info = await sessionr([...demo, "info", id])
      assert.deepStrictEqual({ id, exit: info.exit, stderr: info.stderr }, { id, exit: 0, stderr: "" })
      const { total_messages } = JSON.parse(info.stdout) as { readonly total_messages: number }
      assert.isAbove(total_messages, 0)
      const read = await sessionr([...demo, "read", id, "--detail", "meta", "--tokens", "8000"])
      const { messages, meta } = JSON.parse(read.stdout) as {
        readonly meta: { readonly total_messages: number; readonly has_more_after: boolean }
        readonly messages: ReadonlyArray<{ readonly index: number }>
      }
      assert.strictEqual(meta.total_messages, total_messages)
      assert.deepStrictEqual(
        { id, exit: read.exit, stderr: read.stderr },
        { id, exit: meta.has_more_after ? 10 : 0, stderr: "" }
      )
      assert.strictEqual(messages[0]?.index, 1)
    }
  }, 120_000)

  it("docs carries every page with it", async () => {
    for (const { topic } of manualTopics) {
      const { exit, stderr, stdout } = await sessionr(["docs", topic], { cwd: scratch() })
      assert.deepStrictEqual({ exit, stderr }, { exit: 0, stderr: "" })
      assert.strictEqual(stdout, fs.readFileSync(path.join(root, `docs/${topic}.md`), "utf8"))
    }
  })

  it("stats says the same of all sessions when it remembers them", async () => {
    const env = { SESSIONR_CACHE_DIR: scratch() }
    const first = await sessionr([...demo, "stats"], { env })
    assert.deepStrictEqual({ exit: first.exit, stderr: first.stderr }, { exit: 0, stderr: "" })
    assert.deepStrictEqual(await sessionr([...demo, "stats"], { env }), first)
  })

  it("search finds a word with threads and all, and says when there is none", async () => {
    const hit = await sessionr([...demo, "search", "webhook"])
    assert.deepStrictEqual({ exit: hit.exit, stderr: hit.stderr }, { exit: 0, stderr: "" })
    const { results } = JSON.parse(hit.stdout) as {
      readonly results: ReadonlyArray<{ readonly matches: ReadonlyArray<{ readonly snippet: string }> }>
    }
    assert.isAbove(results.length, 0)
    assert.match(results[0]!.matches[0]!.snippet, /webhook/i)
    const miss = await sessionr([...demo, "search", "nobody-has-ever-said-this"])
    assert.deepStrictEqual({ exit: miss.exit, stderr: miss.stderr }, { exit: 0, stderr: "" })
    assert.strictEqual((JSON.parse(miss.stdout) as { readonly total_matches: number }).total_matches, 0)
  })

  it("an unknown session is an error on stdout, with its own exit code", async () => {
    const { exit, stderr, stdout } = await sessionr([...demo, "info", "ffffffff-0000"])
    assert.deepStrictEqual({ exit, stderr }, { exit: 3, stderr: "" })
    assert.include(stdout, `"code": "SESSION_NOT_FOUND"`)
  })
})

describe("what a snapshot could have frozen", () => {
  it("home, working directory and environment are those of the run", async () => {
    const ask = async (home: string, cwd: string, env: Readonly<Record<string, string>>) => {
      const { exit, stderr, stdout } = await sessionr(["doctor", "--output", "json"], {
        cwd,
        env: { HOME: home, ...env }
      })
      assert.deepStrictEqual({ exit, stderr }, { exit: 0, stderr: "" })
      const { result } = JSON.parse(stdout) as {
        readonly result: {
          readonly cwd: string
          readonly state_dir: string
          readonly runtime: string
          readonly sources: ReadonlyArray<{ readonly name: string; readonly session_count: number }>
        }
      }
      const claude = result.sources.find(({ name }) => name === "claude")!
      return { cwd: result.cwd, state: result.state_dir, claude: claude.session_count > 0 }
    }
    const [one, two] = [scratch(), scratch()]
    assert.deepStrictEqual(await ask(one, two, { SESSIONR_STATE_DIR: "" }), {
      cwd: two,
      state: path.join(one, ".sessionreader"),
      claude: false
    })
    assert.deepStrictEqual(await ask(demoHome, one, { SESSIONR_STATE_DIR: path.join(two, "s") }), {
      cwd: one,
      state: path.join(two, "s"),
      claude: true
    })
    const variable = { SESSIONR_STATE_DIR: "", CLAUDE_CONFIG_DIR: path.join(demoHome, ".claude") }
    assert.deepStrictEqual(await ask(two, one, variable), {
      cwd: one,
      state: path.join(two, ".sessionreader"),
      claude: true
    })
  })

  it("the clock runs", async () => {
    const home = scratch()
    const target = path.join(home, ".claude")
    fs.cpSync(path.join(demoHome, ".claude"), target, { recursive: true })
    const list = await sessionr(["--home", home, "list", "--cwd", "all", "--since", "1s"])
    const { total_available } = JSON.parse(list.stdout) as Listed
    assert.deepStrictEqual({ exit: list.exit, total_available }, { exit: 0, total_available: 0 })
  })

  it("a terminal is seen, and its absence", async () => {
    const piped = await inShell(`"$SESSIONR" --home "${demoHome}" list --cwd all`)
    assert.strictEqual(piped.stdout[0], "{")
    const terminal = await inShell(`script -qec '"$SESSIONR" --home "${demoHome}" list --cwd all' /dev/null`)
    assert.match(terminal.stdout, /^(\u001b\[[0-9;]*m)*ID /)
  })
})

describe("pipes and signals", () => {
  let big: BigSession
  beforeAll(() => {
    big = bigHome(60, 90_000)
  })
  const everything = (): string => `"$SESSIONR" --home "${big.home}" read ${big.id} --preset full --tokens 90000000`
  const env = { SESSIONREADER_TOKEN_CAP: "90000000" }

  it("a reader that leaves early is no error", async () => {
    const first = { exit: 0, stdout: "{\n", stderr: "" }
    assert.deepStrictEqual(await inShell(`"$SESSIONR" --home "${demoHome}" list --cwd all | head -1`), first)
    assert.deepStrictEqual(await inShell(`${everything()} | head -1`, { env }), first)
  })

  it("5 MB arrive whole through a slow pipe", async () => {
    const { exit, stderr, stdout } = await inShell(`${everything()} | (sleep 1; cat)`, { env })
    assert.deepStrictEqual({ exit, stderr }, { exit: 0, stderr: "" })
    const { messages } = JSON.parse(stdout) as { readonly messages: ReadonlyArray<{ readonly content: string }> }
    assert.strictEqual(messages.length, big.messages)
    assert.strictEqual(
      messages.reduce((sum, { content }) => sum + content.length, 0),
      big.chars
    )
  })

  it("SIGINT ends a long search with 130", async () => {
    const file = path.join(big.home, ".claude/projects/-srv-big", `${big.id}.jsonl`)
    const { directory, home } = { home: scratch(), directory: ".claude/projects/-srv-many" }
    fs.mkdirSync(path.join(home, directory), { recursive: true })
    // 1 GB to look through, of links to one file.
    for (let n = 0; n < 200; n++) {
      const copy = path.join(big.home, "copy.jsonl")
      if (n === 0) fs.copyFileSync(file, copy)
      fs.linkSync(copy, path.join(home, directory, `5a5a5a5a-0000-4000-8000-${n.toString().padStart(12, "0")}.jsonl`))
    }
    const started = performance.now()
    const { exit, stderr, stdout } = await sessionr(["--home", home, "search", "lorem"], {
      started: (child) => setTimeout(() => child.kill("SIGINT"), 400)
    })
    assert.deepStrictEqual({ exit, stderr }, { exit: 130, stderr: "" })
    assert.match(stdout, /^$|"code": "CANCELLED"/)
    assert.isBelow(performance.now() - started, 5000)
  })
})

describe("export", () => {
  it("has what it loads late in the binary: the parser of Markdown and the rules for secrets", async () => {
    const token = ["ghp", "0123456789abcdefghijABCDEFGHIJ012345"].join("_")
    const { home, id } = bigHome(4, 100)
    const file = path.join(home, ".claude/projects/-srv-big", `${id}.jsonl`)
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("message 1 ", `**bold** ${token} `))
    const { exit, stderr, stdout } = await sessionr(["--home", home, "export", id, "--format", "html"])
    assert.deepStrictEqual({ exit, stderr }, { exit: 0, stderr: "redacted 1: github 1\n" })
    assert.include(stdout, "<strong>bold</strong> <mark>[REDACTED:github]</mark>")
  })

  it("writes a file, and the same document to a pipe", async () => {
    const out = path.join(scratch(), "session.md")
    const written = await sessionr([...demo, "export", "33df6d44", "-o", out])
    assert.strictEqual(written.exit, 0)
    assert.strictEqual((JSON.parse(written.stdout) as { readonly path: string }).path, out)
    assert.strictEqual(fs.readFileSync(out, "utf8"), (await sessionr([...demo, "export", "33df6d44"])).stdout)
  })

  it("stops with 0 when the reader has seen enough of a document of 60 MB", async () => {
    const { home, id } = bigHome(600, 100_000)
    const { exit, stdout } = await inShell(`"$SESSIONR" --home '${home}' export ${id} --format jsonl | head -c 300`)
    assert.strictEqual(exit, 0)
    assert.strictEqual(stdout.length, 300)
  })

  it.skipIf(!fs.existsSync("/dev/full"))("says so when stdout takes no more", async () => {
    const { exit, stderr } = await inShell(`"$SESSIONR" --home '${demoHome}' export 33df6d44 > /dev/full`)
    assert.strictEqual(exit, 2)
    assert.match(stderr, /^error\[FILE_NOT_WRITABLE\]: cannot write standard output: the disk is full \(ENOSPC\)\n/)
    const other = await inShell(`"$SESSIONR" --home '${demoHome}' read 33df6d44 > /dev/full`)
    assert.deepStrictEqual(
      { exit: other.exit, stderr: other.stderr.split(":")[0] },
      { exit: 2, stderr: "error[FILE_NOT_WRITABLE]" }
    )
  })
})

describe("src/main.ts under Deno", () => {
  const deno = path.join(root, "node_modules/deno/deno")
  const main = path.join(root, "src/main.ts")
  const asDeno = (args: ReadonlyArray<string>) =>
    run(deno, ["run", "-A", main, ...args], {
      env: { DENO_NO_UPDATE_CHECK: "1", DENO_DIR: path.join(scratch(), "deno") }
    })

  it("gives the same answers as the binary", async () => {
    assert.deepStrictEqual(await asDeno(["--version"]), version)
    for (const args of [
      ["list", "--cwd", "all"],
      ["search", "webhook"],
      ["read", "33df6d44", "--tokens", "500"],
      ["export", "33df6d44", "--format", "html"],
      ["list", "nonsense"]
    ]) {
      assert.deepStrictEqual(await asDeno([...demo, ...args]), await sessionr([...demo, ...args]), args.join(" "))
    }
  })
})
