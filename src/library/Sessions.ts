import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import packageJson from "../../package.json" with { type: "json" }
import type { FileNotReadable } from "../domain/errors.ts"
import { embedded } from "../layers/embedded.ts"
import type { Surroundings } from "../services/Surroundings.ts"
import type { SessionsApi } from "./api.ts"
import { make } from "./make.ts"

/** The sessions of every agent on this machine, for programs on Effect. */
export class Sessions extends Context.Service<Sessions, SessionsApi>()("sessionr/Sessions") {
  /** The library on this machine. It prints nothing, and fails only where `home` is not a directory. */
  static readonly layer = (surroundings: Surroundings = {}): Layer.Layer<Sessions, FileNotReadable> =>
    // Fresh: a program may have two of them, of different homes, and would be given the parts of the first for both.
    Layer.fresh(Layer.provide(Layer.effect(Sessions, make), embedded(surroundings, packageJson.version)))
}
