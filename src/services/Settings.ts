import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { FileNotReadable } from "../domain/errors.ts"
import { Directories } from "./Directories.ts"

/** What the invocation as a whole was told by global flags and environment. */
export interface SettingsInfo {
  /** `--home`: where every tool's data is looked for instead of the user's home. */
  readonly home: string | null
  readonly stateDir: string
  readonly cacheDir: string
  readonly version: string
  /** Default and ceiling of `--tokens`. */
  readonly defaultTokens: number
  readonly tokenCap: number
  /** Global flags that a next command must repeat to mean the same, as words. */
  readonly inheritedWords: ReadonlyArray<string>
}

export class Settings extends Context.Service<Settings, SettingsInfo>()("sessionr/services/Settings") {}

/** The home that the tools' data is looked for in: as asked for, else as the environment says; null for the user's own. */
export const homeFrom = (
  asked: string | null | undefined,
  env: Readonly<Record<string, string | undefined>>
): string | null => asked ?? (env["SESSIONR_HOME"] || null)

/** Fails where that home is none; `argument` is named. */
export const requireHome = Effect.fnUntraced(function* (argument: string) {
  const { home } = yield* Settings
  const directories = yield* Directories
  if (home === null || (yield* directories.exists(home))) return
  return yield* new FileNotReadable({
    message: `${argument} is ${JSON.stringify(home)}, which is not a directory`,
    path: home,
    reason: "not a directory"
  })
})
