import * as nodePath from "node:path"
import type { HostInfo } from "../services/Host.ts"
import type { SettingsInfo } from "../services/Settings.ts"

/** The ceiling of `--tokens` where the environment sets none. */
const defaultCap = 8000

const positive = (value: string | undefined): number | null =>
  value !== undefined && /^\d{1,9}$/.test(value) && Number(value) >= 1 ? Number(value) : null

const cacheBase = ({ env, home, platform }: HostInfo): string => {
  const xdg = env["XDG_CACHE_HOME"]
  if (xdg !== undefined && nodePath.isAbsolute(xdg)) return xdg
  if (platform === "darwin") return nodePath.join(home, "Library", "Caches")
  if (platform === "win32") return env["LOCALAPPDATA"] ?? nodePath.join(home, "AppData", "Local")
  return nodePath.join(home, ".cache")
}

/**
 * Settings from the environment. `--home` moves where the tools' data is looked for, never our own state or cache: the
 * home that is looked at may be a read-only backup.
 */
export const settingsFrom = (
  host: HostInfo,
  home: string | null,
  version: string,
  formWords: ReadonlyArray<string> = []
): SettingsInfo => {
  const cap = positive(host.env["SESSIONREADER_TOKEN_CAP"]) ?? defaultCap
  const asked = positive(host.env["SESSIONREADER_MAX_TOKENS"])
  return {
    home: home === null ? null : nodePath.resolve(host.cwd, home),
    stateDir: host.env["SESSIONR_STATE_DIR"] || nodePath.join(host.home, ".sessionreader"),
    cacheDir: host.env["SESSIONR_CACHE_DIR"] || nodePath.join(cacheBase(host), "sessionr"),
    version,
    defaultTokens: asked ?? defaultCap,
    tokenCap: cap,
    inheritedWords: [...(home === null || host.env["SESSIONR_HOME"] === home ? [] : ["--home", home]), ...formWords]
  }
}
