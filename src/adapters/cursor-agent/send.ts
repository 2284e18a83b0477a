import type { SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { asText, type Json } from "../support/json.ts"
import { eventReader, type Told } from "../support/output.ts"
import { type Call, modelWords, permissionWords, refuse, senderOf, slashCommand } from "../support/plans.ts"

const sessionWords = (order: SendOrder, id: string | null): ReadonlyArray<string> => {
  if (id !== null) return ["--resume", id]
  return order.kind === "continue" ? ["--continue"] : []
}

/** The stores lie below the hash of the directory's path: the tool has to be run there. */
const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, {
    plan: ["--mode=plan"],
    edit: "Cursor has no level between its own default and --force, which allows everything (full)",
    full: ["--force"]
  })
  if ("refused" in permission) return permission
  if (id !== null && order.sessionFile !== null && !/(?:^|[\\/])store\.db$/.test(order.sessionFile)) {
    return refuse("the command of Cursor resumes only chats that it keeps itself, not transcripts nor chats of the IDE")
  }
  const options = [...permission, ...modelWords(order), ...order.extra]
  return {
    args: ["-p", "--output-format", "stream-json", ...sessionWords(order, id), ...options],
    ...(id === null ? {} : { sessionId: id })
  } satisfies Call
}

/** By its documentation: commands, and a hand-over to the cloud. Whether they count without its screen was not tried. */
const garbles = (prompt: string): string | null => {
  const special = slashCommand(prompt) ?? (prompt.trimStart().startsWith("&") ? "&" : null)
  return special === null
    ? null
    : `Cursor takes ${special} at the start of a prompt as a command of its own, and documents no way to write it literally`
}

/** A failure has no result, only words on standard error. */
const read = (event: Json, told: Told): void => {
  const { subtype, type } = event
  told.session(event["session_id"], type === "system" && subtype === "init")
  if (type !== "result") return
  if (event["is_error"] === true) return told.fail(asText(event["result"]) ?? subtype)
  told.succeed()
}

/** `cursor-agent -p`, later called `agent`: from its documentation, not run. */
export const sender: Sender = senderOf({
  displayName: "Cursor",
  binaries: ["cursor-agent", "agent"],
  evidence: { new: "documentation", resume: "documentation", continue: "documentation" },
  garbles,
  call,
  reader: () => eventReader(read),
  login: "cursor-agent login"
})
