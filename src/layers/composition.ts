import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Adapter } from "../services/Adapter.ts"
import { AdapterRegistry } from "../services/AdapterRegistry.ts"
import { Host } from "../services/Host.ts"
import { Invocation, type InvocationInfo } from "../services/Invocation.ts"
import { Settings } from "../services/Settings.ts"
import * as ConfirmationLive from "./ConfirmationLive.ts"
import * as ContractLive from "./ContractLive.ts"
import * as DigestCacheLive from "./DigestCacheLive.ts"
import * as DirectoriesLive from "./DirectoriesLive.ts"
import * as DoctorLive from "./DoctorLive.ts"
import * as FileOutputLive from "./FileOutputLive.ts"
import * as MarkdownLive from "./MarkdownLive.ts"
import * as LabelsLive from "./LabelsLive.ts"
import * as JobStoreLive from "./JobStoreLive.ts"
import * as JournalLive from "./JournalLive.ts"
import * as LeasesLive from "./LeasesLive.ts"
import * as NamesLive from "./NamesLive.ts"
import * as ManualLive from "./ManualLive.ts"
import * as OutputLive from "./OutputLive.ts"
import * as ProcessesLive from "./ProcessesLive.ts"
import * as ProgramsLive from "./ProgramsLive.ts"
import * as ProgressLive from "./ProgressLive.ts"
import * as RedactorLive from "./RedactorLive.ts"
import * as PruneLive from "./PruneLive.ts"
import { adapters } from "./adapters.ts"
import * as SendsLive from "./SendsLive.ts"
import * as SessionsLive from "./SessionsLive.ts"
import { settingsFrom } from "./settings.ts"
import * as SqliteLive from "./SqliteLive.ts"
import * as StateFilesLive from "./StateFilesLive.ts"
import * as StoreFilesLive from "./StoreFilesLive.ts"
import * as StoreTrashLive from "./StoreTrashLive.ts"
import * as TextInputLive from "./TextInputLive.ts"
import * as TextScanLive from "./TextScanLive.ts"

/** What an invocation says of the layers: how to print, and where to look. */
export interface Options {
  readonly invocation: Omit<InvocationInfo, "stdoutIsTerminal">
  readonly home: string | null
  readonly version: string
  /** Flags that a next command repeats in order to be answered in the same form. */
  readonly formWords: ReadonlyArray<string>
}

/** The registry of sources over the host, or over the home that was asked for instead. */
export const registryLayer = (sources: ReadonlyArray<Adapter>) =>
  Layer.effect(
    AdapterRegistry,
    Effect.gen(function* () {
      const host = yield* Host
      const { home } = yield* Settings
      return AdapterRegistry.of({
        adapters: sources,
        dataHost: { env: host.env, home: home ?? host.home, platform: host.platform, ignoreEnv: home !== null }
      })
    })
  )

/** The services that touch the machine, over an output and processes: what a test swaps. */
export const machineWith = (output: typeof OutputLive.layer, processes: typeof ProcessesLive.layer) =>
  Layer.mergeAll(
    output,
    TextInputLive.layer,
    ConfirmationLive.layer,
    DirectoriesLive.layer,
    processes,
    ProgramsLive.layer,
    StoreFilesLive.layer,
    StoreTrashLive.layer,
    SqliteLive.layer,
    TextScanLive.layer
  )

/** The machine of a program that is its own executable. */
const machine = machineWith(OutputLive.layer, ProcessesLive.layer)

/** What a machine is made of. */
export type Machine = typeof machine

/** Every service of the program over a host, a machine and the sources it knows. */
export const compose = (
  options: Options,
  over: Machine,
  sources: ReadonlyArray<Adapter>,
  stateFiles: typeof StateFilesLive.layer = StateFilesLive.layer
) => {
  const settings = Layer.effect(
    Settings,
    Effect.map(Effect.service(Host), (host) => settingsFrom(host, options.home, options.version, options.formWords))
  )
  const invocation = Layer.effect(
    Invocation,
    Effect.map(Effect.service(Host), ({ stdoutIsTerminal }) => ({ ...options.invocation, stdoutIsTerminal }))
  )
  const base = Layer.mergeAll(settings, invocation, ManualLive.layer, ContractLive.layer, over)
  const state = Layer.mergeAll(
    LabelsLive.layer,
    NamesLive.layer,
    LeasesLive.layer,
    JobStoreLive.layer,
    JournalLive.layer
  ).pipe(Layer.provideMerge(stateFiles))
  const documents = Layer.mergeAll(FileOutputLive.layer, MarkdownLive.layer, RedactorLive.layer)
  const middle = Layer.mergeAll(
    registryLayer(sources),
    DigestCacheLive.layer,
    ProgressLive.layer,
    state,
    documents
  ).pipe(Layer.provideMerge(base))
  const sessions = Layer.mergeAll(SessionsLive.layer, DoctorLive.layer, PruneLive.layer).pipe(
    Layer.provideMerge(middle)
  )
  return SendsLive.layer.pipe(Layer.provideMerge(sessions))
}

/** The program as it is shipped, on its own machine unless another is given. */
export const live = (options: Options, over: Machine = machine) => compose(options, over, adapters)
