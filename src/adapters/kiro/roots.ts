import type { DataHost } from "../../services/Adapter.ts"

const trimmed = (path: string | undefined): string => (path ?? "").trim().replace(/(?<=.)[/\\]+$/, "")

/** Where programs keep their data and where editors keep theirs, per platform. */
const platformFolders = (
  { home, platform }: DataHost,
  variable: (name: string) => string
): { readonly data: string; readonly editors: ReadonlyArray<string> } => {
  if (platform === "darwin") {
    const support = `${home}/Library/Application Support`
    return { data: `${support}/kiro-cli`, editors: [`${support}/Kiro`] }
  }
  if (platform === "win32") {
    const local = variable("LOCALAPPDATA") || `${home}/AppData/Local`
    const roaming = variable("APPDATA") || `${home}/AppData/Roaming`
    return { data: `${local}/kiro-cli`, editors: [`${roaming}/Kiro`] }
  }
  const data = variable("XDG_DATA_HOME") || `${home}/.local/share`
  // The second is that of a remote machine.
  return { data: `${data}/kiro-cli`, editors: [`${home}/.config/Kiro`, `${home}/.kiro-server/data`] }
}

/**
 * `KIRO_HOME` or `~/.kiro` for the sessions of the CLI since V2 and of the IDE since July 2026, the data folder of the
 * CLI for its database, and the storage of the IDE's extension for its older sessions.
 */
export const rootsOf = (host: DataHost): ReadonlyArray<string> => {
  const variable = (name: string): string => (host.ignoreEnv ? "" : trimmed(host.env[name]))
  const { data, editors } = platformFolders(host, variable)
  const storages = editors.map((editor) => `${editor}/User/globalStorage/kiro.kiroagent`)
  return Array.from(new Set([variable("KIRO_HOME") || `${host.home}/.kiro`, data, ...storages]))
}
