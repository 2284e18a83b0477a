import * as Context from "effect/Context"

/** What the program is told by its surroundings, read once when it starts and never at module level. */
export interface HostInfo {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home directory. */
  readonly home: string
  /** Absolute and with symbolic links resolved. */
  readonly cwd: string
  readonly platform: string
  readonly arch: string
  readonly stdoutIsTerminal: boolean
  readonly stderrIsTerminal: boolean
  /** Columns of the terminal, 80 where there is none. */
  readonly columns: number
  /** Name and version of the JavaScript runtime: `node v26.10.0`. */
  readonly runtime: string
  readonly nodeVersion: string
}

export class Host extends Context.Service<Host, HostInfo>()("sessionr/services/Host") {}
