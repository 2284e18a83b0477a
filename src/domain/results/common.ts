/** A next step: a command line ready to paste. */
export interface Action {
  readonly command: string
  readonly description: string
}

/** Something that was passed over without failing the command. */
export interface Warning {
  readonly source: string | null
  readonly code: string
  readonly message: string
}

export type CwdScope = "auto" | "current" | "all" | "explicit" | "fellback_to_global"

/** A session as a row of a list. Times are milliseconds since the epoch. */
export interface SessionRow {
  readonly id: string
  /** The shortest prefix of at least 8 characters that names it. */
  readonly shortId: string
  readonly source: string
  readonly cwd: string | null
  readonly updatedAt: number
  readonly createdAt: number | null
  readonly summary: string
  readonly filePath: string
  readonly isEmpty: boolean
  readonly title: string | null
  readonly gitBranch: string | null
  readonly model: string | null
  /** A name and tags that somebody gave it in our own state. */
  readonly name: string | null
  readonly tags: ReadonlyArray<string>
  readonly parentId: string | null
  /** Null where it would need a full parse of a large file. */
  readonly totalMessages: number | null
}
