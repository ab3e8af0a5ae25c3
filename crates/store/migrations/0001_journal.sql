-- The one log of every change, and the outbox of work to be done after commit.
CREATE TABLE journal (
  seq {{SERIAL}},
  recorded TEXT NOT NULL,
  actor TEXT NOT NULL,
  cause TEXT NOT NULL,
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  row_key TEXT NOT NULL,
  effective TEXT NOT NULL,
  before {{JSON}},
  after {{JSON}}
);
CREATE INDEX journal_row ON journal (source, row_key, seq);

CREATE TABLE job (
  id {{SERIAL}},
  kind TEXT NOT NULL,
  payload {{JSON}} NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due TEXT NOT NULL,
  error TEXT
);
CREATE INDEX job_due ON job (state, due);
