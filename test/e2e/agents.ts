import * as fs from "node:fs"
import * as path from "node:path"

/** How one agent is made to talk to the mock instead of its vendor. */
export interface Agent {
  /** Name of its program. */
  readonly tool: string
  /** Name of its source. */
  readonly source: string
  readonly displayName: string
  /** In addition to a nearly empty environment; `url` is the mock's. */
  readonly env: (url: string) => Readonly<Record<string, string>>
  /** Writes its settings. */
  readonly configure: (home: string, url: string) => void
  /** Further words of every send: the model, for agents whose settings cannot choose it. */
  readonly words: ReadonlyArray<string>
}

const write = (file: string, content: unknown): void => {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2))
}

const key = "sk-of-nobody"

export const claude: Agent = {
  tool: "claude",
  source: "claude",
  displayName: "Claude Code",
  env: (url) => ({
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: key,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    DISABLE_TELEMETRY: "1",
    IS_SANDBOX: "1",
    DISABLE_ERROR_REPORTING: "1",
    // The default are ten retries: three minutes.
    CLAUDE_CODE_MAX_RETRIES: "1"
  }),
  configure: () => {},
  words: []
}

export const codex: Agent = {
  tool: "codex",
  source: "codex",
  displayName: "Codex",
  env: () => ({ MOCK_API_KEY: key }),
  configure: (home, url) =>
    write(
      path.join(home, ".codex/config.toml"),
      `model = "gpt-5.2"
model_provider = "mock"
approval_policy = "never"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.mock]
name = "mock"
base_url = "${url}/v1"
env_key = "MOCK_API_KEY"
wire_api = "responses"
request_max_retries = 1
stream_max_retries = 1
`
    ),
  words: []
}

export const gemini: Agent = {
  tool: "gemini",
  source: "gemini",
  displayName: "Gemini CLI",
  env: (url) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url }),
  configure: (home) =>
    write(path.join(home, ".gemini/settings.json"), {
      security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      // With its default, a session that is resumed in a later minute is deleted when it starts again.
      // A model that is named needs no question which one to take, whose retries no setting shortens.
      model: { name: "gemini-2.5-flash" },
      general: { enableAutoUpdate: false, maxAttempts: 1, sessionRetention: { enabled: false } }
    }),
  words: []
}

export const copilot: Agent = {
  tool: "copilot",
  source: "copilot",
  displayName: "Copilot",
  env: (url) => ({
    COPILOT_OFFLINE: "true",
    COPILOT_AUTO_UPDATE: "false",
    COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
    COPILOT_PROVIDER_TYPE: "openai",
    COPILOT_PROVIDER_API_KEY: key,
    COPILOT_MODEL: "gpt-5.2"
  }),
  configure: () => {},
  words: []
}

export const opencode: Agent = {
  tool: "opencode",
  source: "opencode",
  displayName: "OpenCode",
  env: () => ({
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
    MOCK_API_KEY: key
  }),
  configure: (home, url) =>
    write(path.join(home, ".config/opencode/opencode.json"), {
      autoupdate: false,
      share: "disabled",
      model: "mock/mock-model",
      small_model: "mock/mock-model",
      permission: "allow",
      provider: {
        mock: {
          npm: "@ai-sdk/openai-compatible",
          name: "Mock",
          options: { baseURL: `${url}/v1`, apiKey: "{env:MOCK_API_KEY}" },
          models: {
            "mock-model": { name: "Mock", limit: { context: 200_000, output: 8000 }, tool_call: true, reasoning: true }
          }
        }
      }
    }),
  words: []
}

export const droid: Agent = {
  tool: "droid",
  source: "factory",
  displayName: "Droid",
  env: (url) => ({
    FACTORY_API_BASE_URL: url,
    FACTORY_TELEMETRY_INGEST_BASE_URL: url,
    FACTORY_API_KEY: "fk-of-nobody",
    FACTORY_DROID_AUTO_UPDATE_ENABLED: "false",
    FACTORY_DISABLE_KEYRING: "1"
  }),
  configure: (home, url) =>
    write(path.join(home, ".factory/settings.json"), {
      customModels: [
        {
          model: "mock-model",
          id: "custom:mock-model",
          displayName: "Mock",
          baseUrl: `${url}/v1`,
          apiKey: key,
          provider: "generic-chat-completion-api",
          maxOutputTokens: 8000
        }
      ],
      cloudSessionSync: false,
      enableTelemetry: false
    }),
  words: ["--model", "custom:mock-model"]
}

export const commandCode: Agent = {
  tool: "command-code",
  source: "commandcode",
  displayName: "Command Code",
  env: () => ({
    CMD_LOCAL_ONLY: "1",
    COMMANDCODE_SKIP_UPDATES: "1",
    COMMAND_CODE_API_KEY: "user_of_nobody",
    MOCK_API_KEY: key
  }),
  configure: (home, url) =>
    write(path.join(home, ".commandcode/providers.json"), {
      providers: {
        mock: {
          name: "Mock",
          baseURL: `${url}/v1`,
          api: "openai-completions",
          apiKey: "$MOCK_API_KEY",
          models: { "mock-model": { name: "Mock", contextWindow: 200_000, maxOutput: 8000 } }
        }
      }
    }),
  words: ["--model", "mock/mock-model"]
}
