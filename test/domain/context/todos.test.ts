import { assert, describe, it } from "@effect/vitest"
import { isTodoTool, TodoList, uncheckedIn } from "../../../src/domain/context/todos.ts"

type Step = readonly [name: string, input: unknown, result?: string]

/** What is open after these calls, as `text`, or `text*` where it is under way; the calls are messages 1, 2, … */
const openAfter = (...calls: ReadonlyArray<Step>): ReadonlyArray<string> => {
  const list = new TodoList()
  calls.forEach(([name, input, result], at) => list.apply(name, input, result ?? null, at + 1))
  return list.open.map(({ index, status, text }) => `${index}:${text}${status === "in_progress" ? "*" : ""}`)
}

describe("the list that an agent keeps", () => {
  it("is known by the names of its tools", () => {
    const names = ["TodoWrite", "todowrite", "todo_write", "write_todos", "update_plan", "manage_todo_list"]
    for (const name of [
      ...names,
      "TaskCreate",
      "todo__todo_write",
      "todo__write",
      "functions.update_plan",
      "todo_list"
    ]) {
      assert.isTrue(isTodoTool(name), name)
    }
    for (const name of ["Write", "write", "write_file", "TaskOutput", "Task", "mcp__x__todo_write", "TodoRead"]) {
      assert.isFalse(isTodoTool(name), name)
    }
  })

  it("is read from the shape of each source", () => {
    const shapes: ReadonlyArray<Step> = [
      [
        "TodoWrite",
        { todos: [item("content", "completed"), { ...item("content", "in_progress"), content: "b" }, { content: "c" }] }
      ],
      [
        "update_plan",
        { plan: [item("step", "completed"), { step: "b", status: "in_progress" }, { step: "c", status: "pending" }] }
      ],
      [
        "write_todos",
        { todos: [item("description", "cancelled"), { description: "b", status: "in_progress" }, { description: "c" }] }
      ],
      [
        "manage_todo_list",
        {
          operation: "write",
          todoList: [
            item("title", "completed"),
            { id: 2, title: "b", status: "in-progress" },
            { title: "c", status: "not-started" }
          ]
        }
      ],
      [
        "todo_write",
        {
          todos: [
            item("content", "TODO_STATUS_COMPLETED"),
            { content: "b", status: "TODO_STATUS_IN_PROGRESS" },
            { content: "c" }
          ]
        }
      ],
      ["TodoWrite", { todos: "1. [completed] a\n2. [in_progress] b\n3. [pending] c" }],
      ["todo__todo_write", { content: "# Plan\n- [x] a\n- [in_progress] b\n* [ ] c\n" }],
      ["TodoWrite", { todos: { todos: "1. [completed] a\n2. [in_progress] b\n3. [ ] c" } }]
    ]
    for (const shape of shapes) assert.deepStrictEqual(openAfter(shape), ["1:b*", "1:c"], JSON.stringify(shape))
  })

  it("is what was written last, and nothing where that was nothing", () => {
    const first: Step = ["TodoWrite", { todos: [{ content: "a" }, { content: "b" }] }]
    assert.deepStrictEqual(openAfter(first, ["TodoWrite", { todos: [{ content: "b" }] }]), ["2:b"])
    assert.deepStrictEqual(openAfter(first, ["TodoWrite", { todos: [] }]), [])
    assert.deepStrictEqual(openAfter(first, ["manage_todo_list", { operation: "read" }]), ["1:a", "1:b"])
  })

  it("is merged where the call says so", () => {
    const first: Step = [
      "todo_write",
      {
        todos: [
          { id: "1", content: "a" },
          { id: "2", content: "b" }
        ]
      }
    ]
    const merge = {
      merge: true,
      todos: [
        { id: "1", status: "completed" },
        { id: "3", content: "c" }
      ]
    }
    assert.deepStrictEqual(openAfter(first, ["todo_write", merge]), ["1:b", "2:c"])
    assert.isFalse(TodoList.replaces("todo_write", merge))
    assert.isTrue(TodoList.replaces(...(first.slice(0, 2) as [string, unknown])))
  })

  it("of Claude's tasks goes by the numbers in the results", () => {
    const tasks: ReadonlyArray<Step> = [
      ["TaskCreate", { subject: "a", description: "long" }, "Task #7 created successfully: a"],
      ["TaskCreate", { subject: "b", description: "long" }, "Task #8 created successfully: b"],
      ["TaskUpdate", { taskId: "8", status: "in_progress" }],
      ["TaskUpdate", { taskId: 7, status: "completed" }],
      ["TaskUpdate", { taskId: "99", status: "completed" }]
    ]
    assert.deepStrictEqual(openAfter(...tasks), ["3:b*"])
    assert.deepStrictEqual(openAfter(...tasks, ["TaskUpdate", { taskId: "8", status: "deleted" }]), [])
  })

  it("of Kiro is in the answers", () => {
    const state = (first: boolean) =>
      `TODO LIST STATE: {"tasks":[{"task_description":"a","completed":${first}},{"task_description":"b","completed":false}],"id":"1"}\n\n ID: 1`
    const create: Step = ["todo_list", { command: "create", tasks: ["a", "b"] }, state(false)]
    assert.deepStrictEqual(openAfter(create), ["1:a", "1:b"])
    assert.deepStrictEqual(
      openAfter(create, ["todo_list", { command: "complete", completed_indices: [0] }, state(true)]),
      ["2:b"]
    )
    assert.deepStrictEqual(openAfter(create, ["todo_list", { command: "lookup" }, "No todo lists exist"]), [
      "1:a",
      "1:b"
    ])
    assert.deepStrictEqual(openAfter(create, ["todo_list", { command: "add" }, "TODO LIST STATE: {torn"]), [
      "1:a",
      "1:b"
    ])
  })

  it("survives whatever a tool wrote", () => {
    for (const input of [
      null,
      7,
      "x",
      [],
      { todos: 7 },
      { todos: [null, 7, {}, { content: 7 }, []] },
      { plan: [[]] }
    ]) {
      for (const name of ["TodoWrite", "TaskCreate", "TaskUpdate", "todo_list"]) {
        assert.deepStrictEqual(openAfter([name, input, "x"]), [], `${name} ${JSON.stringify(input)}`)
      }
    }
  })
})

describe("boxes in an answer", () => {
  it("count where they are not checked", () => {
    const text = "Left:\n- [ ] one\n  * [x] two\n1. [ ] three\n[ ] not a list\n- [link](x)\n- [ ]\n"
    assert.deepStrictEqual(
      uncheckedIn(text, 9).map(({ from, index, text: said }) => [from, index, said]),
      [
        ["text", 9, "one"],
        ["text", 9, "three"]
      ]
    )
  })
})

function item(key: string, status: string) {
  return { id: "1", [key]: "a", status }
}
