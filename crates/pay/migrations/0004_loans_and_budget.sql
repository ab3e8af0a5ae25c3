-- Loans to start-ups. What is owed and paid stands in the ledger; here stands what was agreed.
CREATE TABLE loan (
  id TEXT PRIMARY KEY,
  lender TEXT NOT NULL,
  borrower TEXT NOT NULL,
  borrower_name TEXT NOT NULL,
  about TEXT NOT NULL,
  currency TEXT NOT NULL,
  terms {{JSON}} NOT NULL,
  state TEXT NOT NULL,
  opened TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX loan_state ON loan (state, opened);
CREATE INDEX loan_borrower ON loan (borrower);

CREATE TABLE loan_tranche (
  loan TEXT NOT NULL,
  number BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  milestone TEXT NOT NULL,
  paid_out TEXT,
  PRIMARY KEY (loan, number)
);

CREATE TABLE loan_instalment (
  loan TEXT NOT NULL,
  number BIGINT NOT NULL,
  due TEXT NOT NULL,
  principal BIGINT NOT NULL,
  profit BIGINT NOT NULL,
  paid_principal BIGINT NOT NULL,
  paid_profit BIGINT NOT NULL,
  PRIMARY KEY (loan, number)
);
CREATE INDEX loan_instalment_due ON loan_instalment (due);

-- Changes to the budget that wait for a second person, and what became of them.
CREATE TABLE budget_change (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  entity TEXT NOT NULL,
  line TEXT NOT NULL,
  to_line TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  asked TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  decided TEXT,
  decided_by TEXT
);
CREATE INDEX budget_change_state ON budget_change (state, asked);
