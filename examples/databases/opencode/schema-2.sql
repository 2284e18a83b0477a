-- What 2.0 adds beside the tables of 1.18: sessions of its own, into which it copied the older ones once.
CREATE TABLE session_v2 (
  id TEXT PRIMARY KEY, project_id TEXT NOT NULL, workspace_id TEXT, parent_id TEXT, slug TEXT, directory TEXT NOT NULL,
  path TEXT, title TEXT, version TEXT NOT NULL, metadata TEXT, cost REAL NOT NULL DEFAULT 0,
  tokens_input INTEGER NOT NULL DEFAULT 0, tokens_output INTEGER NOT NULL DEFAULT 0,
  tokens_reasoning INTEGER NOT NULL DEFAULT 0, tokens_cache_read INTEGER NOT NULL DEFAULT 0,
  tokens_cache_write INTEGER NOT NULL DEFAULT 0, revert TEXT, permission TEXT, agent TEXT, model TEXT,
  fork_session_id TEXT, fork_boundary TEXT, time_created INTEGER NOT NULL, time_updated INTEGER NOT NULL,
  time_compacting INTEGER, time_archived INTEGER, time_suspended INTEGER, resume_attempts INTEGER, time_idle INTEGER,
  time_viewed INTEGER, idle_outcome TEXT
);
CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT);
