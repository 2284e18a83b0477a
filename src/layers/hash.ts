import { randomBytes } from "node:crypto"
import * as fs from "node:fs"
import { sha256Hex } from "../domain/sha256.ts"

/** SHA-256 of texts in hex; a text cannot run into the next. */
export const hashTexts = (...texts: ReadonlyArray<string>): string =>
  sha256Hex(texts.map((text) => `${Buffer.byteLength(text)}:${text}`).join(""))

/** Bytes of the kernel's generator; null where there is no such device. */
const deviceBytes = (count: number): Buffer | null => {
  try {
    const fd = fs.openSync("/dev/urandom", "r")
    try {
      const bytes = Buffer.alloc(count)
      return fs.readSync(fd, bytes, 0, count, null) === count ? bytes : null
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return null
  }
}

/** Random letters and digits that nobody guesses. To load node:crypto for them would take every send 4 ms. */
export const randomText = (bytes: number): string => (deviceBytes(bytes) ?? randomBytes(bytes)).toString("hex")
