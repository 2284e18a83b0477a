import * as nodePath from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { adapters } from "../../src/layers/adapters.ts"
import { compose } from "../../src/layers/composition.ts"
import * as TextScanLive from "../../src/layers/TextScanLive.ts"
import { make } from "../../src/library/make.ts"
import { Sessions } from "../../src/library/Sessions.ts"
import { Confirmation } from "../../src/services/Confirmation.ts"
import { Host } from "../../src/services/Host.ts"
import { type FakeAgent, fakeProcesses, type Recorded } from "./fake-processes.ts"
import { anyDirectory, fakeInput, fakeOutput, fakePrograms, lockedTrash } from "./run-cli.ts"
import { storeLayer } from "./store.ts"

export interface LibraryOptions {
  readonly home: string
  /** Holds our own state and cache. */
  readonly state: string
  readonly cwd?: string
  readonly agent?: FakeAgent
  readonly recorded?: Recorded
  /** What goes to the terminal, were there one. */
  readonly written?: { stdout: string; stderr: string }
}

/** Every service of the program over a machine on which nothing is started and every directory exists. */
export const servicesLayer = ({
  agent = {},
  cwd = "/srv/acme/shop",
  home,
  recorded,
  state,
  written
}: LibraryOptions) => {
  const host = Layer.succeed(
    Host,
    Host.of({
      env: {
        SESSIONR_STATE_DIR: nodePath.join(state, "state"),
        SESSIONR_CACHE_DIR: nodePath.join(state, "cache")
      },
      home,
      cwd,
      platform: "linux",
      arch: "x64",
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      columns: 80,
      runtime: "node v26.0.0",
      nodeVersion: "v26.0.0"
    })
  )
  const machine = Layer.mergeAll(
    fakeOutput(written ?? { stdout: "", stderr: "" }),
    fakeInput({}),
    fakeProcesses(home, agent, () => Effect.die("nothing is started again"), recorded),
    fakePrograms({ claude: "/usr/bin/claude" }),
    anyDirectory,
    Layer.succeed(
      Confirmation,
      Confirmation.of({ available: Effect.succeed(false), ask: () => Effect.succeed(false) })
    ),
    lockedTrash,
    storeLayer,
    TextScanLive.layer
  )
  const invocation = { apiVersion: 1, color: false, output: "json", quiet: false, timing: false } as const
  const program = compose({ invocation, home: null, version: "0.0.0-test", formWords: [] }, machine, adapters)
  return Layer.provideMerge(program, Layer.merge(host, NodeServices.layer))
}

/** The library over those services. */
export const libraryLayer = (options: LibraryOptions): Layer.Layer<Sessions, unknown> =>
  Layer.fresh(Layer.provide(Layer.effect(Sessions, make), servicesLayer(options)))
