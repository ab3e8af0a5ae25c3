-- The role that sees an overdue case first, while it stands where it stood when its time ran out.
ALTER TABLE case_file ADD COLUMN escalated TEXT;
CREATE INDEX case_escalated ON case_file (escalated, due, filed, reference) WHERE escalated IS NOT NULL;
