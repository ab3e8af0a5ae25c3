-- What the journal holds of cases, with what people were told of them, of files and of versions of services. Whether a
-- message was seen and its letter went out is not among it.
{{PRINTS case: case_file reference; message reference -seen -mailed}}
{{PRINTS document: document id}}
{{PRINTS service-version: service_version (service || ' ' || version)}}
CREATE INDEX service_version_row ON service_version ((service || ' ' || version));
-- The journal learns of the files and versions that are there.
INSERT INTO journal (recorded, actor, cause, source, kind, row_key, effective, after)
  SELECT added, account, 'migration', 'document', 'document', id, substr(added, 1, 10), CAST('{}' AS {{JSON}}) FROM document;
INSERT INTO journal (recorded, actor, cause, source, kind, row_key, effective, after)
  SELECT '2000-01-01T00:00:00Z', 'system', 'migration', 'service-version', service, service || ' ' || version, '2000-01-01',
    CAST('{}' AS {{JSON}}) FROM service_version;
