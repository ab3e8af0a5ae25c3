-- Files that were sent and that no case has yet. What was there before belongs to cases.
CREATE TABLE document_waiting (
  document TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  added TEXT NOT NULL
);
