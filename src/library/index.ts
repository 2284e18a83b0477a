/**
 * The sessions of every coding agent, for programs on Effect: `Sessions` is a service with a method for each operation,
 * every one an Effect that ends with a typed result or fails with one of the errors below. Programs without Effect take
 * `sessionr/promise`.
 */
export type { Send, SessionsApi } from "./api.ts"
export * from "./errors.ts"
export type * from "./options.ts"
export type * from "./results.ts"
export { Sessions } from "./Sessions.ts"
