CREATE TABLE account (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name {{JSON}} NOT NULL,
  password TEXT NOT NULL,
  person_id TEXT,
  phone TEXT,
  region TEXT,
  roles {{JSON}} NOT NULL
);
-- Sessions by the hash of their token: who reads the table cannot sign in with it.
CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  expires TEXT NOT NULL
);
CREATE TABLE sign_in_failure (
  email TEXT NOT NULL,
  failed TEXT NOT NULL
);
CREATE INDEX sign_in_failure_email ON sign_in_failure (email, failed);
