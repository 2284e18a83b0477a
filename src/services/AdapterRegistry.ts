import * as Context from "effect/Context"
import type { Adapter, DataHost } from "./Adapter.ts"

/** The sources that this program knows, and where they keep their data on this machine. */
export class AdapterRegistry extends Context.Service<
  AdapterRegistry,
  {
    /** In the order in which they are shown. */
    readonly adapters: ReadonlyArray<Adapter>
    readonly dataHost: DataHost
  }
>()("sessionr/services/AdapterRegistry") {}

/** Every name a source can be asked for by, with its own name. */
export const sourceNames = (adapters: ReadonlyArray<Adapter>): Readonly<Record<string, string>> =>
  Object.fromEntries(adapters.flatMap(({ aliases, source }) => [source, ...aliases].map((name) => [name, source])))
