-- The ledger. Transfers and postings are only ever added; what an account holds is kept beside them and can be proved.
CREATE TABLE ledger_transfer (
  id TEXT PRIMARY KEY,
  day TEXT NOT NULL,
  recorded TEXT NOT NULL,
  actor TEXT NOT NULL,
  about TEXT NOT NULL,
  memo TEXT NOT NULL,
  reverses TEXT UNIQUE
);
CREATE INDEX ledger_transfer_about ON ledger_transfer (about);

CREATE TABLE ledger_posting (
  transfer TEXT NOT NULL,
  line BIGINT NOT NULL,
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (transfer, line)
);
CREATE INDEX ledger_posting_account ON ledger_posting (account, day);

-- An account whose balance has no limit is kept in several parts, so that those who post at once do not wait for
-- each other; its balance is the sum of them.
CREATE TABLE ledger_account (
  id TEXT NOT NULL,
  part BIGINT NOT NULL,
  entity TEXT NOT NULL,
  purpose TEXT NOT NULL,
  detail TEXT NOT NULL,
  currency TEXT NOT NULL,
  balance BIGINT NOT NULL,
  held BIGINT NOT NULL,
  PRIMARY KEY (id, part)
);
CREATE INDEX ledger_account_entity ON ledger_account (entity, purpose);

CREATE TABLE ledger_hold (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  amount BIGINT NOT NULL,
  placed TEXT NOT NULL,
  released TEXT
);
CREATE INDEX ledger_hold_account ON ledger_hold (account);
