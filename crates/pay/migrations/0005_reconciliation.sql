-- What a message was signed with, so that one that comes again to the letter is known as such.
ALTER TABLE payment_event ADD COLUMN signature TEXT;

-- Days that were closed with a way to pay: what we knew beside what its provider said, by currency.
CREATE TABLE day_close (
  way TEXT NOT NULL,
  day TEXT NOT NULL,
  currency TEXT NOT NULL,
  ours_number BIGINT NOT NULL,
  ours BIGINT NOT NULL,
  theirs_number BIGINT NOT NULL,
  theirs BIGINT NOT NULL,
  refunded BIGINT NOT NULL,
  handed_over BIGINT NOT NULL,
  closed TEXT NOT NULL,
  closed_by TEXT NOT NULL,
  PRIMARY KEY (way, day, currency)
);

-- Who a refund goes to, and where; without an account it goes back by the way it came.
ALTER TABLE refund ADD COLUMN payee TEXT;
ALTER TABLE refund ADD COLUMN iban TEXT;
ALTER TABLE refund ADD COLUMN way TEXT;

-- Who has paid, as the bank says.
ALTER TABLE statement_entry ADD COLUMN payer TEXT;
ALTER TABLE statement_entry ADD COLUMN payer_iban TEXT;
CREATE INDEX statement_entry_payment ON statement_entry (payment);
CREATE INDEX payment_difference_payment ON payment_difference (payment);

-- The months that somebody has proposed for what is left of a loan, and that a second person decides on.
ALTER TABLE loan ADD COLUMN proposal TEXT;
