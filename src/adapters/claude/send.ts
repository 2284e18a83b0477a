import type { SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { asArray, asText, type Json } from "../support/json.ts"
import { eventReader, type Told } from "../support/output.ts"
import { type Call, modelWords, permissionWords, senderOf, slashCommand } from "../support/plans.ts"

const sessionWords = (order: SendOrder, id: string | null): ReadonlyArray<string> => {
  if (order.kind === "new") return ["--session-id", order.mintedId]
  if (id === null) return ["--continue"]
  if (order.kind === "resume") return ["--resume", id]
  const at = order.forkAt === null ? [] : ["--resume-session-at", order.forkAt]
  return ["--resume", id, ...at, "--fork-session", "--session-id", order.mintedId]
}

/**
 * `--verbose` is required with this output format. Without a permission the tool denies whatever it would ask for.
 * `--resume-session-at` is hidden in the help; it keeps everything up to and including a record, given by its uuid.
 */
const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, {
    plan: ["--permission-mode=plan"],
    edit: ["--permission-mode=acceptEdits"],
    full: ["--permission-mode=bypassPermissions"]
  })
  if ("refused" in permission) return permission
  const session = sessionWords(order, id)
  // Flags of the caller come last: some take words until the next flag.
  const options = [...permission, ...modelWords(order), ...order.extra]
  const known = order.kind === "new" || order.kind === "fork" ? order.mintedId : id
  return {
    args: ["-p", "--output-format", "stream-json", "--verbose", ...session, ...options],
    ...(known === null ? {} : { sessionId: known })
  } satisfies Call
}

/** API failures end in a result with `is_error`, whose subtype is `success` all the same; retries are told before. */
const read = (event: Json, told: Told): void => {
  const { subtype, type } = event
  told.session(event["session_id"], type === "system" && subtype === "init")
  if (type === "system" && subtype === "api_retry") {
    const code = event["error_status"]
    told.suspect(`status ${String(code)}: ${asText(event["error"]) ?? "trying again"}`, { code })
  }
  if (type !== "result") return
  if (event["is_error"] !== true) return told.succeed()
  const errors = asArray(event["errors"]).flatMap((error) => asText(error) ?? [])
  told.fail(asText(event["result"]) ?? (errors.length > 0 ? errors.join("; ") : subtype), {
    code: event["api_error_status"]
  })
}

/** A command is not sent to the model even with `--disable-slash-commands`, nor as a JSON message. */
const garbles = (prompt: string): string | null => {
  const command = slashCommand(prompt)
  return command === null
    ? null
    : `Claude Code takes ${command} at the start of a prompt as one of its commands, and has no way to write it literally`
}

/** Claude Code without its screen: `claude -p`, run with 2.1.329. */
export const sender: Sender = senderOf({
  displayName: "Claude Code",
  binaries: ["claude"],
  evidence: { new: "run", resume: "run", continue: "run", fork: "run" },
  garbles,
  call,
  reader: () => eventReader(read),
  login: "claude auth login"
})
