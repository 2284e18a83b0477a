import { createHash, randomBytes } from "node:crypto"

/** SHA-256 of texts in hex; a text cannot run into the next. */
export const hashTexts = (...texts: ReadonlyArray<string>): string => {
  const hash = createHash("sha256")
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:`).update(text)
  return hash.digest("hex")
}

/** Random letters and digits that nobody guesses. */
export const randomText = (bytes: number): string => randomBytes(bytes).toString("hex")
