-- A record gives its values back without a look at all others of its register, and is found by a value alone.
CREATE INDEX record_key_record ON record_key (record);
CREATE INDEX record_key_value ON record_key (register, value);
-- Values of fields that have been emptied since belong to nobody.
DELETE FROM record_key WHERE NOT EXISTS
  (SELECT 1 FROM record r WHERE r.id = record_key.record AND COALESCE(r.doc ->> record_key.field, '') <> '');
