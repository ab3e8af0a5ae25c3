-- What the journal holds of accounts and of the key of the seal without telling it.
{{PRINTS account: account id}}
{{PRINTS seal: seal (CAST(one AS TEXT))}}
-- The journal learns of the key that is there.
INSERT INTO journal (recorded, actor, cause, source, kind, row_key, effective, after)
  SELECT '2000-01-01T00:00:00Z', 'system', 'migration', 'seal', 'seal', CAST(one AS TEXT), '2000-01-01', CAST('{}' AS {{JSON}})
  FROM seal;
