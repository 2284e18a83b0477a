import type { CommandResult } from "../domain/results.ts"
import type { Encoder, TextStyle, Wire } from "./answers/common.ts"
import { context } from "./answers/context.ts"
import { diff } from "./answers/diff.ts"
import { document } from "./answers/document.ts"
import { exported } from "./answers/export.ts"
import { list } from "./answers/list.ts"
import { doctor, sources } from "./answers/machine.ts"
import { names } from "./answers/names.ts"
import { prune, pruned, restored, trash } from "./answers/prune.ts"
import { read, unchanged } from "./answers/read.ts"
import { search } from "./answers/search.ts"
import { dryRun, job, jobs, sent } from "./answers/sending.ts"
import { info, stats } from "./answers/session.ts"
import { tag } from "./answers/tag.ts"
import { totals } from "./answers/totals.ts"
import { tree } from "./answers/tree.ts"

type Tag = CommandResult["_tag"]

/** How every kind of answer is printed: a kind without an encoder does not compile. */
const encoders: { readonly [T in Tag]: Encoder<Extract<CommandResult, { readonly _tag: T }>> } = {
  list,
  search,
  read,
  unchanged,
  context,
  diff,
  info,
  stats,
  export: exported,
  tag,
  totals,
  tree,
  prune,
  pruned,
  restored,
  trash,
  doctor,
  sources,
  send: sent,
  "dry-run": dryRun,
  names,
  job,
  jobs,
  help: document,
  schema: document,
  completions: document,
  docs: document,
  topic: document,
  version: document
}

const encoderOf = (result: CommandResult) => encoders[result._tag] as unknown as Encoder<CommandResult>

/** The version 1 envelope of a result. */
export const wireResult = (result: CommandResult): Wire => encoderOf(result).wire(result)

/** A result as people read it; `table` asks for rows where there are two ways. */
export const textResult = (result: CommandResult, table: boolean, style: TextStyle): string =>
  encoderOf(result).text(result, style, table)
