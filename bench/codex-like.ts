import type { Plot, Take } from "./claude-like.ts"

/** Records of a thread as Codex writes them today (paginated history), turn after turn, until `take` has enough. */
export const codexLike = ({ cwd, dice, id, outputChars, overhead = 1, start }: Plot, take: Take): void => {
  let now = start
  let ordinal = 0
  const session = { done: false }
  const put = (type: string, payload: object): void => {
    now += dice.between(50, 9000)
    session.done = !take({ timestamp: new Date(now).toISOString(), ordinal: ordinal++, type, payload }) || session.done
  }
  const said = (role: string, kind: string, text: string): void =>
    put("response_item", {
      type: "message",
      role,
      content: [{ type: kind === "output" ? "output_text" : "input_text", text }],
      internal_chat_message_metadata_passthrough: { content_item_kinds: [kind === "output" ? "unknown" : kind] }
    })
  const completed = (item: object): void => put("event_msg", { type: "item_completed", thread_id: id, item })

  put("session_meta", {
    id,
    session_id: id,
    timestamp: new Date(start).toISOString(),
    cwd,
    originator: "codex-tui",
    cli_version: "0.169.0",
    source: "cli",
    model_provider: "openai",
    base_instructions: { text: dice.output(Math.ceil(overhead * 20_000)) },
    history_mode: "paginated",
    git: { commit_hash: "0".repeat(40), branch: "main", repository_url: "https://git.example.invalid/bench.git" }
  })
  said("developer", "permissions.instructions", dice.output(Math.ceil(overhead * 4000)))
  for (let turn = 0; !session.done; turn++) {
    const turnId = dice.uuid()
    const prompt = dice.prose(dice.between(20, 600))
    put("event_msg", { type: "task_started", turn_id: turnId, started_at: Math.floor(now / 1000) })
    put("turn_context", { turn_id: turnId, cwd, model: "gpt-6-codex", effort: "high", approval_policy: "on-request" })
    if (turn % 3 === 0) {
      const skills = dice.output(Math.ceil(overhead * dice.between(10_000, 40_000)))
      put("world_state", { full: true, state: { skills } })
    }
    said("user", "user.text", prompt)
    completed({ type: "UserMessage", id: dice.uuid(), content: [{ type: "text", text: prompt }] })
    for (let step = dice.between(1, 8); step > 0 && !session.done; step--) {
      const call = `call_${dice.uuid()}`
      const command = `rg -n ${dice.pick(["session", "cursor", "budget"])} src/part-${dice.between(1, 60)}.ts`
      const output = dice.output(outputChars())
      put("response_item", { type: "reasoning", summary: [], content: null, encrypted_content: dice.output(1200) })
      const callArguments = JSON.stringify({ command: ["bash", "-lc", command], workdir: cwd })
      put("response_item", { type: "function_call", name: "shell", arguments: callArguments, call_id: call })
      put("response_item", { type: "function_call_output", call_id: call, output })
      completed({ type: "CommandExecution", id: call, command: ["bash", "-lc", command], aggregated_output: output })
      put("event_msg", {
        type: "token_count",
        info: {
          total_token_usage: {
            input_tokens: 1000 * ordinal,
            cached_input_tokens: 900 * ordinal,
            output_tokens: ordinal
          },
          last_token_usage: { input_tokens: 1000, cached_input_tokens: 900, output_tokens: dice.between(20, 900) }
        }
      })
    }
    const answer = dice.prose(dice.between(200, 2500))
    said("assistant", "output", answer)
    completed({ type: "AgentMessage", id: dice.uuid(), content: [{ type: "Text", text: answer }] })
    put("event_msg", { type: "task_complete", turn_id: turnId, last_agent_message: answer })
  }
}
