-- What the journal holds of observations, with what they were before each correction.
{{PRINTS observation: observation_version (indicator || ' ' || day)}}
CREATE INDEX observation_version_row ON observation_version ((indicator || ' ' || day));
