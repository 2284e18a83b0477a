-- ~/.local/share/zed/db/0-stable/db.sqlite: what the editor lists beside the threads. Threads of other agents are listed
-- here only; what they said is in the stores of those.
CREATE TABLE sidebar_threads (
  thread_id BLOB PRIMARY KEY, session_id TEXT, agent_id TEXT, title TEXT, title_override TEXT, updated_at TEXT,
  created_at TEXT, interacted_at TEXT, folder_paths TEXT, folder_paths_order TEXT, archived INTEGER DEFAULT 0,
  main_worktree_paths TEXT, main_worktree_paths_order TEXT, remote_connection TEXT
);
-- Renamed by the user and archived.
INSERT INTO sidebar_threads (thread_id, session_id, title, title_override, updated_at, created_at, archived)
VALUES (
  unhex(replace('238e1b88-294b-4bf2-b2c1-184e11d75d87', '-', '')), '238e1b88-294b-4bf2-b2c1-184e11d75d87', 'Fonts of the newsletter',
  'Unused fonts', '2026-02-03T16:41:20+00:00', '2026-02-03T16:38:02+00:00', 1
);
-- A thread of Claude Code in Zed: no session of Zed's.
INSERT INTO sidebar_threads (thread_id, session_id, agent_id, title, updated_at, created_at, folder_paths)
VALUES (
  unhex('7d1f4a0e2b3c4d5e8f90a1b2c3d4e5f6'), '33df6d44-dd8f-4a44-b953-a787c477423d', 'claude-code', 'Rounding',
  '2026-11-12T08:49:01+00:00', '2026-11-12T08:41:07+00:00', '/srv/acme/shop'
);
-- A draft that was never sent.
INSERT INTO sidebar_threads (thread_id, title, updated_at, created_at, folder_paths)
VALUES (
  unhex('0a1b2c3d4e5f40718293a4b5c6d7e8f9'), 'New Thread', '2026-07-21T07:00:00+00:00', '2026-07-21T07:00:00+00:00',
  '/home/dana/notes'
);
