import type { SessionEntry } from "../../domain/session.ts"
import type { StoreFiles } from "../../services/StoreFiles.ts"
import { asObject, asText, parseJson } from "../support/json.ts"
import { sha256Hex } from "../../domain/sha256.ts"
import type { HeadFacts } from "./head.ts"

type Files = StoreFiles["Service"]

const settingsLimit = 4 * 1024 * 1024

/** Reads files that only add to a session: one that cannot be read is as good as none. */
export const lenientText = (files: Files, path: string, limit: number): string | null => {
  try {
    return files.textSync(path, limit)
  } catch {
    return null
  }
}

export const lenientJson = (files: Files, path: string) =>
  asObject(parseJson(lenientText(files, path, settingsLimit) ?? ""))

/** The name of the project's folder below `tmp`: a slug, or until 0.28 the hash of the project's path. */
export const projectName = ({ file, root }: SessionEntry): string =>
  file.path.slice(root.length + 1).split(/[\\/]/)[1] ?? ""

const hashForm = /^[0-9a-f]{64}$/

export const isHash = (name: string): boolean => hashForm.test(name)

/** A path and every folder above it. */
const withParents = (path: string): ReadonlyArray<string> => {
  const found = [path]
  for (let at = path.length - 1; at > 0; at--) {
    if (path[at] === "/" || path[at] === "\\") found.push(path.slice(0, at))
  }
  return found
}

const byHash = (hash: string, paths: Iterable<string>): string | null => {
  const tried = new Set<string>()
  for (const path of paths) {
    for (const candidate of withParents(path)) {
      if (tried.has(candidate) || tried.size > 1000) continue
      tried.add(candidate)
      if (sha256Hex(candidate) === hash) return candidate
    }
  }
  return null
}

/**
 * The project of a session. Since 0.28 a marker in its folder says so; `projects.json` has the slugs of all. Of older
 * folders only the hash is known, which is tried on every path that the tool or the session knows.
 */
export const cwdOf = (files: Files, entry: SessionEntry, facts: HeadFacts): string | null => {
  const name = projectName(entry)
  for (const kind of ["tmp", "history"]) {
    const marker = asText(lenientText(files, `${entry.root}/${kind}/${name}/.project_root`, 16 * 1024))
    if (marker !== null) return marker.trim()
  }
  const projects = asObject(lenientJson(files, `${entry.root}/projects.json`)?.["projects"]) ?? {}
  const registered = Object.entries(projects).find(([, slug]) => slug === name)?.[0]
  if (registered !== undefined) return registered
  if (facts.directory !== null) return facts.directory
  const hash = isHash(name) ? name : facts.projectHash
  if (hash === null || !isHash(hash)) return null
  const trusted = Object.keys(lenientJson(files, `${entry.root}/trustedFolders.json`) ?? {})
  return byHash(hash, [...Object.keys(projects), ...trusted, ...facts.paths])
}
