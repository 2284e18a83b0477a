import { Writable } from "node:stream"
import { startupSnapshot } from "node:v8"
import { main } from "../src/main.ts"

/**
 * What the snapshot builder runs before it stores the heap, so that the functions of a start are stored compiled: 8 ms
 * of 42 less for `--version`. Nothing may run here that looks at the machine, for what it found would be frozen, and
 * nothing that loads more of node: after a warm-up by `list` (crypto) node 26.10 dies of the snapshot that it wrote.
 */
const warmUps: ReadonlyArray<ReadonlyArray<string>> = [["--version"]]

/** Runs `use` with a standard output that swallows everything: a real one is a handle that no snapshot can hold. */
const muted = (use: (restore: () => void) => void): void => {
  const names = ["stdout", "stderr", "argv"] as const
  const own = names.map((name) => [name, Object.getOwnPropertyDescriptor(process, name)!] as const)
  const log = console.log
  const error = console.error
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() })
  for (const name of ["stdout", "stderr"]) Object.defineProperty(process, name, { configurable: true, value: sink })
  console.log = console.error = () => {}
  use(() => {
    for (const [name, descriptor] of own) Object.defineProperty(process, name, descriptor)
    console.log = log
    console.error = error
  })
}

const warmUp = (): void =>
  muted((restore) => {
    const [node, file] = [process.argv[0]!, process.argv[1]!]
    const left = warmUps.slice()
    const next = (): void => {
      const args = left.shift()
      if (args !== undefined) {
        Object.defineProperty(process, "argv", { configurable: true, writable: true, value: [node, file, ...args] })
        return main()
      }
      process.off("beforeExit", next)
      restore()
      if (process.exitCode !== undefined && process.exitCode !== 0) {
        throw new Error(`the warm-up of the snapshot ended with exit code ${process.exitCode}`)
      }
    }
    // Emitted each time that a run has nothing left to do.
    process.on("beforeExit", next)
  })

if (startupSnapshot.isBuildingSnapshot()) {
  startupSnapshot.setDeserializeMainFunction(main)
  warmUp()
} else main()
