-- Payments as they stand now; what happened to them stands in their events and in the journal.
CREATE TABLE payment (
  id TEXT PRIMARY KEY,
  about TEXT NOT NULL UNIQUE,
  service TEXT NOT NULL,
  entity TEXT NOT NULL,
  payer TEXT NOT NULL,
  payer_name TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  refunded BIGINT NOT NULL,
  state TEXT NOT NULL,
  way TEXT,
  attempts BIGINT NOT NULL,
  opened TEXT NOT NULL,
  expires TEXT,
  paid TEXT,
  receipt TEXT,
  fee {{JSON}} NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX payment_payer ON payment (payer, opened);
CREATE INDEX payment_state ON payment (state, opened);
CREATE INDEX payment_paid ON payment (paid, way);

-- Each time that somebody sets out to pay.
CREATE TABLE payment_attempt (
  id TEXT PRIMARY KEY,
  payment TEXT NOT NULL,
  way TEXT NOT NULL,
  state TEXT NOT NULL,
  begun TEXT NOT NULL
);
CREATE INDEX payment_attempt_payment ON payment_attempt (payment);
CREATE INDEX payment_attempt_state ON payment_attempt (state, begun);

-- All that ways to pay have said, once each, with what came of it.
CREATE TABLE payment_event (
  way TEXT NOT NULL,
  event TEXT NOT NULL,
  payment TEXT NOT NULL,
  attempt TEXT NOT NULL,
  kind TEXT NOT NULL,
  recorded TEXT NOT NULL,
  amount BIGINT,
  currency TEXT,
  came_of_it TEXT NOT NULL,
  PRIMARY KEY (way, event)
);
CREATE INDEX payment_event_payment ON payment_event (payment, recorded);

-- Numbers of receipts, without gaps for each entity and year.
CREATE TABLE receipt_counter (
  entity TEXT NOT NULL,
  year BIGINT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (entity, year)
);

-- Where what we know and what a way to pay says do not agree.
CREATE TABLE payment_difference (
  id TEXT PRIMARY KEY,
  found TEXT NOT NULL,
  day TEXT NOT NULL,
  way TEXT NOT NULL,
  kind TEXT NOT NULL,
  payment TEXT,
  currency TEXT NOT NULL,
  ours BIGINT,
  theirs BIGINT,
  cleared TEXT,
  cleared_by TEXT,
  note TEXT
);
CREATE INDEX payment_difference_open ON payment_difference (cleared, found);

-- Messages that came in the name of a way to pay and were not believed.
CREATE TABLE payment_alarm (
  id {{SERIAL}},
  recorded TEXT NOT NULL,
  way TEXT NOT NULL,
  reason TEXT NOT NULL,
  body TEXT NOT NULL
);

CREATE TABLE refund (
  id TEXT PRIMARY KEY,
  payment TEXT NOT NULL,
  entity TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  asked TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  decided TEXT,
  decided_by TEXT
);
CREATE INDEX refund_payment ON refund (payment);
CREATE INDEX refund_state ON refund (state, asked);
