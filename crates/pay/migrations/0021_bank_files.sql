-- Files of the bank as they came: what each brought, also where that was nothing new, and why one was refused.
CREATE TABLE bank_file (
  id {{SERIAL}},
  recorded TEXT NOT NULL,
  actor TEXT NOT NULL,
  name TEXT NOT NULL,
  kinds TEXT NOT NULL,
  reason TEXT NOT NULL,
  place TEXT NOT NULL,
  said TEXT NOT NULL,
  entries BIGINT NOT NULL,
  known BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  open BIGINT NOT NULL,
  refunds BIGINT NOT NULL,
  charges BIGINT NOT NULL,
  reversed BIGINT NOT NULL,
  others BIGINT NOT NULL,
  waiting BIGINT NOT NULL,
  aside BIGINT NOT NULL,
  unequal BIGINT NOT NULL
);

-- Entries are known by all that the bank says of them. Those from before have no account of their own.
ALTER TABLE statement_entry ADD COLUMN account TEXT;
ALTER TABLE statement_entry ADD COLUMN credit BIGINT;
ALTER TABLE statement_entry ADD COLUMN stated TEXT;
ALTER TABLE statement_entry ADD COLUMN bank_reference TEXT;
ALTER TABLE statement_entry ADD COLUMN end_to_end TEXT;
ALTER TABLE statement_entry ADD COLUMN likeness TEXT;
-- The entry of which this is a part; that entry itself stands there once more with all of its amount.
ALTER TABLE statement_entry ADD COLUMN part_of TEXT;
DROP INDEX statement_entry_statement;
CREATE INDEX statement_entry_day ON statement_entry (account, day);
CREATE INDEX statement_entry_aside ON statement_entry (recorded)
WHERE came_of_it IN ('aside-account', 'aside-currency');

-- What statements tell of: by it, exports that overlap are told from statements that follow one another.
CREATE TABLE bank_span (
  account TEXT NOT NULL,
  currency TEXT NOT NULL,
  statement TEXT NOT NULL,
  part TEXT NOT NULL,
  page TEXT NOT NULL,
  from_at TEXT NOT NULL,
  to_at TEXT NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  opening BIGINT,
  closing BIGINT,
  first_net BIGINT NOT NULL,
  last_net BIGINT NOT NULL,
  recorded TEXT NOT NULL,
  PRIMARY KEY (account, currency, statement, first_day, last_day)
);
CREATE INDEX bank_span_day ON bank_span (account, last_day);

-- What is announced and not booked for good: entries without a final status, reports within the day, notifications.
CREATE TABLE bank_notice (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  credit BIGINT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  statement TEXT NOT NULL,
  bank_reference TEXT,
  likeness TEXT NOT NULL,
  words TEXT NOT NULL,
  payer TEXT NOT NULL,
  parts {{JSON}} NOT NULL,
  recorded TEXT NOT NULL,
  settled TEXT,
  settled_by TEXT
);
CREATE INDEX bank_notice_waiting ON bank_notice (account, day) WHERE settled IS NULL;

-- What was taken in before.
INSERT INTO bank_file (recorded, actor, name, kinds, reason, place, said, entries, known, paid, open, refunds, charges,
  reversed, others, waiting, aside, unequal)
SELECT recorded, '', id, 'camt.053', '', '', '', entries, 0, paid, entries - paid, 0, 0, 0, 0, 0, 0, 0
FROM bank_statement ORDER BY recorded, id;
DROP TABLE bank_statement;
