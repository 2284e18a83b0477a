import type { Dice } from "./random.ts"

/** Takes the lines of a session, each without its line end; false once there are enough. */
export type Take = (record: unknown) => boolean

/** What a session is about. */
export interface Plot {
  readonly dice: Dice
  readonly id: string
  readonly cwd: string
  /** Milliseconds since the epoch. */
  readonly start: number
  /** Characters of the next tool's output. */
  readonly outputChars: () => number
  /** How much of what is no conversation there is, as a share of the usual: short sessions are little else. */
  readonly overhead?: number
}

/** Outputs as they come: one in ten is long. */
export const usualOutput = (dice: Dice): number =>
  dice.chance(0.1) ? dice.between(8000, 30_000) : dice.between(100, 3000)

/** Records of a conversation as Claude Code writes them today, turn after turn, until `take` has enough. */
export const claudeLike = ({ cwd, dice, id, outputChars, overhead = 1, start }: Plot, take: Take): void => {
  let parent: string | null = null
  let now = start
  const session = { done: false }
  const put = (record: unknown): void => {
    session.done = !take(record) || session.done
  }
  const chained = (type: string, rest: object): void => {
    const uuid = dice.uuid()
    now += dice.between(200, 20_000)
    put({
      parentUuid: parent,
      isSidechain: false,
      ...rest,
      type,
      uuid,
      timestamp: new Date(now).toISOString(),
      userType: "external",
      entrypoint: "cli",
      cwd,
      sessionId: id,
      version: "2.1.329",
      gitBranch: "main"
    })
    parent = uuid
  }
  const answer = (message: string, block: object): void =>
    chained("assistant", {
      requestId: `req_${message}`,
      message: {
        id: `msg_${message}`,
        type: "message",
        role: "assistant",
        model: "claude-opus-5-5",
        content: [block],
        stop_reason: "tool_use",
        usage: {
          input_tokens: dice.between(1, 40),
          cache_creation_input_tokens: dice.between(0, 4000),
          cache_read_input_tokens: dice.between(10_000, 90_000),
          output_tokens: dice.between(20, 900)
        }
      }
    })
  const toolCall = (): void => {
    const call = `toolu_${dice.uuid()}`
    const output = dice.output(outputChars())
    const path = `${cwd}/src/part-${dice.between(1, 60)}.ts`
    const edit = dice.chance(0.3)
    const input = edit
      ? { file_path: path, old_string: dice.output(400), new_string: dice.output(500) }
      : { command: `rg -n ${dice.pick(["session", "cursor", "budget"])} ${path}`, description: dice.prose(40) }
    answer(dice.uuid(), { type: "tool_use", id: call, name: edit ? "Edit" : "Bash", input })
    chained("user", {
      message: {
        role: "user",
        content: [{ tool_use_id: call, type: "tool_result", content: output, is_error: false }]
      },
      toolUseResult: edit ? { filePath: path, ...input } : { stdout: output, stderr: "", interrupted: false }
    })
  }
  const metadata = (): void => {
    put({ type: "last-prompt", lastPrompt: dice.prose(80), sessionId: id })
    put({ type: "mode", mode: "normal", sessionId: id })
    put({ type: "permission-mode", permissionMode: "acceptEdits", sessionId: id })
    // The wire requests that newer versions log: the system prompt and every tool's schema.
    put({
      type: "api-request-shape",
      sessionId: id,
      shape: { system: dice.output(Math.ceil(overhead * dice.between(25_000, 100_000))) }
    })
  }

  put({ type: "mode", mode: "normal", sessionId: id })
  for (let turn = 0; !session.done; turn++) {
    const prompt = dice.prose(dice.between(20, 600))
    put({ type: "queue-operation", operation: "enqueue", content: prompt, sessionId: id })
    chained("user", { promptId: dice.uuid(), message: { role: "user", content: prompt }, origin: { kind: "human" } })
    if (turn % 3 === 0) metadata()
    if (turn === 0) put({ type: "ai-title", aiTitle: dice.prose(40), sessionId: id })
    for (let step = dice.between(1, 8); step > 0 && !session.done; step--) {
      const message = dice.uuid()
      if (dice.chance(0.4))
        answer(message, { type: "thinking", thinking: dice.prose(600), signature: dice.output(800) })
      if (dice.chance(0.4)) answer(message, { type: "text", text: dice.prose(dice.between(60, 800)) })
      toolCall()
    }
    answer(dice.uuid(), { type: "text", text: dice.prose(dice.between(200, 2500)) })
  }
}
