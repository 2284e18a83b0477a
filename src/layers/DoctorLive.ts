import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { DoctorResult, DoctorSource } from "../domain/results.ts"
import type { Adapter, StoreServices } from "../services/Adapter.ts"
import { AdapterRegistry } from "../services/AdapterRegistry.ts"
import { DigestCache } from "../services/DigestCache.ts"
import { Directories } from "../services/Directories.ts"
import { Doctor } from "../services/Doctor.ts"
import { Host } from "../services/Host.ts"
import { Programs } from "../services/Programs.ts"
import { Settings } from "../services/Settings.ts"
import { behindWarnings } from "./sessions/behind.ts"
import { formatBytes } from "../domain/trash.ts"
import { StateFiles } from "../services/StateFiles.ts"
import { trashDir } from "./prune/manifest.ts"
import { commandLine } from "./sessions/catalog.ts"
import { findProgram } from "./tool-program.ts"

const dayMs = 86_400_000
/** Sessions that a tool will delete within this many days are worth a warning. */
const soonDays = 7

/** What may lie in the trash, in bytes, before it is worth a warning. */
const largeTrash = 1e9

/** Sessions that were moved away still take their space. */
const trashWarnings = Effect.gen(function* () {
  const directories = yield* Directories
  const files = yield* StateFiles
  const command = yield* commandLine
  const size = yield* directories.size(files.pathOf(trashDir))
  if (size === null || size.bytes <= largeTrash) return []
  const free = command(["prune", "--empty-trash", "--older-than", "30d", "--dry-run"])
  return [`the trash takes ${formatBytes(size.bytes)}: ${free}`]
})

interface Diagnosis {
  readonly source: DoctorSource
  readonly warnings: ReadonlyArray<string>
}

const diagnose = Effect.fnUntraced(function* (adapter: Adapter, now: number) {
  const { dataHost } = yield* AdapterRegistry
  const directories = yield* Directories
  const programs = yield* Programs
  const roots = adapter.roots(dataHost)
  const existing = yield* Effect.filter(roots, directories.exists)
  const program = adapter.sender === null ? null : yield* findProgram(adapter.sender)
  const wanted = program?.name ?? adapter.sender?.binaries[0] ?? null
  const shape: DoctorSource = {
    name: adapter.source,
    dataDirs: roots,
    existing,
    sessionCount: 0,
    unreadable: [],
    spawnBin: wanted,
    spawnBinPath: program?.path ?? null,
    spawnBinVersion: program === null ? null : yield* programs.version(program.path),
    notes: []
  }
  const examined = Effect.gen(function* () {
    const discovery = yield* adapter.discover(roots)
    const main = discovery.entries.filter(({ kind }) => kind === "session")
    const unreadable = [...discovery.unreadable]
    let sessionCount = 0
    for (const entry of main) {
      const head = yield* adapter.survey(entry, true).pipe(
        Effect.catch((error) => {
          unreadable.push({ path: error.path, reason: error.reason })
          return Effect.succeed(null)
        })
      )
      if (head !== null && head.kind === "session" && !head.isEmpty) sessionCount++
    }
    const retention = yield* adapter.retention(roots)
    const notes = [...(yield* adapter.notes(roots, discovery))]
    const warnings: Array<string> = []
    if (retention !== null) {
      const soon = main.filter(({ file }) => now - file.mtimeMs > (retention.days - soonDays) * dayMs).length
      const rule = `${adapter.source} deletes sessions after ${retention.days} days (${retention.from})`
      notes.push(rule)
      if (soon > 0) warnings.push(`${rule}: ${soon} ${soon === 1 ? "goes" : "go"} within ${soonDays} days`)
    }
    if (unreadable.length > 0) {
      warnings.push(`${adapter.source}: ${unreadable.length} unreadable, the first ${unreadable[0]!.path}`)
    }
    if (program === null && wanted !== null && sessionCount > 0) {
      warnings.push(`${adapter.source}: has sessions, but ${wanted} is not on PATH`)
    }
    return { source: { ...shape, sessionCount, unreadable, notes }, warnings } satisfies Diagnosis
  })
  return yield* examined.pipe(
    Effect.catchCause((cause) => {
      if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
      const error = Cause.squash(cause)
      const message = error instanceof Error ? error.message : String(error)
      return Effect.succeed<Diagnosis>({
        source: { ...shape, notes: [`ADAPTER_FAILED: ${message}`] },
        warnings: [`${adapter.source}: cannot be looked through: ${message}`]
      })
    })
  )
})

const report = Effect.gen(function* () {
  const host = yield* Host
  const settings = yield* Settings
  const registry = yield* AdapterRegistry
  const cache = yield* DigestCache
  const directories = yield* Directories
  const command = yield* commandLine
  const now = yield* Clock.currentTimeMillis
  const diagnoses = yield* Effect.forEach(registry.adapters, (adapter) => diagnose(adapter, now))
  const behind = yield* behindWarnings
  const cached = yield* cache.report
  const found = diagnoses.some(({ source }) => source.sessionCount > 0)
  return {
    _tag: "doctor",
    nodeVersion: host.nodeVersion,
    version: settings.version,
    runtime: host.runtime,
    platform: `${host.platform}-${host.arch}`,
    cwd: host.cwd,
    stateDir: settings.stateDir,
    cacheDir: settings.cacheDir,
    stateBytes: (yield* directories.size(settings.stateDir))?.bytes ?? null,
    cacheBytes: cached.bytes,
    cacheEntries: cached.entries,
    sources: diagnoses.map(({ source }) => source),
    warnings: [
      ...diagnoses.flatMap(({ warnings }) => warnings),
      ...behind.map(({ message, source }) => (source === null ? message : `${source}: ${message}`)),
      ...(yield* trashWarnings)
    ],
    actions: [
      { command: command(["list", "--cwd", "all"]), description: found ? "Every session" : "Look again" },
      { command: command(["sources"]), description: "What each source can do" }
    ]
  } satisfies DoctorResult
})

export const layer = Layer.effect(
  Doctor,
  Effect.map(
    Effect.context<
      AdapterRegistry | DigestCache | Directories | Host | Programs | Settings | StateFiles | StoreServices
    >(),
    (context) => Doctor.of({ report: Effect.provideContext(report, context) })
  )
)
