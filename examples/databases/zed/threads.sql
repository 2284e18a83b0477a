-- ~/.local/share/zed/threads/threads.db. One row is one thread; its document lies in the file named here, as JSON.
-- document(name) gives its text, zstd(text) a compressed frame. Messages of Zed have no times.
CREATE TABLE IF NOT EXISTS threads (
  id TEXT PRIMARY KEY, summary TEXT NOT NULL, updated_at TEXT NOT NULL, data_type TEXT NOT NULL, data BLOB NOT NULL
);
-- Every start adds what is missing.
ALTER TABLE threads ADD COLUMN parent_id TEXT;
ALTER TABLE threads ADD COLUMN folder_paths TEXT;
ALTER TABLE threads ADD COLUMN folder_paths_order TEXT;
ALTER TABLE threads ADD COLUMN created_at TEXT;

-- 0.3.0 of 2026: a linked file, thinking, a failed edit, an agent, "continue", a compaction, a call that was cut off.
-- Two folders: the order says that the first one is /srv/acme/api.
INSERT INTO threads VALUES (
  'd3956566-7094-4333-a014-0f18b8c3044d', 'Rate limit for the quote endpoint', '2026-07-14T08:22:51.402117+00:00', 'zstd',
  zstd(document('rate-limit.json')), NULL, '/srv/acme/api' || char(10) || '/srv/acme/docs', '0,1',
  '2026-07-14T08:05:12.113000+00:00'
);
-- The agent of the thread above.
INSERT INTO threads VALUES (
  'e6483c27-dc0a-4c81-adf0-30a0728325d0', 'Find tests of the limiter', '2026-07-14T08:11:09.551000+00:00', 'zstd',
  zstd(document('limiter-tests.json')), 'd3956566-7094-4333-a014-0f18b8c3044d', '/srv/acme/api', '0',
  '2026-07-14T08:10:40.002000+00:00'
);
-- 0.2.0 of 2025, as JSON. It was never opened again: the folder is in the document only.
INSERT INTO threads VALUES (
  '238e1b88-294b-4bf2-b2c1-184e11d75d87', 'Fonts of the newsletter', '2026-02-03T16:41:20+00:00', 'json',
  CAST(document('fonts.json') AS BLOB), NULL, NULL, NULL, '2026-02-03T16:41:20+00:00'
);
-- Hostile texts, in the title too.
INSERT INTO threads VALUES (
  '66ddcf0f-a890-4172-bbc5-a9acc04dd25c', 'Display name ' || char(27) || ']0;owned' || char(7),
  '2026-07-20T19:03:44+00:00', 'zstd', zstd(document('display-name.json')), NULL, '/srv/acme/api', '0',
  '2026-07-20T19:01:00+00:00'
);
