import type * as Schema from "effect/Schema"
import { isoTimeOrNull } from "../domain/time.ts"
import type { BlockView, MessageView } from "../domain/view.ts"
import type { Block, Message } from "../schemas/read.ts"

type WireBlock = Schema.Codec.Encoded<typeof Block>
type WireMessage = Schema.Codec.Encoded<typeof Message>

const wireBlock = (block: BlockView): WireBlock => {
  switch (block.type) {
    case "thinking":
      return block.textChars === null
        ? { type: "thinking", text: block.text }
        : { type: "thinking", text: block.text, truncated: true, text_chars: block.textChars }
    case "tool_use": {
      const { id, input, name, type } = block
      if (input === null) return { type, id, name }
      if ("whole" in input) return { type, id, name, input: (input.whole ?? null) as Schema.Json }
      return { type, id, name, input_preview: input.preview, truncated: true, input_chars: input.chars }
    }
    case "tool_result":
      return { type: "tool_result", toolUseId: block.toolUseId, isError: block.isError }
    case "attachment":
      return { type: "attachment", kind: block.kind, media_type: block.mediaType, bytes: block.bytes }
  }
}

/** A message as it is printed in version 1. */
export const wireMessage = (message: MessageView): WireMessage => {
  const timestamp = isoTimeOrNull(message.time)
  return {
    index: message.index,
    role: message.role,
    ...(timestamp === null ? {} : { timestamp }),
    ...(message.tokens === null ? {} : { tokens_estimate: message.tokens }),
    ...(message.tool === null ? {} : { tool: message.tool }),
    ...(message.isCut ? { truncated: true as const } : {}),
    ...(message.contentChars === null ? {} : { content_chars: message.contentChars }),
    ...(message.nextChar === null ? {} : { next_char: message.nextChar }),
    ...(message.content === null ? {} : { content: message.content }),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks.map(wireBlock) })
  }
}
