-- What was posted is put right by a transfer that reverses it, never by a change.
{{NEVER_CHANGES ledger_transfer}}
{{NEVER_CHANGES ledger_posting}}
