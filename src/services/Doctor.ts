import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { DoctorResult } from "../domain/results.ts"

/** The state of the machine as far as the program depends on it. Never fails because one source fails. */
export class Doctor extends Context.Service<Doctor, { readonly report: Effect.Effect<DoctorResult> }>()(
  "sessionr/services/Doctor"
) {}
