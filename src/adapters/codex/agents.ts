import type { SubagentLink } from "../../domain/session.ts"
import { cutText } from "../../domain/text.ts"
import { asArray, asObject, asText, type Json, parseJson } from "../support/json.ts"

const descriptionChars = 200

/** Agents that a session started, from whatever its versions recorded of it; each once, in order. */
export class AgentLinks {
  readonly #links = new Map<string, SubagentLink>()
  readonly #ownId: string

  constructor(ownId: string) {
    this.#ownId = ownId
  }

  get list(): ReadonlyArray<SubagentLink> {
    return Array.from(this.#links.values())
  }

  /** Later sayings only add what earlier ones left open. */
  add(id: string | null, toolUseId: string | null, description: string | null): void {
    const key = id?.toLowerCase()
    if (key === undefined || key === this.#ownId) return
    const known = this.#links.get(key)
    const text = description === null ? null : cutText(description.trim(), descriptionChars)
    this.#links.set(key, {
      id: key,
      kind: "file",
      description: known?.description ?? text,
      toolUseId: known?.toolUseId ?? toolUseId
    })
  }

  /** `CollabAgentToolCall` names the agents of every call to one; only `spawn_agent` starts them. */
  #collaboration(item: Json): void {
    const spawns = asText(item["tool"])?.startsWith("spawn") === true
    const callId = spawns ? asText(item["id"]) : null
    for (const id of asArray(item["receiver_thread_ids"])) {
      this.add(asText(id), callId, spawns ? asText(item["prompt"]) : null)
    }
  }

  event(payload: Json): void {
    const item = payload["type"] === "item_completed" ? asObject(payload["item"]) : payload
    switch (item?.["type"]) {
      case "CollabAgentToolCall":
        return this.#collaboration(item)
      case "SubAgentActivity":
      case "sub_agent_activity":
        return this.add(asText(item["agent_thread_id"]), null, asText(item["agent_path"]))
      case "collab_agent_spawn_end":
        return this.add(asText(item["new_thread_id"]), asText(item["call_id"]), asText(item["prompt"]))
    }
  }

  /** The result of `spawn_agent` (v1): `{"agent_id":"…","nickname":"…"}`. */
  result(payload: Json): void {
    const output = payload["output"]
    if (typeof output !== "string" || !output.startsWith('{"agent_id":') || output.length > 10_000) return
    const agent = asObject(parseJson(output))
    this.add(asText(agent?.["agent_id"]), asText(payload["call_id"]), asText(agent?.["nickname"]))
  }
}
