import type { DocumentResult } from "../../domain/results.ts"
import type { Encoder } from "./common.ts"

/** Help, schemas, completions, the version: text that is printed as it is. */
export const document: Encoder<DocumentResult> = {
  wire: (result) => ({ api_version: 1, ...result.json, actions: result.actions }),
  text: (result) => result.text
}
