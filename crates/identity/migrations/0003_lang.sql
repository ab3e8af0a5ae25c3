-- The language that somebody last used here, for letters.
ALTER TABLE account ADD COLUMN lang TEXT;
