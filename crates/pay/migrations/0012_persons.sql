-- Who has had a hand in what, so that nobody is their own second person.
CREATE TABLE hand (
  about TEXT NOT NULL,
  person TEXT NOT NULL,
  part TEXT NOT NULL,
  recorded TEXT NOT NULL,
  PRIMARY KEY (about, person, part)
){{CLUSTERED}};
INSERT INTO hand (about, person, part, recorded)
SELECT CASE payment WHEN '' THEN 'refund/' || id ELSE 'payment/' || payment END, asked_by, 'asked', min(asked)
FROM refund GROUP BY 1, 2;
INSERT INTO hand (about, person, part, recorded)
SELECT 'loan/' || row_key, actor, 'agreed', min(recorded) FROM journal WHERE source = 'loan' AND before IS NULL GROUP BY 1, 2;
INSERT INTO hand (about, person, part, recorded)
SELECT 'loan/' || id, opened_by, 'asked', opened FROM loan WHERE state IN ('to-reschedule', 'to-write-off');
INSERT INTO hand (about, person, part, recorded)
SELECT 'budget/' || id, asked_by, 'asked', asked FROM budget_change WHERE state = 'asked';
INSERT INTO hand (about, person, part, recorded)
SELECT 'settlement/' || id, agent, 'asked', asked FROM till_settlement WHERE state = 'asked';

-- What is proposed about a refund that is approved, and the difference that it comes from.
ALTER TABLE refund ADD COLUMN proposal TEXT;
ALTER TABLE refund ADD COLUMN difference TEXT;
CREATE INDEX refund_iban ON refund (iban) WHERE iban IS NOT NULL;

-- What is proposed about a difference, and waits for a second person.
ALTER TABLE payment_difference ADD COLUMN proposal TEXT;
ALTER TABLE payment_difference ADD COLUMN proposal_note TEXT;
ALTER TABLE payment_difference ADD COLUMN proposed_by TEXT;
