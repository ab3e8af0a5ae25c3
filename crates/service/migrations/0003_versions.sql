-- Definitions are kept as they were written: the order of states and questions means something, and a document of
-- PostgreSQL does not keep it.
CREATE TABLE service_version_text (
  service TEXT NOT NULL,
  version TEXT NOT NULL,
  definition TEXT NOT NULL,
  PRIMARY KEY (service, version)
);
INSERT INTO service_version_text (service, version, definition)
  SELECT service, version, CAST(definition AS TEXT) FROM service_version;
DROP TABLE service_version;
ALTER TABLE service_version_text RENAME TO service_version;
