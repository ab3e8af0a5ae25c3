-- When a provider was told to give a refund back: from then on it is not sent anywhere else.
ALTER TABLE refund ADD COLUMN told TEXT;
