-- One answer for each key of each account, whatever is sent again.
CREATE TABLE answered (
  account TEXT NOT NULL,
  request_key TEXT NOT NULL,
  request TEXT NOT NULL,
  answer {{JSON}} NOT NULL,
  recorded TEXT NOT NULL,
  PRIMARY KEY (account, request_key)
);
