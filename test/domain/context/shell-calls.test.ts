import { assert, describe, it } from "@effect/vitest"
import { commandLineOf, exitCodeOf, isShellTool } from "../../../src/domain/context/shell-calls.ts"

describe("which tools run command lines", () => {
  it("those of every source, with what is put before their names", () => {
    const names = ["Bash", "bash", "exec_command", "shell", "local_shell", "run_shell_command", "Execute", "terminal"]
    for (const name of [...names, "developer__shell", "functions.exec_command", "execute_bash", "run_terminal_cmd"]) {
      assert.isTrue(isShellTool(name), name)
    }
  })

  it("no others, and none of an MCP server", () => {
    for (const name of ["", "__", "Read", "BashOutput", "write_stdin", "mcp__box__bash", "shellfish"]) {
      assert.isFalse(isShellTool(name), name)
    }
  })
})

describe("the command line of a call", () => {
  it("is what was said, whatever the key", () => {
    assert.strictEqual(commandLineOf({ command: "ls -l", description: "List" }), "ls -l")
    assert.strictEqual(commandLineOf({ cmd: "ls\npwd" }), "ls\npwd")
    assert.strictEqual(commandLineOf("ls"), "ls")
  })

  it("of words is what the shell was given, else the words as one would type them", () => {
    assert.strictEqual(commandLineOf({ command: ["bash", "-lc", "cat 'a b' | wc"] }), "cat 'a b' | wc")
    assert.strictEqual(commandLineOf({ command: ["/bin/sh", "-c", "x"] }), "x")
    assert.strictEqual(commandLineOf({ command: ["grep", "-c", "a b"] }), "grep -c 'a b'")
    assert.strictEqual(commandLineOf({ command: ["bash", "-lc", "x", "y"] }), "bash -lc x y")
  })

  it("is unknown where nothing of the kind is there", () => {
    for (const input of [null, undefined, 7, "", {}, { command: 7 }, { command: [] }, { command: ["ls", 7] }, [1]]) {
      assert.isNull(commandLineOf(input), JSON.stringify(input))
    }
  })
})

describe("the exit code of a result", () => {
  it("is what the tools write around the output", () => {
    const said: ReadonlyArray<readonly [text: string, code: number]> = [
      ["Exit code 1\nFAIL  a.test.ts", 1],
      ["Exit code: 0\nWall time: 0.1 seconds\nOutput:\n", 0],
      ["Chunk ID: f3be7e\nWall time: 9.0000 seconds\nProcess exited with code 2\nOutput:\nx", 2],
      ["Command: x\nOutput: y\nExit Code: 127\nSignal: (none)", 127],
      ["some output\n<exited with exit code 3>", 3],
      ["some output\n\n[Process exited with code 4]\n", 4],
      ["FAIL a.test.ts\nCommand failed with exit code 5", 5],
      ['{"stdout":"1 failed\\n","stderr":"","exit_status":"exit status: 6"}', 6],
      ["Exit code -1", -1]
    ]
    for (const [text, code] of said) assert.strictEqual(exitCodeOf(text), code, text)
  })

  it("is not what a command printed in the middle", () => {
    const noise = "line\n".repeat(300)
    for (const text of [
      "",
      "ok",
      `${noise}Exit code 1\n${noise}`,
      "it said: Exit code 1",
      '"exit_status":"exit status: 1"}',
      "Exit code 1 is a failure"
    ]) {
      assert.isNull(exitCodeOf(text), text.slice(0, 40))
    }
  })
})
