-- Records as they stand now; how they came to be stands in the journal.
CREATE TABLE record (
  id TEXT PRIMARY KEY,
  register TEXT NOT NULL,
  holder TEXT,
  label TEXT NOT NULL,
  folded TEXT NOT NULL,
  doc {{JSON}} NOT NULL,
  version BIGINT NOT NULL,
  changed TEXT NOT NULL
);
CREATE INDEX record_register ON record (register, id);
CREATE INDEX record_holder ON record (holder);

-- The values that no two records of a register share.
CREATE TABLE record_key (
  register TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (register, field, value)
);
