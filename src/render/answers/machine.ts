import type { DoctorResult, SourcesResult } from "../../domain/results.ts"
import type { DoctorEnvelope, SourcesEnvelope } from "../../schemas/machine.ts"
import { renderTable } from "../terminal.ts"
import { type Encoder, pairs, section, type Shape, type TextStyle } from "./common.ts"

const doctorWire = (result: DoctorResult): Shape<typeof DoctorEnvelope> => ({
  api_version: 1,
  result: {
    node_version: result.nodeVersion,
    sessionr_version: result.version,
    runtime: result.runtime,
    platform: result.platform,
    cwd: result.cwd,
    state_dir: result.stateDir,
    state_bytes: result.stateBytes,
    cache_dir: result.cacheDir,
    cache_bytes: result.cacheBytes,
    cache_entries: result.cacheEntries,
    sources: result.sources.map((source) => ({
      name: source.name,
      data_dir: source.existing[0] ?? source.dataDirs[0] ?? null,
      data_dirs: source.dataDirs,
      data_dir_exists: source.existing.length > 0,
      session_count: source.sessionCount,
      unreadable: source.unreadable,
      spawn_bin: source.spawnBin,
      spawn_bin_resolvable: source.spawnBinPath !== null,
      spawn_bin_path: source.spawnBinPath,
      spawn_bin_version: source.spawnBinVersion,
      notes: source.notes
    })),
    warnings: result.warnings
  },
  actions: result.actions
})

const sourcesWire = (result: SourcesResult): Shape<typeof SourcesEnvelope> => ({
  api_version: 1,
  sources: result.sources.map((source) => ({
    name: source.name,
    display_name: source.displayName,
    aliases: source.aliases,
    storage: source.storage,
    capabilities: source.capabilities
  })),
  actions: result.actions
})

const doctorText = (result: DoctorResult, style: TextStyle): string => {
  const table = renderTable(
    [{ title: "SOURCE", max: 14 }, { title: "SESSIONS", max: 8 }, { title: "PROGRAM", max: 36 }, { title: "DATA" }],
    result.sources.map((source) => [
      source.name,
      String(source.sessionCount),
      source.spawnBin === null ? "-" : (source.spawnBinPath ?? `${source.spawnBin} (not on PATH)`),
      source.existing.join(", ") || `${source.dataDirs[0] ?? "-"} (missing)`
    ]),
    style.width,
    style.paint
  )
  const bytes = (size: number | null) => (size === null ? "missing" : `${size} bytes`)
  return (
    pairs(
      [
        ["sessionr", `${result.version} on ${result.runtime}, ${result.platform}`],
        ["state", `${result.stateDir} (${bytes(result.stateBytes)})`],
        ["cache", `${result.cacheDir} (${bytes(result.cacheBytes)}, ${result.cacheEntries} digests)`]
      ],
      style
    ) +
    `\n${table}` +
    section(
      "Notes",
      result.sources.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
      style
    ) +
    section("Warnings", result.warnings, style)
  )
}

const sourcesText = (result: SourcesResult, style: TextStyle): string =>
  renderTable(
    [
      { title: "SOURCE", max: 14 },
      { title: "NAME", max: 20 },
      { title: "ALIASES", max: 24 },
      { title: "STORAGE", max: 8 },
      { title: "CAN" }
    ],
    result.sources.map((source) => [
      source.name,
      source.displayName,
      source.aliases.join(", "),
      source.storage,
      Object.entries(source.capabilities)
        .filter(([, can]) => can)
        .map(([name]) => name)
        .join(", ")
    ]),
    style.width,
    style.paint
  )

export const doctor: Encoder<DoctorResult> = { wire: doctorWire, text: doctorText }

export const sources: Encoder<SourcesResult> = { wire: sourcesWire, text: sourcesText }
