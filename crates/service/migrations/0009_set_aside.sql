-- Cases that a sweep could not move: when they are tried again, and what was met.
CREATE TABLE case_set_aside (
  reference TEXT PRIMARY KEY,
  tries BIGINT NOT NULL,
  again TEXT NOT NULL,
  error TEXT NOT NULL
);
