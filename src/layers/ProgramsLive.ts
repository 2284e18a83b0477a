import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { execFile } from "node:child_process"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { Host, type HostInfo } from "../services/Host.ts"
import { Programs } from "../services/Programs.ts"

const isExecutable = (path: string): boolean => {
  try {
    fs.accessSync(path, fs.constants.X_OK)
    return fs.statSync(path).isFile()
  } catch {
    return false
  }
}

const versionTimeoutMs = 2000

/** Directories that programs are looked for in. */
export const searchPath = ({ env }: HostInfo): ReadonlyArray<string> =>
  (env["PATH"] ?? "").split(nodePath.delimiter).filter((directory) => nodePath.isAbsolute(directory))

/** A program by its name on PATH, or by its absolute path; null where there is none that can be run. */
export const findProgram = (host: HostInfo, name: string): string | null => {
  const suffixes = host.platform === "win32" ? (host.env["PATHEXT"] ?? ".EXE;.CMD;.BAT").split(";") : [""]
  if (nodePath.isAbsolute(name)) return ["", ...suffixes].map((suffix) => name + suffix).find(isExecutable) ?? null
  for (const directory of searchPath(host)) {
    for (const suffix of suffixes) {
      const path = nodePath.join(directory, name + suffix)
      if (isExecutable(path)) return path
    }
  }
  return null
}

/** Programs on the PATH of this process. */
export const layer = Layer.effect(
  Programs,
  Effect.map(Effect.service(Host), (host) => {
    const { env } = host
    return Programs.of({
      find: (name) => Effect.sync(() => findProgram(host, name)),
      version: (path) =>
        Effect.callback<string | null>((resume) => {
          const child = execFile(path, ["--version"], { timeout: versionTimeoutMs, env: { ...env } }, (error, stdout) =>
            resume(Effect.succeed(error === null ? (stdout.split("\n")[0]?.trim() ?? "") || null : null))
          )
          child.stdin?.end()
          return Effect.sync(() => void child.kill("SIGKILL"))
        })
    })
  })
)
