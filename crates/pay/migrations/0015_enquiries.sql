-- When an attempt that nobody has answered is asked after next, and how often it was.
ALTER TABLE payment_attempt ADD COLUMN due TEXT;
ALTER TABLE payment_attempt ADD COLUMN enquiries BIGINT NOT NULL DEFAULT 0;
UPDATE payment_attempt SET due = begun WHERE state = 'open';
DROP INDEX payment_attempt_open;
CREATE INDEX payment_attempt_due ON payment_attempt (way, due) WHERE state = 'open';
