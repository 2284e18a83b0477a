import { assert, describe, it } from "@effect/vitest"
import type { Message } from "../../src/domain/message.ts"
import { makeRedact, Redaction, redactionMark } from "../../src/domain/redaction.ts"
import { findGenericSecrets, type SecretRange } from "../../src/domain/secret-patterns.ts"
import { assertLinear } from "../support/linear.ts"

const redact = makeRedact([findGenericSecrets])

const pem = (body: string, kind = "RSA ") => `-----BEGIN ${kind}PRIVATE KEY-----${body}-----END ${kind}PRIVATE KEY-----`
const base64 = "MIIEpAIBAAKCAQEA1234567890abcdef"
// The stroke goes: with it no scanner takes this file for a leak.
const token = (prefix: string, rest = "a1B2c3D4e5F6g7H8i9J0") => prefix.replace("|", "") + rest

/** A text, what it is redacted to, and the rule. `~` stands for the mark. */
const secrets: ReadonlyArray<readonly [rule: string, text: string, redacted: string]> = [
  ["assignment", "API_KEY=abc123def456", "API_KEY=~"],
  ["assignment", "export MY_SECRET='s3cr3t-v4lue'", "export MY_SECRET='~'"],
  ["assignment", 'password: "hunter2"', 'password: "~"'],
  ["assignment", "PASSWORD=hunter", "PASSWORD=~"],
  ["assignment", 'DB_PASSWORD="correct horse battery"', 'DB_PASSWORD="~"'],
  ["assignment", '{"password": "hunter2", "user": "ada"}', '{"password": "~", "user": "ada"}'],
  ["assignment", '{\\"password\\": \\"hunter2\\"}', '{\\"password\\": \\"~\\"}'],
  ["assignment", "os.environ['API_TOKEN'] = 'a1b2c3d4e5'", "os.environ['API_TOKEN'] = '~'"],
  ["assignment", "mysql --password=letmein -u root", "mysql --password=~ -u root"],
  ["assignment", "tool --api-key abc123 --verbose", "tool --api-key ~ --verbose"],
  ["assignment", "curl -H 'x-api-key: 1234abcd5678'", "curl -H 'x-api-key: ~'"],
  ["assignment", "const apiKey = 'k3yk3yk3yk3y'", "const apiKey = '~'"],
  ["assignment", "client_secret: 'keyboardcat'", "client_secret: '~'"],
  ["assignment", "secret_key_base: 9f8e7d6c5b4a", "secret_key_base: ~"],
  ["assignment", "https://x.y/?access_token=a1b2c3d4e5f6&z=1", "https://x.y/?access_token=~"],
  ["authorization", "Authorization: Bearer abcdef123456789", "Authorization: Bearer ~"],
  ["authorization", '"authorization": "token abcdefgh"', '"authorization": "token ~"'],
  ["authorization", "-H 'Authorization: Basic dXNlcjpwYXNz'", "-H 'Authorization: Basic ~'"],
  ["authorization", "bearer a1b2c3d4e5f6g7", "bearer ~"],
  ["cookie", "Set-Cookie: session=abcdef; Path=/\nnext", "Set-Cookie: ~\nnext"],
  ["cookie", "curl -H 'Cookie: a=bcdefg' x", "curl -H 'Cookie: ~' x"],
  ["url-password", "postgres://ada:p4ss@host/db", "postgres://ada:~@host/db"],
  ["url-password", "redis://:p4ss@host:6379", "redis://:~@host:6379"],
  ["jwt", `token ${token("eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_1")}.`, "token ~."],
  ["private-key", `a ${pem(`\n${base64}\n${base64}==\n`)} b`, "a ~ b"],
  ["private-key", pem(`\\n${base64}\\nabc=\\n`, ""), "~"],
  ["private-key", `  1→${pem(`\n  2→${base64}\n  3→${base64}\n  4→`)}`, "  1→~"],
  ["private-key", pem(`\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AB-CD\n\n${base64}\n`), "~"],
  ["private-key", `${pem("", "OPENSSH ").slice(0, 35)}\n${base64}\n${base64}`, "~"],
  ["known-token", `x ${token("sk-ant-", "api03-abc_DEF")}, y`, "x ~, y"],
  ["known-token", token("gh|p_"), "~"],
  ["known-token", `${token("gh|p_", "a1B2c3")}`, "~"],
  ["known-token", token("github|_pat_", "11ABC_def"), "~"],
  ["known-token", token("sk-"), "~"],
  ["known-token", token("np|m_"), "~"],
  ["known-token", token("xox|b-", "1234-5678-abcdef"), "~"],
  ["known-token", token("AI|za"), "~"],
  ["aws-access-key-id", `id ${token("AK|IA", "IOSFODNN7EXAMPLE")}`, "id ~"]
]

/** What looks alike and must stay: a program that talks of secrets is still to be read. */
const harmless: ReadonlyArray<string> = [
  "token: string",
  "access_token: str = Field(...)",
  "const token = await fetchToken(x)",
  "password = getPassword()",
  "password=password, token=token",
  "password=args.password",
  "apiKey: process.env.API_KEY",
  "API_KEY=$API_KEY",
  "secret: ${{ secrets.DEPLOY }}",
  "password: <your password>",
  "MAX_TOKENS=8000 max_tokens: 4096",
  "tokens_estimate: 12345",
  "token count: 12",
  "The token is invalid. Please enter your password: ",
  "PWD=/root/project",
  "private_key: null",
  "basic authentication of users",
  "npm_config_registry npm_lifecycle_event",
  "hf_hub_download(repo)",
  "sk-estimator-doc-link",
  'if (pem.startsWith("-----BEGIN PRIVATE KEY-----")) return',
  "https://example.com:8080/a@b",
  'tokenizer = AutoTokenizer.from_pretrained("gpt2")',
  "password: z.string().min(8)",
  "33df6d44-dd8f-4a44-b953-a787c477423d 9e107d9d372bb6826bd81d3542a419d6"
]

describe("secrets without a maker", () => {
  for (const [rule, text, redacted] of secrets) {
    it(`${rule}: ${text.split("\n")[0]!.slice(0, 60)}`, () => {
      const { counts, text: clean } = redact(text)
      assert.strictEqual(clean, redacted.replaceAll("~", `[REDACTED:${rule}]`))
      assert.deepStrictEqual(counts, { [rule]: 1 })
      // In the middle of a long text as well, and at every place of it.
      const filler = "The quick brown fox.\n".repeat(40)
      assert.strictEqual(redact(`${filler}${text}\n${filler}`).text, `${filler}${clean}\n${filler}`)
    })
  }

  for (const text of harmless) {
    it(`stays: ${text.slice(0, 60)}`, () => {
      assert.deepStrictEqual(redact(text), { text, counts: {} })
    })
  }

  it("takes several, each for itself", () => {
    const { counts, text } = redact("API_KEY=abc123def456\nPASSWORD=hunter\nredis://u:p4ss@h\n")
    assert.strictEqual(
      text,
      "API_KEY=[REDACTED:assignment]\nPASSWORD=[REDACTED:assignment]\nredis://u:[REDACTED:url-password]@h\n"
    )
    assert.deepStrictEqual(counts, { assignment: 2, "url-password": 1 })
  })

  it("redacting again changes nothing", () => {
    for (const [, text] of secrets) {
      const { text: once } = redact(text)
      assert.deepStrictEqual(redact(once), { text: once, counts: {} })
    }
  })

  it("takes time linear in the text", { timeout: 120_000 }, () => {
    const words =
      'token= token=" pwd=/ token=a= secret_ apiKey eyJ eyJa. eyJaaaaaaaaa. a:// a://: http://a:b cookie: ' +
      'sk-a np|m_a1 AK|IA a A1 \\ " = Authorization: Bearer'
    const seeds = words.split(" ").map((word) => word.replace("|", ""))
    const spaced = ["token: ", "--token ", "--a-a-a-a-token ", "cookie: a=", "Authorization: ", "Bearer a1", " ", "\n"]
    const keys = [
      "-----BEGIN PRIVATE KEY-----\n",
      "-----BEGIN PRIVATE KEY-----\nAaa: Aaa: ",
      "-----BEGIN A PRIVATE KEY-----1:"
    ]
    assertLinear(redact, [...seeds, ...spaced, ...keys, `${keys[0]}${base64}`])
  })
})

describe("ranges", () => {
  const at = (start: number, end: number, rule: string): SecretRange => ({ start, end, rule })
  const apply = (...ranges: ReadonlyArray<SecretRange>) => makeRedact([() => ranges])("0123456789")

  it("that overlap become one, under the rule that begins first", () => {
    assert.deepStrictEqual(apply(at(4, 6, "b"), at(2, 5, "a")), { text: "01[REDACTED:a]6789", counts: { a: 1 } })
    assert.deepStrictEqual(apply(at(2, 4, "b"), at(2, 8, "a"), at(3, 5, "c")), {
      text: "01[REDACTED:a]89",
      counts: { a: 1 }
    })
  })

  it("that only touch stay two, and an empty one is none", () => {
    assert.strictEqual(apply(at(2, 4, "a"), at(4, 6, "b"), at(8, 8, "c")).text, "01[REDACTED:a][REDACTED:b]6789")
  })
})

describe("structured values", () => {
  it("lose strings under the names of secrets, secrets within strings, and nothing else", () => {
    const redaction = new Redaction(redact)
    const value = redaction.value({
      api_key: "x",
      apiKey: "plain",
      headers: { Authorization: "abc", "Content-Type": "text/plain" },
      credentials: { user: "ada", deep: [{ any: "thing" }] },
      password: 1234,
      max_tokens: 4096,
      token: 7,
      secret: true,
      command: "curl -u x https://u:p4ss@h/",
      list: ["PASSWORD=hunter", null, 1.5],
      argv: ["mysql", "--password", "letmein", "-u", "root"],
      empty_token: ""
    })
    assert.deepStrictEqual(value, {
      api_key: "[REDACTED:named-value]",
      apiKey: "[REDACTED:named-value]",
      headers: { Authorization: "[REDACTED:named-value]", "Content-Type": "text/plain" },
      credentials: { user: "[REDACTED:named-value]", deep: [{ any: "[REDACTED:named-value]" }] },
      password: "[REDACTED:named-value]",
      max_tokens: 4096,
      token: 7,
      secret: true,
      command: "curl -u x https://u:[REDACTED:url-password]@h/",
      list: ["PASSWORD=[REDACTED:assignment]", null, 1.5],
      argv: ["mysql", "--password", "[REDACTED:named-value]", "-u", "root"],
      empty_token: ""
    })
    assert.deepStrictEqual(redaction.counts, { assignment: 1, "named-value": 7, "url-password": 1 })
  })

  it("lose secrets in their keys, and keep keys that are special to objects", () => {
    const value = new Redaction(redact).value(JSON.parse('{"__proto__": {"a": "b"}, "API_KEY=abc123def456": 1}'))
    assert.deepStrictEqual(Object.keys(value as object), ["__proto__", "API_KEY=[REDACTED:assignment]"])
  })

  it("nested without end are cut, not followed", () => {
    let deep: unknown = "PASSWORD=hunter"
    for (let level = 0; level < 50_000; level++) deep = [deep]
    const redaction = new Redaction(redact)
    assert.notInclude(JSON.stringify(redaction.value(deep)), "hunter")
    assert.deepStrictEqual(redaction.counts, { "too-deep": 1 })
  })
})

describe("messages", () => {
  const message: Message = {
    index: 3,
    role: "tool_use",
    time: 0,
    text: 'Bash {"command":"PASSWORD=hunter","token":"x"}',
    blocks: [
      { type: "thinking", text: "it is redis://u:p4ss@h" },
      { type: "tool_use", id: "1", name: "Bash", input: { command: "PASSWORD=hunter", token: "x" } }
    ]
  }

  it("are redacted in text, thinking and input, and each secret counts once", () => {
    const redaction = new Redaction(redact)
    const clean = redaction.message(message)
    assert.strictEqual(clean.text, 'Bash {"command":"PASSWORD=[REDACTED:assignment]","token":"[REDACTED:named-value]"}')
    assert.notMatch(JSON.stringify(clean), /hunter|p4ss/)
    assert.deepStrictEqual(redaction.counts, { assignment: 1, "named-value": 1, "url-password": 1 })
    assert.strictEqual(JSON.stringify(clean).match(redactionMark)?.length, 5)
  })

  it("stay what they are where nobody wants them redacted", () => {
    const redaction = new Redaction(null)
    assert.strictEqual(redaction.message(message), message)
    assert.isFalse(redaction.isOn)
    assert.deepStrictEqual(redaction.counts, {})
  })
})
