-- Orders to the bank, as they were handed out: what was ordered is not ordered again by the next one.
CREATE TABLE bank_order (
  id TEXT PRIMARY KEY,
  day TEXT NOT NULL,
  made TEXT NOT NULL,
  made_by TEXT NOT NULL,
  transfers BIGINT NOT NULL,
  hash TEXT NOT NULL,
  content TEXT NOT NULL
);
CREATE INDEX bank_order_made ON bank_order (made, id);
CREATE INDEX bank_order_day ON bank_order (day);
ALTER TABLE refund ADD COLUMN ordered TEXT;
