import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { StoreServices } from "../services/Adapter.ts"
import type { AdapterRegistry } from "../services/AdapterRegistry.ts"
import type { DigestCache } from "../services/DigestCache.ts"
import type { Directories } from "../services/Directories.ts"
import type { Host } from "../services/Host.ts"
import type { Labels } from "../services/Labels.ts"
import type { Names } from "../services/Names.ts"
import type { Programs } from "../services/Programs.ts"
import type { Progress } from "../services/Progress.ts"
import { Sessions } from "../services/Sessions.ts"
import type { Settings } from "../services/Settings.ts"
import type { TextScan } from "../services/TextScan.ts"
import { withBehind } from "./sessions/behind.ts"
import { context } from "./sessions/context.ts"
import { diff } from "./sessions/diff.ts"
import { info, stats } from "./sessions/info.ts"
import { list } from "./sessions/list.ts"
import { name } from "./sessions/names.ts"
import { open } from "./sessions/open.ts"
import { read } from "./sessions/read.ts"
import { search } from "./sessions/search.ts"
import { tag } from "./sessions/tag.ts"
import { totals } from "./sessions/totals.ts"
import { tree } from "./sessions/tree.ts"

type Needs =
  | AdapterRegistry
  | DigestCache
  | Directories
  | Host
  | Labels
  | Names
  | Programs
  | Progress
  | Settings
  | StoreServices
  | TextScan

/** Sessions of every source, over whatever services lie below. */
export const layer = Layer.effect(
  Sessions,
  Effect.map(Effect.context<Needs>(), (services) => {
    const provided = <A, E>(effect: Effect.Effect<A, E, Needs>) => Effect.provideContext(effect, services)
    return Sessions.of({
      list: (request) => provided(withBehind(list(request))),
      search: (request) => provided(withBehind(search(request))),
      read: (request) => provided(withBehind(read(request), ({ source }) => [source])),
      context: (request) => provided(withBehind(context(request), ({ body }) => [body.session.source])),
      diff: (request) => provided(withBehind(diff(request), ({ a, b }) => [a.source, b.source])),
      info: (id, source) => provided(withBehind(info(id, source), ({ row }) => [row.source])),
      stats: (id, source) => provided(withBehind(stats(id, source), ({ row }) => [row.source])),
      open: (id, source) => provided(withBehind(open(id, source), ({ row }) => [row.source])),
      tag: (request) => provided(withBehind(tag(request), ({ source }) => [source])),
      name: (request) => provided(name(request)),
      totals: (request) => provided(withBehind(totals(request))),
      tree: (request) => provided(withBehind(tree(request), ({ nodes }) => nodes.map(({ source }) => source)))
    })
  })
)
