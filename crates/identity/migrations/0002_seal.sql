-- The key under which this system signs receipts and certificates. There is one row.
CREATE TABLE seal (
  one BIGINT PRIMARY KEY,
  seed TEXT NOT NULL
);
