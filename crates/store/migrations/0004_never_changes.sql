-- What was written down stays as it is, whoever writes to the database.
{{NEVER_CHANGES journal}}
{{NEVER_CHANGES checkpoint}}
