-- ~/.local/share/kiro-cli/data.sqlite3 of the CLI before May 2026. A row is a conversation in a folder; its value lies in the
-- file named here.
CREATE TABLE migrations (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, migration_time INTEGER NOT NULL);
CREATE TABLE auth_kv (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB);
CREATE TABLE history (
  id INTEGER PRIMARY KEY, command TEXT, shell TEXT, pid INTEGER, session_id TEXT, cwd TEXT, start_time INTEGER,
  hostname TEXT, exit_code INTEGER, end_time INTEGER, duration INTEGER
);
CREATE TABLE conversations (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE conversations_v2 (
  key TEXT NOT NULL, conversation_id TEXT NOT NULL, value TEXT NOT NULL, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, PRIMARY KEY (key, conversation_id)
);
-- Secrets and the history of the shell: no reader may look at them.
INSERT INTO auth_kv VALUES ('kirocli:odic:token', '{"access_token":"not a real token"}');
INSERT INTO history (id, command, shell, cwd) VALUES (1, 'echo not for readers', 'bash', '/home/dana');

-- The first table, one row for a folder: pairs without times.
INSERT INTO conversations VALUES ('/home/dana/notes', document('alarm.json'));
-- One conversation under two folders: the row that was written last counts. A failed call, a cancelled one.
INSERT INTO conversations_v2 VALUES (
  '/srv/acme', '65fa4a61-e731-4dee-89fc-6aeb2a45d6a3', document('firewall-before.json'), 1773244800000, 1773244803000
);
INSERT INTO conversations_v2 VALUES (
  '/srv/acme/infra', '65fa4a61-e731-4dee-89fc-6aeb2a45d6a3', document('firewall.json'), 1773306000000, 1773306126250
);
-- Hostile texts; a summary of what went before; a prompt that waits for its answer.
INSERT INTO conversations_v2 VALUES (
  '/srv/acme/mail', '9d1dc74e-6c87-453a-960e-8ab1c29f3e22', document('header.json'), 1775128500000, 1775128800000
);
-- Opened, never prompted.
INSERT INTO conversations_v2 VALUES (
  '/srv/acme/mail', '2aa17f2a-7720-41d7-b1da-2282e309becc', document('empty.json'), 1775203200000, 1775203200000
);
