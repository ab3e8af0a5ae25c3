-- Entries of bank statements, each known once by the account and the bank's own reference.
CREATE TABLE statement_entry (
  id TEXT PRIMARY KEY,
  statement TEXT NOT NULL,
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  words TEXT NOT NULL,
  payment TEXT,
  came_of_it TEXT NOT NULL,
  recorded TEXT NOT NULL
);
CREATE INDEX statement_entry_statement ON statement_entry (statement);

-- What agents have handed in, held on their till until the finance desk has counted it.
CREATE TABLE till_settlement (
  id TEXT PRIMARY KEY,
  agent TEXT NOT NULL,
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  state TEXT NOT NULL,
  asked TEXT NOT NULL,
  decided TEXT,
  decided_by TEXT
);
CREATE INDEX till_settlement_state ON till_settlement (state, asked);
CREATE INDEX till_settlement_agent ON till_settlement (agent, asked);
