import * as fs from "node:fs"
import { StringDecoder } from "node:string_decoder"

/** A line longer than this is handed on in pieces: nothing that we look for is in one. */
const longestLine = 4 * 1024 * 1024

/** How often a file that a child writes to is looked at, in milliseconds. */
const followMs = 50

const chunkBytes = 64 * 1024

/** Cuts what comes into lines; what stands behind the last line feed is a line at the end. */
export const lineSplitter = (
  line: (text: string) => void,
  mirror: (text: string) => void = () => {}
): { readonly push: (chunk: Uint8Array) => void; readonly end: () => void } => {
  const decoder = new StringDecoder("utf8")
  let rest: Array<string> = []
  let restLength = 0
  const hand = (text: string): void => line(text.endsWith("\r") ? text.slice(0, -1) : text)
  const take = (text: string): void => {
    if (text === "") return
    mirror(text)
    const parts = text.split("\n")
    const last = parts.pop()!
    for (const [at, part] of parts.entries()) {
      hand(at === 0 ? rest.join("") + part : part)
      rest = []
      restLength = 0
    }
    // Pieces of a long line are joined once, at its end.
    rest.push(last)
    restLength += last.length
    if (restLength <= longestLine) return
    line(rest.join(""))
    rest = []
    restLength = 0
  }
  return {
    push: (chunk) => take(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))),
    end: () => {
      take(decoder.end())
      if (restLength > 0) hand(rest.join(""))
      rest = []
      restLength = 0
    }
  }
}

/** Hands on the lines of a file while it grows, until `end`, which reads what is left of it. */
export const followFile = (path: string, line: (text: string) => void): { readonly end: () => void } => {
  const split = lineSplitter(line)
  const buffer = Buffer.allocUnsafe(chunkBytes)
  const fd = fs.openSync(path, "r")
  const read = (): void => {
    for (;;) {
      const n = fs.readSync(fd, buffer, 0, chunkBytes, null)
      if (n === 0) return
      split.push(buffer.subarray(0, n))
    }
  }
  const timer = setInterval(read, followMs)
  timer.unref()
  return {
    end: () => {
      clearInterval(timer)
      read()
      split.end()
      fs.closeSync(fd)
    }
  }
}
