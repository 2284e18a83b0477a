import { isoTimeOrNull } from "../domain/time.ts"
import type { BlockView, MessageView } from "../domain/view.ts"
import { makePaint, type Paint, sanitize } from "./terminal.ts"

const blockLine = (block: BlockView): string | null => {
  switch (block.type) {
    case "thinking":
      return `(thinking) ${block.text}${block.textChars === null ? "" : ` … of ${block.textChars} characters`}`
    case "tool_use": {
      if (block.input === null) return null
      if ("preview" in block.input) {
        return block.input.preview === ""
          ? `… input of ${block.input.chars} characters`
          : `${block.input.preview} … of ${block.input.chars} characters`
      }
      const { whole } = block.input
      return whole === undefined || whole === null ? null : typeof whole === "string" ? whole : JSON.stringify(whole)
    }
    case "tool_result":
      return block.isError ? "(failed)" : null
    case "attachment":
      return `[${block.kind}${block.mediaType === null ? "" : ` ${block.mediaType}`}]`
  }
}

const cutNote = ({ contentChars, nextChar }: MessageView): string => {
  const whole = contentChars === null ? "" : ` of ${contentChars}`
  if (nextChar !== null) return ` … goes on at character ${nextChar}${whole}`
  return contentChars === null ? "" : ` …${whole} characters`
}

/** A message as people read it. Nothing in it can steer a terminal. */
export const textMessage = (message: MessageView, paint: Paint = makePaint(false)): string => {
  const time = isoTimeOrNull(message.time)
  const head = `[${message.index}] ${message.role}${message.tool === null ? "" : ` ${message.tool}`}`
  const stamp = time === null ? "" : ` ${time.slice(0, 19).replace("T", " ")}`
  const lines = [
    ...message.blocks.filter(({ type }) => type === "thinking").map(blockLine),
    message.content === null || message.content === "" ? null : `${message.content}${cutNote(message)}`,
    ...message.blocks.filter(({ type }) => type !== "thinking").map(blockLine)
  ].filter((line) => line !== null)
  const body = lines.map((line) => `${sanitize(line)}\n`).join("")
  return `${paint.role(message.role, sanitize(head))}${paint.dim(stamp)}\n${body}\n`
}
