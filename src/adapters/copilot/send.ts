import type { SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { asCount, asObject, asText, type Json } from "../support/json.ts"
import { eventReader, type Told } from "../support/output.ts"
import { type Call, modelWords, permissionWords, senderOf } from "../support/plans.ts"

const elsewhere =
  "Copilot continues the newest session of this repository or directory, but one of another where this has none"

// `=`, because the value is optional.
const sessionWord = (order: SendOrder, id: string | null): string => {
  if (order.kind === "new") return `--session-id=${order.mintedId}`
  return id === null ? "--continue" : `--resume=${id}`
}

/**
 * Standard input is only read where there is no `-p`, and white space around it is cut off. Without a permission the tool
 * denies whatever it would ask for.
 */
const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, {
    plan: ["--mode=plan"],
    edit: ["--allow-tool=write"],
    full: ["--allow-all"]
  })
  if ("refused" in permission) return permission
  const known = order.kind === "new" ? order.mintedId : id
  const options = [...permission, ...modelWords(order), ...order.extra]
  return {
    args: ["--output-format", "json", "--no-color", sessionWord(order, id), ...options],
    notices: order.kind === "continue" ? [elsewhere] : [],
    ...(known === null ? {} : { sessionId: known })
  } satisfies Call
}

/** Of all that the tool has in its own screen, 1.0.102 obeys these two without it; other commands go to the model. */
const garbles = (prompt: string): string | null => {
  const command = /^\s*(\/(?:compact|autopilot))(?=\s|$)/.exec(prompt)?.[1]
  return command === undefined
    ? null
    : `Copilot takes ${command} at the start of a prompt as a command, and has no way to write it literally`
}

/** Only the last line names the session. */
const read = (event: Json, told: Told): void => {
  const data = asObject(event["data"])
  switch (event["type"]) {
    case "model.call_failure": {
      const code = data?.["statusCode"]
      return told.suspect(asText(data?.["errorType"]) ?? "a call of the model failed", { code })
    }
    case "session.error":
      return told.fail(data?.["message"], {
        code: data?.["statusCode"],
        kind: data?.["errorType"] === "authentication" ? "auth" : null
      })
    case "result": {
      told.session(event["sessionId"], true)
      const code = asCount(event["exitCode"])
      return code === 0 ? told.succeed() : told.confirm(`Copilot ended with exit code ${code ?? "unknown"}`)
    }
  }
}

/** `copilot` with standard input that is no terminal, run with 1.0.102. */
export const sender: Sender = senderOf({
  displayName: "Copilot",
  binaries: ["copilot"],
  evidence: { new: "run", resume: "run", continue: "run" },
  garbles,
  call,
  reader: () => eventReader(read),
  login: "copilot login"
})
