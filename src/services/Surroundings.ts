/** What a program that ours is only a part of may say of where we look and work; everything has a default. */
export interface Surroundings {
  /** Look for every tool's data below this directory instead of the user's home; `SESSIONR_HOME` where absent. */
  readonly home?: string
  /** Names, jobs, tags and leases: `~/.sessionreader` where absent. */
  readonly stateDir?: string
  /** May be deleted at any time; the platform's cache directory where absent. */
  readonly cacheDir?: string
  /** The current directory: the process's where absent. */
  readonly cwd?: string
  /** Instead of the process's environment, for us and for the agents that are started: PATH is taken from it. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The program that looks after jobs in the background: a path, or a name on PATH. `sessionr` where absent. */
  readonly binary?: string
  /** Told what an agent prints while a send waits for it: as it is, so nothing for a terminal. */
  readonly onOutput?: (text: string) => void
}
