-- What people ask for themselves: an account, or a new password. There is a request whether or not there is an account,
-- so that nobody learns from it who has one; what was typed to make an account waits here until the letter is answered.
CREATE TABLE account_request (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  email TEXT NOT NULL,
  lang TEXT NOT NULL,
  next TEXT NOT NULL,
  name TEXT,
  password TEXT,
  person_id TEXT,
  phone TEXT,
  asked TEXT NOT NULL,
  expires TEXT NOT NULL,
  used TEXT
);
CREATE INDEX account_request_email ON account_request (email, kind, asked);
CREATE INDEX account_request_expires ON account_request (expires);
-- The links of letters by the hash of their token: who reads the table cannot follow them. A letter that is tried again
-- has a link of its own.
CREATE TABLE account_token (
  token_hash TEXT PRIMARY KEY,
  request TEXT NOT NULL
);
CREATE INDEX account_token_request ON account_token (request);
