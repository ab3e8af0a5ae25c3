-- Attempts that were not proven right, counted for whom they concern and for where they come from.
CREATE TABLE throttle (
  bucket TEXT PRIMARY KEY,
  count BIGINT NOT NULL,
  last TEXT NOT NULL,
  until TEXT NOT NULL
);
CREATE INDEX throttle_last ON throttle (last);
-- From where an account was used before, as hashes: failures of others keep nobody out there.
CREATE TABLE known_place (
  account TEXT NOT NULL,
  place TEXT NOT NULL,
  seen TEXT NOT NULL,
  PRIMARY KEY (account, place)
);
CREATE INDEX known_place_seen ON known_place (seen);
DROP TABLE sign_in_failure;
