-- The order of the desk, for each role that a case waits for and each supervisor that it has come to: a page of the desk is
-- the beginning of a few ranges, however many cases wait. A case that nobody has to move is in none of them.
DROP INDEX case_queue;
DROP INDEX case_escalated;
CREATE INDEX case_desk ON case_file (duty, COALESCE(escalated, ''), COALESCE(due, '9999-12-31'), filed, reference)
  WHERE duty <> '-';
CREATE INDEX case_desk_of ON case_file
  (COALESCE(assignee, ''), duty, COALESCE(escalated, ''), COALESCE(due, '9999-12-31'), filed, reference)
  WHERE duty <> '-' AND duty <> 'applicant';
-- The cases of one applicant: what waits for them, and all of them, the last filed first.
CREATE INDEX case_waiting ON case_file (applicant, COALESCE(due, '9999-12-31'), filed, reference) WHERE duty = 'applicant';
DROP INDEX case_applicant;
CREATE INDEX case_own ON case_file (applicant, filed DESC, reference);
