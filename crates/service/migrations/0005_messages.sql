-- What people are told of their cases, as facts; the words are found when it is read. `mailed` is when a letter went out.
CREATE TABLE message (
  id {{SERIAL}},
  account TEXT NOT NULL,
  reference TEXT NOT NULL,
  revision BIGINT NOT NULL,
  service TEXT NOT NULL,
  version TEXT NOT NULL,
  state TEXT NOT NULL,
  action TEXT NOT NULL,
  note TEXT,
  due TEXT,
  told TEXT NOT NULL,
  seen TEXT,
  mailed TEXT,
  UNIQUE (reference, revision)
);
CREATE INDEX message_account ON message (account, id);
CREATE INDEX message_unseen ON message (account) WHERE seen IS NULL;
