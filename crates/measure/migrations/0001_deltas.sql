-- What each change adds to each indicator. Rows are only ever added; a figure is their sum, and the rows behind a
-- figure are those whose sum is not nothing.
CREATE TABLE delta (
  id {{SERIAL}},
  indicator TEXT NOT NULL,
  day TEXT NOT NULL,
  d1 TEXT NOT NULL,
  d2 TEXT NOT NULL,
  d3 TEXT NOT NULL,
  number BIGINT NOT NULL,
  micros BIGINT NOT NULL,
  row_key TEXT NOT NULL,
  recorded TEXT NOT NULL
);
CREATE INDEX delta_indicator ON delta (indicator, day);

-- Values that come from outside, each with its source.
CREATE TABLE observation (
  indicator TEXT NOT NULL,
  day TEXT NOT NULL,
  micros BIGINT NOT NULL,
  source TEXT NOT NULL,
  assumption BIGINT NOT NULL,
  recorded TEXT NOT NULL,
  PRIMARY KEY (indicator, day)
);
