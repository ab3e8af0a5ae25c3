-- What each statement of the bank brought, so that nobody counts its entries to list it.
CREATE TABLE bank_statement (
  id TEXT PRIMARY KEY,
  recorded TEXT NOT NULL,
  entries BIGINT NOT NULL,
  paid BIGINT NOT NULL
);
CREATE INDEX bank_statement_recorded ON bank_statement (recorded DESC, id);
INSERT INTO bank_statement (id, recorded, entries, paid)
SELECT statement, max(recorded), count(*), count(*) FILTER (WHERE came_of_it = 'paid')
FROM statement_entry GROUP BY statement;

-- Payments of an amount that can be paid: what money without a reference may be meant for.
CREATE INDEX payment_open_amount ON payment (currency, amount, opened DESC, id)
WHERE state IN ('quoted', 'started', 'pending', 'failed');
