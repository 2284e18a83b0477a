import { type RawPattern, rarity } from "../domain/raw-pattern.ts"
import type { Kernel, Probe } from "./scan-kernel.ts"

const caseBit = 0x20

const isLetter = (byte: number): boolean => (byte | caseBit) >= 0x61 && (byte | caseBit) <= 0x7a

type Four = readonly [number, number, number, number]

const four = (at: (i: number) => number): Four => [at(0), at(1), at(2), at(3)]

/** The four rarest bytes of a core; a shorter core has some of them twice. */
const probeFor = (core: string, ignoreCase: boolean): Probe => {
  const rarest = Array.from(core, (char, at) => ({ at, score: rarity(char) })).sort((a, b) => b.score - a.score)
  const distances = four((i) => rarest[i % rarest.length]!.at)
  const bytes = four((i) => core.charCodeAt(distances[i]!))
  return { distances, bytes, masks: four((i) => (ignoreCase && isLetter(bytes[i]!) ? caseBit : 0)) }
}

/** The bytes of a window as a string with one unit per byte, made when the first pattern needs it. */
export interface WindowText {
  readonly length: number
  readonly text: () => string
}

/** Says whether a pattern has a hit in a window. */
export type Matcher = (window: WindowText) => boolean

/** Hits of the core are found by the kernel, the rest of the pattern is then tried at that place only. */
const coreMatcher = (pattern: RawPattern, kernel: Kernel): Matcher => {
  const probe = probeFor(pattern.core, pattern.ignoreCase)
  const atCore = new RegExp(pattern.source, "y")
  const core = Array.from(pattern.core, (char) => char.charCodeAt(0))
  const masks = core.map((byte) => (pattern.ignoreCase && isLetter(byte) ? caseBit : 0))
  const { find, window } = kernel
  const hasCore = (at: number): boolean => {
    for (let i = 0; i < core.length; i++) if ((window[at + i]! | masks[i]!) !== core[i]) return false
    return true
  }
  return ({ length, text }) => {
    const last = length - core.length
    for (let at = find(0, length, probe); at >= 0 && at <= last; at = find(at + 1, length, probe)) {
      if (!hasCore(at)) continue
      if (pattern.exact) return true
      atCore.lastIndex = at
      if (atCore.test(text())) return true
    }
    return false
  }
}

/** Without a core or a kernel a regular expression looks for the whole. */
export const makeMatcher = (pattern: RawPattern, kernel: Kernel | null): Matcher => {
  if (kernel !== null && pattern.core !== "") return coreMatcher(pattern, kernel)
  const anywhere = new RegExp(pattern.source)
  return ({ text }) => anywhere.test(text())
}
