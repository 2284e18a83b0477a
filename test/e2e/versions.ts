/** An agent of the npm registry, at the one version that its tests were written against. */
export interface Package {
  /** Name of the program, and of the directory below `.cache/e2e`. */
  readonly tool: string
  readonly name: string
  readonly version: string
  /** Further exact versions: what the package itself asks for does not work. */
  readonly pinned?: Readonly<Record<string, string>>
  /**
   * Candidates for what is run, below `node_modules`; `{platform}` is `linux-x64` and the like, `*` any directory. A
   * JavaScript file is run with the Node of this project.
   */
  readonly program: string
}

export const packages: ReadonlyArray<Package> = [
  {
    tool: "claude",
    name: "@anthropic-ai/claude-code",
    version: "2.1.329",
    program: "@anthropic-ai/claude-code-{platform}/claude"
  },
  {
    tool: "codex",
    name: "@openai/codex",
    version: "0.169.0",
    program: "@openai/codex-{platform}/vendor/*/bin/codex"
  },
  {
    tool: "gemini",
    name: "@google/gemini-cli",
    version: "0.61.0",
    program: "@google/gemini-cli/bundle/gemini.js"
  },
  {
    tool: "copilot",
    name: "@github/copilot",
    version: "1.0.102",
    program: "@github/copilot-{platform}/copilot"
  },
  {
    tool: "opencode",
    name: "opencode-ai",
    version: "1.18.33",
    program: "opencode-{platform}/bin/opencode"
  },
  {
    tool: "droid",
    name: "droid",
    version: "0.215.0",
    program: "@factory/cli-{platform}/bin/droid"
  },
  {
    tool: "command-code",
    name: "command-code",
    version: "1.64.0",
    // It crashes at its start with what 1.39 and later export.
    pinned: { "@opentelemetry/semantic-conventions": "1.38.0" },
    program: "command-code/dist/index.mjs"
  }
]
