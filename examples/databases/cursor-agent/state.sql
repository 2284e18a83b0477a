-- ~/.config/Cursor/User/globalStorage/state.vscdb of the IDE: a chat is one composerData and a bubbleId for each message.
CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
CREATE TABLE composerHeaders (
  composerId TEXT PRIMARY KEY, workspaceId TEXT, createdAt INTEGER, lastUpdatedAt INTEGER, isArchived INTEGER,
  isSubagent INTEGER, recency INTEGER, checkpointAt INTEGER, value TEXT
);
-- Hostile texts, in the name too.
INSERT INTO cursorDiskKV VALUES
  ('composerData:2093b999-e5ab-42f5-b274-ceb1e0775df5', '{"_v":10,"composerId":"2093b999-e5ab-42f5-b274-ceb1e0775df5","name":"Chat message \u001b]0;owned\u0007 \u202egpj.exe\u202c","createdAt":1785410400000,"lastUpdatedAt":1785410441000,"unifiedMode":"agent","isArchived":false,"modelConfig":{"modelName":"claude-opus-5-5"},"workspaceIdentifier":{"id":"5d2f0d6c5be2a8d1f0c9b7a6e5d4c3b2","uri":{"fsPath":"/srv/acme/chat"}},"fullConversationHeadersOnly":[{"bubbleId":"b7f10c52-0001","type":1},{"bubbleId":"b7f10c52-0002","type":2},{"bubbleId":"b7f10c52-0003","type":2},{"bubbleId":"b7f10c52-0004","type":2},{"bubbleId":"b7f10c52-0005","type":2}],"contextTokensUsed":9120}'),
  ('bubbleId:2093b999-e5ab-42f5-b274-ceb1e0775df5:b7f10c52-0001', '{"bubbleId":"b7f10c52-0001","_v":3,"type":1,"text":"A user sent this, and the chat window changed its title:\n\u001b]0;owned\u0007\u001b[2J\u001b[31mhello\u001b[0m <script>alert(''xss'')</script> \u202egpj.exe\u202c","createdAt":"2026-07-30T11:20:00.000Z","images":[]}'),
  ('bubbleId:2093b999-e5ab-42f5-b274-ceb1e0775df5:b7f10c52-0002', '{"bubbleId":"b7f10c52-0002","_v":3,"type":2,"text":"","thinking":{"text":"The text is written to a console somewhere.","signature":""},"createdAt":"2026-07-30T11:20:06.000Z","tokenCount":{"inputTokens":0,"outputTokens":0}}'),
  ('bubbleId:2093b999-e5ab-42f5-b274-ceb1e0775df5:b7f10c52-0003', '{"bubbleId":"b7f10c52-0003","_v":3,"type":2,"text":"","capabilityType":15,"createdAt":"2026-07-30T11:20:09.000Z","toolFormerData":{"tool":41,"name":"grep","toolCallId":"toolu_d1","status":"completed","rawArgs":"{\"pattern\":\"console.log\"}","params":"{\"pattern\":\"console.log\"}","result":"{\"matches\":[\"src/relay.ts:12 console.log(message.text)\"]}"}}'),
  ('bubbleId:2093b999-e5ab-42f5-b274-ceb1e0775df5:b7f10c52-0004', '{"bubbleId":"b7f10c52-0004","_v":3,"type":2,"text":"","capabilityType":15,"createdAt":"2026-07-30T11:20:20.000Z","toolFormerData":{"tool":38,"name":"edit_file","toolCallId":"toolu_d2","status":"error","rawArgs":"{\"target_file\":\"src/relay.ts\",\"code_edit\":\"console.log(inspect(message.text))\"}","params":"{\"relativeWorkspacePath\":\"src/relay.ts\"}","error":{"clientVisibleErrorMessage":"The file is not open for writing. \u001b[31m!\u001b[0m"}}}'),
  ('bubbleId:2093b999-e5ab-42f5-b274-ceb1e0775df5:b7f10c52-0005', '{"bubbleId":"b7f10c52-0005","_v":3,"type":2,"text":"src/relay.ts:12 prints the raw text. Print it with `inspect`, and render it as text in the page. I could not write the file.","createdAt":"2026-07-30T11:20:41.000Z","tokenCount":{"inputTokens":0,"outputTokens":0}}');
INSERT INTO composerHeaders (composerId, workspaceId, createdAt, lastUpdatedAt, isArchived, isSubagent)
VALUES ('2093b999-e5ab-42f5-b274-ceb1e0775df5', '5d2f0d6c5be2a8d1f0c9b7a6e5d4c3b2', 1785410400000, 1785410441000, 0, 0);
-- A tool of the chat above, which the IDE keeps as a chat of its own: no session.
INSERT INTO cursorDiskKV VALUES ('composerData:task-call_9' || char(10) || 'fc_9', '{"composerId":"task-call_9\nfc_9"}');
-- Opened, never prompted: the IDE keeps a chat for every empty window.
INSERT INTO cursorDiskKV VALUES ('composerData:e9b8d0a4-6f0c-4f5e-9a3e-2b7c1d0e9f8a', '{"_v":10,"composerId":"e9b8d0a4-6f0c-4f5e-9a3e-2b7c1d0e9f8a","createdAt":1785474000000,"unifiedMode":"agent","modelConfig":{"modelName":"default"},"fullConversationHeadersOnly":[]}');
