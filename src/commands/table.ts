import * as Completions from "effect/cli/Completions"
import { rootCommand } from "./cli.ts"
import { context } from "./context.ts"
import { diff } from "./diff.ts"
import { docs } from "./docs.ts"
import { makeCompletions, makeHelp, schema } from "./documents.ts"
import { exportCommand } from "./export.ts"
import { list } from "./list.ts"
import { cancel, job, jobs, wait } from "./jobs.ts"
import { doctor, sources } from "./machine.ts"
import { checkpoint, name } from "./names.ts"
import { prune } from "./prune.ts"
import { read } from "./read.ts"
import { search } from "./search.ts"
import { send, supervise } from "./send.ts"
import { info } from "./session.ts"
import type { CommandSpec } from "./spec.ts"
import { tag } from "./tag.ts"
import { stats } from "./stats.ts"
import { tree } from "./tree.ts"

/** Every command, in the order in which help shows them. */
export const commands: ReadonlyArray<CommandSpec> = [
  list,
  search,
  read,
  context,
  diff,
  info,
  stats,
  tree,
  exportCommand,
  tag,
  send,
  job,
  wait,
  cancel,
  jobs,
  name,
  checkpoint,
  prune,
  doctor,
  sources,
  makeHelp(() => commands),
  schema,
  makeCompletions(() => Completions.fromCommand(rootCommand(commands, () => {}))),
  docs
]

/** Commands that the program starts itself with: no help shows them. */
export const internalCommands: ReadonlyArray<CommandSpec> = [supervise]
