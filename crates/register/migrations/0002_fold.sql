-- By which version of the folding (base::fold::VERSION) a record was folded for the search. What was folded by an
-- older one is folded anew when the registers are opened.
ALTER TABLE record ADD COLUMN fold BIGINT NOT NULL DEFAULT 1;
