/** MD5 of short texts: the tool names a workspace's folder of chats after the hash of its path. */

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/** 32 lower-case hex digits of the MD5 of a text in UTF-8. */
export const md5Hex = (text: string): string => {
  const message = new TextEncoder().encode(text)
  const padded = new Uint8Array((((message.length + 8) >> 6) << 6) + 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, (message.length << 3) >>> 0, true)
  view.setUint32(padded.length - 4, Math.floor(message.length / 0x2000_0000), true)
  const hash = new Int32Array([0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476])
  for (let block = 0; block < padded.length; block += 64) {
    let [a, b, c, d] = hash as unknown as [number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const round = i >> 4
      let mixed: number
      let word: number
      if (round === 0) {
        mixed = (b & c) | (~b & d)
        word = i
      } else if (round === 1) {
        mixed = (d & b) | (~d & c)
        word = (5 * i + 1) % 16
      } else if (round === 2) {
        mixed = b ^ c ^ d
        word = (3 * i + 5) % 16
      } else {
        mixed = c ^ (b | ~d)
        word = (7 * i) % 16
      }
      const constant = Math.floor(Math.abs(Math.sin(i + 1)) * 0x1_0000_0000) | 0
      const sum = (a + mixed + constant + view.getInt32(block + word * 4, true)) | 0
      a = d
      d = c
      c = b
      b = (b + rotate(sum, shifts[round * 4 + (i % 4)]!)) | 0
    }
    hash[0] = hash[0]! + a
    hash[1] = hash[1]! + b
    hash[2] = hash[2]! + c
    hash[3] = hash[3]! + d
  }
  return Array.from(new Uint8Array(hash.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("")
}
