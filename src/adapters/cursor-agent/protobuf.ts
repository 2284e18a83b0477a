import * as Hex from "effect/encoding/Hex"

/** Just enough of the protobuf wire format to walk messages whose definitions are not at hand. */

/** A field: its number, and its payload where it is length-delimited or its value where it is a varint. */
export interface Field {
  readonly number: number
  readonly bytes: Uint8Array | null
  readonly value: number | null
}

/** The fields of a message in their order. What is torn or of an unknown wire type ends the list. */
export const fieldsOf = (message: Uint8Array): ReadonlyArray<Field> => {
  const fields: Array<Field> = []
  let at = 0
  const varint = (): number => {
    let value = 0
    let scale = 1
    for (let count = 0; count < 10 && at < message.length; count++) {
      const byte = message[at++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
    return Number.NaN
  }
  while (at < message.length) {
    const key = varint()
    const number = Math.floor(key / 8)
    if (!(number > 0)) break
    const wire = key % 8
    if (wire === 0) {
      const value = varint()
      if (Number.isNaN(value)) break
      fields.push({ number, bytes: null, value })
    } else if (wire === 2) {
      const length = varint()
      if (!(at + length <= message.length)) break
      fields.push({ number, bytes: message.subarray(at, at + length), value: null })
      at += length
    } else if (wire === 1 || wire === 5) {
      at += wire === 1 ? 8 : 4
    } else break
  }
  return fields
}

/** The payloads of a repeated field. */
export const payloads = (fields: ReadonlyArray<Field>, number: number): ReadonlyArray<Uint8Array> =>
  fields.flatMap((field) => (field.number === number && field.bytes !== null ? [field.bytes] : []))

let decoder: TextDecoder | undefined

export const utf8 = (bytes: Uint8Array): string => (decoder ??= new TextDecoder()).decode(bytes)

/** The first payload of a field as text. */
export const textField = (fields: ReadonlyArray<Field>, number: number): string | null => {
  const [bytes] = payloads(fields, number)
  return bytes === undefined ? null : utf8(bytes)
}

/** The first varint of a field. */
export const numberField = (fields: ReadonlyArray<Field>, number: number): number | null =>
  fields.find((field) => field.number === number && field.value !== null)?.value ?? null

/** The payloads of a repeated field that can be names of blobs, as hex: SHA-256 has exactly 32 bytes. */
export const blobIds = (fields: ReadonlyArray<Field>, number: number): ReadonlyArray<string> =>
  payloads(fields, number)
    .filter(({ length }) => length === 32)
    .map(Hex.encode)
