-- What was paid back, and by which way, where a message tells of that.
ALTER TABLE message ADD COLUMN paid_back BIGINT;
ALTER TABLE message ADD COLUMN paid_back_currency TEXT;
ALTER TABLE message ADD COLUMN paid_back_way TEXT;
