-- What of the books is proved: by account the sum of its postings, of all transfers but those that are still to be looked
-- at. What is posted waits there until its transfer was found to sum to zero; what does not stays, and is told.
CREATE TABLE ledger_unproved (
  transfer TEXT PRIMARY KEY,
  wrong BIGINT NOT NULL DEFAULT 0
){{CLUSTERED}};
CREATE TABLE ledger_proved (
  account TEXT PRIMARY KEY,
  currency TEXT NOT NULL,
  posted BIGINT NOT NULL
){{CLUSTERED}};
INSERT INTO ledger_proved (account, currency, posted)
SELECT account, currency, CAST(sum(amount) AS BIGINT) FROM ledger_posting GROUP BY account, currency;
CREATE INDEX ledger_hold_open ON ledger_hold (account) WHERE released IS NULL;
