-- The attempt that a refund goes back to, as its provider calls it; without one the refund leaves by the bank.
ALTER TABLE refund ADD COLUMN attempt TEXT;
CREATE INDEX payment_difference_note ON payment_difference (note);

-- Refunds that have not left yet: money out of suspense goes back to the attempt of the message that brought it, any
-- other to the attempt that paid.
UPDATE refund SET attempt = (
  SELECT max(e.attempt) FROM payment_difference d JOIN payment_event e
  ON e.way = d.way AND d.id = e.way || '-' || e.event || '-' || d.kind
  WHERE d.way = refund.way AND d.kind = refund.reason AND d.note IN (refund.id, refund.payment)
) WHERE state IN ('asked', 'approved') AND way NOT IN ('transfer', 'cash', 'waiver');
UPDATE refund SET attempt = (
  SELECT max(e.attempt) FROM payment_event e
  WHERE e.payment = refund.payment AND e.way = refund.way AND e.kind = 'succeed' AND e.came_of_it = 'paid'
) WHERE attempt IS NULL AND state IN ('asked', 'approved') AND way NOT IN ('transfer', 'cash', 'waiver');
