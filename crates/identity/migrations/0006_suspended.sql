-- Since when an account cannot be used, and nothing where it can.
ALTER TABLE account ADD COLUMN suspended TEXT;
