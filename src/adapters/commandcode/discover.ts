import * as Effect from "effect/Effect"
import type { Discovery, FileStat, SessionEntry, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"

export const source = "commandcode"

const transcriptEnd = ".jsonl"
const metaEnd = ".meta.json"

/** The tool's own test for a transcript: checkpoints, prompt histories and backups lie beside it. */
export const isTranscript = (name: string): boolean =>
  name.length > transcriptEnd.length && name.endsWith(transcriptEnd) && !/\.(checkpoints|prompts|v2\.bak)\./.test(name)

/** What the tool keeps beside a transcript: `path` without its ending, and another ending. */
const beside = (path: string, end: string): string => path.slice(0, -transcriptEnd.length) + end

/** Title, model and origin of a session; may be missing. */
export const metaFile = (entry: SessionEntry): string => beside(entry.file.path, metaEnd)

/** One line per prompt, with the files that were edited after it; may be missing. */
export const checkpointFile = (entry: SessionEntry): string => beside(entry.file.path, ".checkpoints.jsonl")

/**
 * `~/.commandcode` everywhere. The tool asks `HOME` first, then `USERPROFILE`: on Windows, where the home is the latter,
 * a `HOME` moves it.
 */
export const roots = (host: DataHost): ReadonlyArray<string> => {
  const moved = host.platform === "win32" && !host.ignoreEnv ? (host.env["HOME"] ?? "") : ""
  const homes = moved === "" ? [host.home] : [moved, host.home]
  return Array.from(new Set(homes.map((home) => `${home.replace(/[\\/]+$/, "")}/.commandcode`)))
}

interface Found {
  readonly root: string
  readonly file: FileStat
  readonly id: string
}

/**
 * Every transcript below `projects/<slug>/`. The name of the file is the id: the first line of a copy made by
 * `--fork-session` still has that of its source. Of copies with one id the newest.
 */
export const discover = Effect.fnUntraced(function* (
  dataRoots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles> {
  const files = yield* StoreFiles
  const found = new Map<string, Found>()
  const metas = new Set<string>()
  const unreadable: Array<Unreadable> = []
  for (const root of dataRoots) {
    const tree = yield* files.walk(`${root}/projects`, {
      depth: 1,
      take: (name, depth) => depth === 1 && (isTranscript(name) || name.endsWith(metaEnd))
    })
    unreadable.push(...tree.unreadable)
    for (const file of tree.files) {
      const name = file.path.slice(Math.max(file.path.lastIndexOf("/"), file.path.lastIndexOf("\\")) + 1)
      if (!isTranscript(name)) {
        metas.add(file.path)
        continue
      }
      const id = name.slice(0, -transcriptEnd.length)
      const known = found.get(id)
      if (known === undefined || file.mtimeNs > known.file.mtimeNs) found.set(id, { root, file, id })
    }
  }
  const entries = Array.from(found.values(), ({ file, id, root }): SessionEntry => {
    const meta = beside(file.path, metaEnd)
    return {
      source,
      id,
      file,
      root,
      kind: "session",
      parentId: null,
      archived: false,
      // The title is in there and nowhere else.
      sidecars: metas.has(meta) ? [meta] : [],
      indexTitle: null
    }
  })
  return { entries, unreadable }
})
