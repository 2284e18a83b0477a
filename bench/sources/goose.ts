import * as path from "node:path"
import { newDatabase, schemaOf } from "../files.ts"
import { inputOf, iso, type OpenStore } from "../talk.ts"

const columnTime = (time: number): string => iso(time).slice(0, 19).replace("T", " ")

/** goose: one database of schema 17 for all. */
export const openGoose: OpenStore = (home) => {
  const file = path.join(home, ".local/share/goose/sessions/sessions.db")
  const schema = schemaOf("goose/schema-1.sql", "goose/schema-10.sql", "goose/schema-17.sql")
  const { close, insert } = newDatabase(file, schema)
  let number = 0
  return {
    add: ({ cwd, dice, end, start, title, turns }) => {
      const id = `20261001_${++number}`
      let bytes = insert("sessions", {
        id,
        name: title,
        user_set_name: 0,
        session_type: "user",
        working_dir: cwd,
        created_at: columnTime(start),
        updated_at: columnTime(end),
        accumulated_total_tokens: 10_000,
        accumulated_input_tokens: 9000,
        accumulated_output_tokens: 1000,
        model_config_json: '{"model_name":"m-1"}'
      })
      const put = (role: string, time: number, content: ReadonlyArray<object>): void => {
        bytes += insert("messages", {
          message_id: `msg_${dice.uuid()}`,
          session_id: id,
          role,
          content_json: JSON.stringify(content),
          created_timestamp: Math.floor(time / 1000),
          metadata_json: '{"userVisible":true,"agentVisible":true}'
        })
      }
      for (const { answer, answeredAt, prompt, steps, time } of turns) {
        put("user", time, [{ type: "text", text: prompt }])
        for (const { call, doneAt, said, thought, time: at } of steps) {
          const { input, name } = inputOf(call)
          const toolCall = { status: "success", value: { name: `developer__${name}`, arguments: input } }
          put("assistant", at, [
            ...(thought === null ? [] : [{ type: "thinking", thinking: thought, signature: "s" }]),
            ...(said === null ? [] : [{ type: "text", text: said }]),
            { type: "toolRequest", id: call.id, toolCall }
          ])
          const value = { content: [{ type: "text", text: call.output }], isError: false }
          put("user", doneAt, [{ type: "toolResponse", id: call.id, toolResult: { status: "success", value } }])
        }
        put("assistant", answeredAt, [{ type: "text", text: answer }])
      }
      return bytes
    },
    close
  }
}
