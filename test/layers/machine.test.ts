import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as DigestCacheLive from "../../src/layers/DigestCacheLive.ts"
import * as DirectoriesLive from "../../src/layers/DirectoriesLive.ts"
import * as HostLive from "../../src/layers/HostLive.ts"
import * as ProgramsLive from "../../src/layers/ProgramsLive.ts"
import type { SessionEntry } from "../../src/domain/session.ts"
import { settingsFrom } from "../../src/layers/settings.ts"
import * as TextInputLive from "../../src/layers/TextInputLive.ts"
import { type Digest, DigestCache } from "../../src/services/DigestCache.ts"
import { Directories } from "../../src/services/Directories.ts"
import { Host, type HostInfo } from "../../src/services/Host.ts"
import { Programs } from "../../src/services/Programs.ts"
import { Settings } from "../../src/services/Settings.ts"
import { TextInput } from "../../src/services/TextInput.ts"
import { temporaryHome, writeFile } from "../support/store.ts"

const host = (env: Readonly<Record<string, string>>, more: Partial<HostInfo> = {}): HostInfo => ({
  env,
  home: "/home/ada",
  cwd: "/home/ada/work",
  platform: "linux",
  arch: "x64",
  stdoutIsTerminal: false,
  stderrIsTerminal: false,
  columns: 80,
  runtime: "node v26.0.0",
  nodeVersion: "v26.0.0",
  ...more
})

describe("settings", () => {
  it("have our own directories where the platform wants them", () => {
    const cache = (env: Readonly<Record<string, string>>, platform = "linux") =>
      settingsFrom(host(env, { platform }), null, "1").cacheDir
    assert.strictEqual(cache({}), "/home/ada/.cache/sessionr")
    assert.strictEqual(cache({ XDG_CACHE_HOME: "/c" }), "/c/sessionr")
    assert.strictEqual(cache({ XDG_CACHE_HOME: "relative" }), "/home/ada/.cache/sessionr")
    assert.strictEqual(cache({}, "darwin"), "/home/ada/Library/Caches/sessionr")
    assert.strictEqual(cache({ SESSIONR_CACHE_DIR: "/own" }), "/own")
    assert.strictEqual(settingsFrom(host({}), null, "1").stateDir, "/home/ada/.sessionreader")
    assert.strictEqual(settingsFrom(host({ SESSIONR_STATE_DIR: "/s" }), null, "1").stateDir, "/s")
  })

  it("--home moves where data is looked for, never our own directories, and is repeated in next commands", () => {
    const moved = settingsFrom(host({}), "backup", "1")
    assert.strictEqual(moved.home, "/home/ada/work/backup")
    assert.deepStrictEqual(moved.inheritedWords, ["--home", "backup"])
    assert.strictEqual(moved.stateDir, "/home/ada/.sessionreader")
    assert.deepStrictEqual(settingsFrom(host({ SESSIONR_HOME: "/b" }), "/b", "1").inheritedWords, [])
  })
})

const entry = (source: string, path: string, mtimeNs: bigint): SessionEntry => ({
  source,
  id: "a",
  file: { path, size: 3, mtimeMs: 0, mtimeNs, inode: 7 },
  root: "/",
  kind: "session",
  parentId: null,
  archived: false,
  sidecars: [],
  indexTitle: null
})

const digest: Digest = {
  contentHash: "0".repeat(32),
  totalMessages: 3,
  totalTokens: 40,
  byRole: { user: 1, assistant: 1, system: 0, tool_use: 1, tool_result: 0 },
  updatedAt: 5,
  tally: {
    model: "claude-opus-5-5",
    forkedFrom: null,
    durationMs: 12,
    usage: { input: 1, output: 2.5, cacheRead: 3, cacheCreation: 4, thinking: 0 },
    spent: [
      {
        day: "2026-11-01",
        model: null,
        tokens: { input: 1, output: 2.5, cacheRead: 3, cacheCreation: 4, thinking: 0 }
      }
    ],
    answers: "00000010000002,0,1,2,3,4,0",
    days: [
      {
        day: "2026-11-01",
        byRole: { user: 1, assistant: 1, system: 0, tool_use: 1, tool_result: 0 },
        errors: 0,
        tokens: 40,
        durationMs: 12
      }
    ],
    skipped: 1
  },
  companions: "3-17"
}

const withCache = <A, E>(
  cacheDir: string,
  version: string,
  use: (cache: DigestCache["Service"]) => Effect.Effect<A, E>
) =>
  Effect.flatMap(Effect.service(DigestCache), use).pipe(
    Effect.provide(
      DigestCacheLive.layer.pipe(
        Layer.provide(
          Layer.merge(
            Layer.succeed(Settings, Settings.of({ ...settingsFrom(host({}), null, version), cacheDir })),
            DirectoriesLive.layer
          )
        )
      )
    )
  )

describe("the digest cache", () => {
  it.effect("remembers a file until it moves, and never across versions", () =>
    Effect.gen(function* () {
      const dir = nodePath.join(yield* temporaryHome, "cache")
      yield* withCache(dir, "1", (cache) =>
        Effect.gen(function* () {
          assert.isNull(yield* cache.get(entry("claude", "/a", 1n)))
          yield* cache.put(entry("claude", "/a", 1n), digest)
          assert.deepStrictEqual(yield* cache.get(entry("claude", "/a", 1n)), digest)
          yield* cache.put(entry("claude", "/c", 1n), { ...digest, tally: null })
          assert.deepStrictEqual(yield* cache.get(entry("claude", "/c", 1n)), { ...digest, tally: null })
          assert.isNull(yield* cache.get(entry("claude", "/a", 2n)))
          assert.isNull(yield* cache.get(entry("claude", "/b", 1n)))
          assert.isNull(yield* cache.get(entry("codex", "/a", 1n)))
          assert.isNull(yield* cache.get({ ...entry("claude", "/a", 1n), id: "b" }))
          const report = yield* cache.report
          assert.deepStrictEqual([report.dir, report.entries], [dir, 2])
        })
      )
      assert.isNull(yield* withCache(dir, "2", (cache) => cache.get(entry("claude", "/a", 1n))))
    }).pipe(Effect.scoped)
  )

  it.effect("forgets what was spoiled, and survives a directory that cannot be made", () =>
    Effect.gen(function* () {
      const dir = nodePath.join(yield* temporaryHome, "cache")
      yield* withCache(dir, "1", (cache) => cache.put(entry("claude", "/a", 1n), digest))
      for (const name of fs.readdirSync(dir, { recursive: true, encoding: "utf8" })) {
        const path = nodePath.join(dir, name)
        if (fs.statSync(path).isFile()) fs.writeFileSync(path, '{"generation":1,"version":"1"')
      }
      assert.isNull(yield* withCache(dir, "1", (cache) => cache.get(entry("claude", "/a", 1n))))
      yield* withCache(dir, "1", (cache) => cache.put(entry("claude", "/a", 1n), digest))
      assert.deepStrictEqual(yield* withCache(dir, "1", (cache) => cache.get(entry("claude", "/a", 1n))), digest)
      const blocked = nodePath.join(dir, "file")
      writeFile(blocked, "")
      yield* withCache(blocked, "1", (cache) => cache.put(entry("claude", "/a", 1n), digest))
      assert.isNull(yield* withCache(blocked, "1", (cache) => cache.get(entry("claude", "/a", 1n))))
    }).pipe(Effect.scoped)
  )
})

describe("programs", () => {
  it.effect("are found on PATH where they can be executed, and asked for their version", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const script = (name: string, body: string, mode: number) => {
        const path = nodePath.join(home, name)
        writeFile(path, `#!/bin/sh\n${body}\n`)
        fs.chmodSync(path, mode)
        return path
      }
      script("one/tool", "exit 0", 0o644)
      const tool = script("two/tool", 'read line; echo " 1.2.3 (tool) $line"; echo more', 0o755)
      const failing = script("two/failing", "echo 9; exit 3", 0o755)
      fs.mkdirSync(nodePath.join(home, "one/sessionr-test-dir"))
      const env = {
        PATH: [nodePath.join(home, "one"), "relative", nodePath.join(home, "two"), "/usr/bin", "/bin"].join(":")
      }
      yield* Effect.gen(function* () {
        const programs = yield* Programs
        assert.strictEqual(yield* programs.find("tool"), tool)
        assert.isNull(yield* programs.find("sessionr-test-dir"))
        assert.isNull(yield* programs.find("no-such-program"))
        assert.strictEqual(yield* programs.version(tool), "1.2.3 (tool)")
        assert.isNull(yield* programs.version(failing))
        assert.isNull(yield* programs.version(nodePath.join(home, "none")))
      }).pipe(Effect.provide(ProgramsLive.layer.pipe(Layer.provide(Layer.succeed(Host, Host.of(host(env)))))))
    }).pipe(Effect.scoped)
  )
})

describe("directories", () => {
  it.effect("answer and never fail", () =>
    Effect.gen(function* () {
      const home = fs.realpathSync(yield* temporaryHome)
      writeFile(nodePath.join(home, "repo/src/a"), "12345")
      writeFile(nodePath.join(home, "linked/.git"), "gitdir: elsewhere")
      fs.mkdirSync(nodePath.join(home, "repo/.git"))
      fs.symlinkSync(nodePath.join(home, "repo"), nodePath.join(home, "link"))
      const directories = yield* Directories
      assert.isTrue(yield* directories.exists(home))
      assert.isFalse(yield* directories.exists(nodePath.join(home, "repo/src/a")))
      assert.isFalse(yield* directories.exists(nodePath.join(home, "none")))
      assert.strictEqual(yield* directories.realPath(nodePath.join(home, "link")), nodePath.join(home, "repo"))
      assert.strictEqual(yield* directories.realPath("/no/such/place"), "/no/such/place")
      assert.strictEqual(yield* directories.worktreeOf(nodePath.join(home, "repo/src")), nodePath.join(home, "repo"))
      assert.strictEqual(yield* directories.worktreeOf(nodePath.join(home, "linked/x")), nodePath.join(home, "linked"))
      assert.deepStrictEqual(yield* directories.size(nodePath.join(home, "repo")), { bytes: 5, files: 1 })
      assert.isNull(yield* directories.size(nodePath.join(home, "none")))
    }).pipe(Effect.provide(DirectoriesLive.layer), Effect.scoped)
  )
})

describe("the caller's files and the host", () => {
  it.effect("a file is read whole, a missing one is a usage error with its reason", () =>
    Effect.gen(function* () {
      const path = nodePath.join(yield* temporaryHome, "ids")
      writeFile(path, "one\ntwo")
      const input = yield* TextInput
      assert.strictEqual(yield* input.read(path), "one\ntwo")
      const error = yield* Effect.flip(input.read(`${path}.none`))
      assert.deepStrictEqual([error._tag, error.path, error.reason], ["FileNotReadable", `${path}.none`, "ENOENT"])
    }).pipe(Effect.provide(TextInputLive.layer), Effect.scoped)
  )

  it.effect("the host is this process", () =>
    Effect.gen(function* () {
      const info = yield* Host
      assert.strictEqual(info.cwd, fs.realpathSync(process.cwd()))
      assert.strictEqual(info.nodeVersion, process.version)
      assert.isTrue(nodePath.isAbsolute(info.home))
      assert.isAbove(info.columns, 0)
    }).pipe(Effect.provide(HostLive.layer))
  )
})
