import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { execFile } from "node:child_process"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { Host } from "../services/Host.ts"
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

/** Programs on the PATH of this process. */
export const layer = Layer.effect(
  Programs,
  Effect.map(Effect.service(Host), ({ env, platform }) => {
    const suffixes = platform === "win32" ? (env["PATHEXT"] ?? ".EXE;.CMD;.BAT").split(";") : [""]
    const directories = (env["PATH"] ?? "")
      .split(nodePath.delimiter)
      .filter((directory) => nodePath.isAbsolute(directory))
    return Programs.of({
      find: (name) =>
        Effect.sync(() => {
          for (const directory of directories) {
            for (const suffix of suffixes) {
              const path = nodePath.join(directory, name + suffix)
              if (isExecutable(path)) return path
            }
          }
          return null
        }),
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
