-- The print of the row that an entry is about, as it stood after the change: what no document tells is held by it.
ALTER TABLE journal ADD COLUMN print TEXT;
