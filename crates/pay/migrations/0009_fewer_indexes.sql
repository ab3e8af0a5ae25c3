-- Each index that a payment touches is a page to write at each commit.

-- Who asks for payments that can be paid finds them by `payment_open_amount`.
DROP INDEX payment_state;

-- Attempts stand with their payment; those that are over need no index of their state.
CREATE TABLE payment_attempt_of (
  payment TEXT NOT NULL,
  id TEXT NOT NULL,
  way TEXT NOT NULL,
  state TEXT NOT NULL,
  begun TEXT NOT NULL,
  PRIMARY KEY (payment, id)
){{CLUSTERED}};
INSERT INTO payment_attempt_of (payment, id, way, state, begun) SELECT payment, id, way, state, begun FROM payment_attempt;
DROP TABLE payment_attempt;
ALTER TABLE payment_attempt_of RENAME TO payment_attempt;
CREATE INDEX payment_attempt_open ON payment_attempt (way, begun) WHERE state = 'open';
