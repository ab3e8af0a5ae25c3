-- Cases as they stand now; what happened to them stands in the journal.
CREATE TABLE case_file (
  reference TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  version TEXT NOT NULL,
  applicant TEXT NOT NULL,
  applicant_name TEXT NOT NULL,
  state TEXT NOT NULL,
  duty TEXT NOT NULL,
  outcome TEXT,
  assignee TEXT,
  filed TEXT NOT NULL,
  due TEXT,
  closed TEXT,
  days BIGINT,
  on_time BIGINT,
  seat TEXT,
  answers {{JSON}} NOT NULL,
  revision BIGINT NOT NULL,
  action TEXT NOT NULL,
  note TEXT
);
CREATE INDEX case_applicant ON case_file (applicant, filed);
CREATE INDEX case_duty ON case_file (duty, due, reference);
CREATE INDEX case_seat ON case_file (service, seat);

-- Definitions that cases were filed under.
CREATE TABLE service_version (
  service TEXT NOT NULL,
  version TEXT NOT NULL,
  definition {{JSON}} NOT NULL,
  PRIMARY KEY (service, version)
);

CREATE TABLE draft (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  service TEXT NOT NULL,
  answers {{JSON}} NOT NULL,
  changed TEXT NOT NULL
);
CREATE INDEX draft_account ON draft (account, changed);

-- One answer for each key of each account, whatever is sent again.
CREATE TABLE filing_key (
  account TEXT NOT NULL,
  filing_key TEXT NOT NULL,
  body TEXT NOT NULL,
  reference TEXT NOT NULL,
  PRIMARY KEY (account, filing_key)
);

CREATE TABLE document (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  added TEXT NOT NULL
);
