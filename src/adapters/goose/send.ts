import type { SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { asText, type Json } from "../support/json.ts"
import { eventReader, type Told } from "../support/output.ts"
import { type Call, modelWords, permissionWords, refuse, senderOf, slashCommand } from "../support/plans.ts"

const modes = "goose is only told by its mode what it may do: chat, which takes all tools away, or auto (full)"

/**
 * By `--session-id`, which takes an id as it is: `-n` takes whatever session has that name or that id, and names need not
 * be unique. The output names no session: a new one gets a name that no other has. A run without a terminal stays in the
 * directory where it was started. Without a permission the mode of the user's settings applies, `auto` by default.
 */
const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, { plan: modes, edit: modes, full: [] })
  if ("refused" in permission) return permission
  if (id !== null && order.sessionFile?.endsWith(".jsonl") === true) {
    return refuse("the session is only in a file of before goose 1.10, which goose itself no longer opens")
  }
  const name = `sessionr-${order.mintedId}`
  const session = id === null ? ["-n", name] : ["--resume", `--session-id=${id}`]
  const options = [...modelWords(order), ...order.extra]
  return {
    args: ["run", ...session, "--output-format", "stream-json", "-q", ...options, "-i", "-"],
    ...(order.permission === "full" ? { env: { GOOSE_MODE: "auto" } } : {}),
    ...(id === null ? { sessionName: name } : { sessionId: id })
  } satisfies Call
}

/** Commands, recipes and skills; and a sentence that stands for `/compact`, from its source. */
const garbles = (prompt: string): string | null => {
  const text = prompt.trim()
  const command = text === "Please compact this conversation" ? text : slashCommand(text)
  return command === null
    ? null
    : `goose takes "${command}" at the start of a prompt as a command, and has no sure way to write it literally`
}

const read = (event: Json, told: Told): void => {
  if (event["type"] === "error") return told.fail(asText(event["error"]) ?? event["message"])
  if (event["type"] === "complete") told.succeed()
}

/** `goose run`, from its source, not run. */
export const sender: Sender = senderOf({
  displayName: "goose",
  binaries: ["goose"],
  evidence: { new: "documentation", resume: "documentation" },
  lacks: {
    continue: "goose continues the newest session of any directory, not that of this one: send to the session by its id"
  },
  garbles,
  call,
  reader: () => eventReader(read),
  namesSession: false,
  login: "goose configure"
})
