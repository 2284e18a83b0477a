import type { SubagentLink } from "../../domain/session.ts"
import { cutText } from "../../domain/text.ts"
import { asText } from "../support/json.ts"
import type { CopilotEvent } from "./format.ts"

const descriptionChars = 200

/**
 * Subagents: all of their events are in the file of the session. `agentId` says whose an event is; older versions only
 * named the call that had started the agent, in `data.parentToolCallId`.
 */
export class Agents {
  readonly #links = new Map<string, SubagentLink>()
  readonly #byCall = new Map<string, string>()

  /** The agent that an event belongs to; null for the session itself. */
  agentOf(event: CopilotEvent): string | null {
    if (event.type === "subagent.started") return event.agentId ?? asText(event.data["toolCallId"])
    if (event.agentId !== null) return event.agentId
    const call = event.type === "session.usage_record" ? null : asText(event.data["parentToolCallId"])
    return call === null ? null : (this.#byCall.get(call) ?? call)
  }

  /** Takes an event of the agent `id`. */
  seen(id: string, { data, type }: CopilotEvent): void {
    if (type !== "subagent.started") {
      if (!this.#links.has(id)) {
        this.#links.set(id, { id, kind: "inline", description: null, toolUseId: asText(data["parentToolCallId"]) })
      }
      return
    }
    const toolUseId = asText(data["toolCallId"])
    const description =
      asText(data["agentDescription"]) ?? asText(data["agentDisplayName"]) ?? asText(data["agentName"])
    if (toolUseId !== null) this.#byCall.set(toolUseId, id)
    this.#links.set(id, {
      id,
      kind: "inline",
      description: description === null ? null : cutText(description.trim(), descriptionChars),
      toolUseId
    })
  }

  get list(): ReadonlyArray<SubagentLink> {
    return Array.from(this.#links.values())
  }
}
