-- Deltas are folded into one row for each day and each combination of dimensions. A figure is what is folded plus the
-- deltas that are not folded yet, read in one statement, so it is exact at every commit.
ALTER TABLE delta ADD COLUMN folded BIGINT NOT NULL DEFAULT 0;
CREATE INDEX delta_open ON delta (id) WHERE folded = 0;

CREATE TABLE figure_day (
  indicator TEXT NOT NULL,
  day TEXT NOT NULL,
  d1 TEXT NOT NULL,
  d2 TEXT NOT NULL,
  d3 TEXT NOT NULL,
  number BIGINT NOT NULL,
  micros BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  PRIMARY KEY (indicator, day, d1, d2, d3)
);
CREATE INDEX figure_day_generation ON figure_day (generation);

-- One row. The generation grows with every folding; whoever remembers an older one reads what changed since. What was
-- remembered from before `rebuilt` is not to be used any more.
CREATE TABLE fold (
  id BIGINT PRIMARY KEY,
  generation BIGINT NOT NULL,
  rebuilt BIGINT NOT NULL
);
INSERT INTO fold (id, generation, rebuilt) VALUES (1, 0, 0);

-- Observations keep what they were before a correction, so that they too can be read as they stood.
CREATE TABLE observation_version (
  indicator TEXT NOT NULL,
  day TEXT NOT NULL,
  micros BIGINT NOT NULL,
  source TEXT NOT NULL,
  assumption BIGINT NOT NULL,
  recorded TEXT NOT NULL,
  PRIMARY KEY (indicator, day, recorded)
);
INSERT INTO observation_version SELECT indicator, day, micros, source, assumption, recorded FROM observation;
DROP TABLE observation;
