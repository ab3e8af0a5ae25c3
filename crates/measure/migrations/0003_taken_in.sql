-- What a pack said when it was taken in: each observation once for its content, so that corrections made since stand.
CREATE TABLE observation_taken_in (
  indicator TEXT NOT NULL,
  day TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (indicator, day)
);
