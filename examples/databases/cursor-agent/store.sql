-- chats/<md5 of the workspace>/<id>/store.db: blobs by the SHA-256 of their bytes, and one row of JSON in hex. Both are made
-- from the .json beside this file.
CREATE TABLE blobs (id TEXT PRIMARY KEY, data BLOB);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
