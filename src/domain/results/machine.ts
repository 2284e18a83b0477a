import type { Action } from "./common.ts"

export interface DoctorSource {
  readonly name: string
  readonly dataDirs: ReadonlyArray<string>
  readonly existing: ReadonlyArray<string>
  readonly sessionCount: number
  readonly unreadable: ReadonlyArray<{ path: string; reason: string }>
  readonly spawnBin: string | null
  readonly spawnBinPath: string | null
  readonly spawnBinVersion: string | null
  readonly notes: ReadonlyArray<string>
}

export interface DoctorResult {
  readonly _tag: "doctor"
  readonly nodeVersion: string
  readonly version: string
  readonly runtime: string
  readonly platform: string
  readonly cwd: string
  readonly stateDir: string
  readonly cacheDir: string
  /** Null where the directory does not exist. */
  readonly stateBytes: number | null
  readonly cacheBytes: number | null
  readonly cacheEntries: number
  readonly sources: ReadonlyArray<DoctorSource>
  readonly warnings: ReadonlyArray<string>
  readonly actions: ReadonlyArray<Action>
}

/** How a source keeps its sessions. */
export type Storage = "jsonl" | "json" | "sqlite" | "mixed"

/** What can be done with the sessions of a source. */
export interface Capabilities {
  readonly read: boolean
  readonly new: boolean
  readonly resume: boolean
  readonly fork: boolean
  readonly continue: boolean
  readonly live: boolean
}

export interface SourcesResult {
  readonly _tag: "sources"
  readonly sources: ReadonlyArray<{
    name: string
    displayName: string
    aliases: ReadonlyArray<string>
    storage: Storage
    capabilities: Capabilities
  }>
  readonly actions: ReadonlyArray<Action>
}
