-- What the journal was: each row seals the entries after the one before it, up to `seq`, and that row itself.
CREATE TABLE checkpoint (
  seq BIGINT PRIMARY KEY,
  hash TEXT NOT NULL,
  recorded TEXT NOT NULL
);
