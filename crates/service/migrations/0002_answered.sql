-- Keys of filings are kept by the store now, together with the whole answer.
DROP TABLE filing_key;
-- The order of the desk; a case without a day that it is due on comes last on either engine.
CREATE INDEX case_queue ON case_file (duty, COALESCE(due, '9999-12-31'), filed, reference);
