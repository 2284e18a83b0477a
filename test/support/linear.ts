import { assert } from "@effect/vitest"

const time = (work: () => unknown): number => {
  let best = Infinity
  for (let round = 0; round < 3; round++) {
    const started = performance.now()
    work()
    best = Math.min(best, performance.now() - started)
  }
  return best
}

/**
 * Whether work on a text takes time linear in it: for each seed, repeated, four times the text may take at most ten
 * times as long, where quadratic work takes sixteen. Best of three, against whatever else the machine does.
 */
export const assertLinear = (work: (text: string) => unknown, seeds: ReadonlyArray<string>, chars = 25_000): void => {
  for (const seed of seeds) {
    const text = (length: number) => seed.repeat(Math.ceil(length / seed.length)).slice(0, length)
    const [small, large] = [text(chars), text(chars * 4)]
    work(small)
    work(large)
    const [quick, slow] = [time(() => work(small)), time(() => work(large))]
    // Below that it is the machine that is measured, and quadratic work on so long a text is far above it.
    assert.isTrue(slow < 150 || slow / quick < 10, `${JSON.stringify(seed.slice(0, 40))}: ${quick} ms, then ${slow} ms`)
  }
}
