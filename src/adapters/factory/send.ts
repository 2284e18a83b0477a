import type { SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import type { Json } from "../support/json.ts"
import { eventReader, type Told } from "../support/output.ts"
import { type Call, modelWords, permissionWords, senderOf } from "../support/plans.ts"

const wholeFork = "Droid cannot fork in the middle of a session: the whole session is forked"

const sessionWords = (order: SendOrder, id: string | null): ReadonlyArray<string> =>
  id === null ? [] : order.kind === "fork" ? ["--fork", id] : ["-s", id]

/**
 * An id that the tool does not know it would create. Without a permission it is read-only by its help, but goes by the
 * risk that the model itself gives a command, so that harmless ones that write do run.
 */
const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, {
    plan: id === null ? ["--use-spec"] : "Droid plans only in a new session: it has no spec mode for one that exists",
    edit: ["--auto=low"],
    full: ["--skip-permissions-unsafe"]
  })
  if ("refused" in permission) return permission
  const options = [...permission, ...modelWords(order), ...order.extra]
  return {
    args: ["exec", "-o", "stream-json", ...sessionWords(order, id), ...options],
    notices: order.kind === "fork" && order.forkAt !== null ? [wholeFork] : [],
    ...(order.kind === "resume" && id !== null ? { sessionId: id } : {})
  } satisfies Call
}

/** Custom commands and skills, behind any number of slashes and white space; the tool's own commands go to the model. */
const garbles = (prompt: string): string | null => {
  const command = /^\s*\/+\s*([^\s/]+)(?=\s|$)/.exec(prompt)?.[1]
  return command === undefined
    ? null
    : `Droid takes /${command} at the start of a prompt as a command or skill, and has no way to write it literally`
}

const read = (event: Json, told: Told): void => {
  const { type } = event
  told.session(event["session_id"], type === "system" && event["subtype"] === "init")
  // The error of the model's call comes first, then that of the program, which says no more than that it failed.
  if (type === "error") {
    return event["source"] === "cli" ? told.confirm(event["message"]) : told.suspect(event["message"])
  }
  if (type === "completion") told.succeed()
}

/** `droid exec`, run with 0.215. */
export const sender: Sender = senderOf({
  displayName: "Droid",
  binaries: ["droid"],
  evidence: { new: "run", resume: "run", fork: "run" },
  garbles,
  call,
  reader: () => eventReader(read),
  // Only from its own screen, or with a key in FACTORY_API_KEY.
  login: null
})
