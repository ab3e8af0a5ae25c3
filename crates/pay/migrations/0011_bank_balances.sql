-- What the bank says is on an account at the end of each statement.
CREATE TABLE bank_balance (
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  statement TEXT NOT NULL,
  day TEXT NOT NULL,
  opening BIGINT,
  closing BIGINT NOT NULL,
  recorded TEXT NOT NULL,
  PRIMARY KEY (account, currency, statement)
);
CREATE INDEX bank_balance_day ON bank_balance (account, currency, day, recorded);
