import * as Context from "effect/Context"

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
