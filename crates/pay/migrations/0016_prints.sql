-- What the journal holds of what is paid without telling it. Postings are told whole, so they need no print.
{{PRINTS payment: payment id}}
{{PRINTS refund: refund id}}
{{PRINTS till: till_settlement id}}
{{PRINTS difference: payment_difference id}}
{{PRINTS hold: ledger_hold id}}
{{PRINTS loan: loan id; loan_tranche loan; loan_instalment loan}}
{{PRINTS budget: budget_change id}}
{{PRINTS close: day_close (way || '/' || day || '/' || currency)}}
{{PRINTS bank-balance: bank_balance (account || '/' || statement)}}
CREATE INDEX day_close_row ON day_close ((way || '/' || day || '/' || currency));
CREATE INDEX bank_balance_row ON bank_balance ((account || '/' || statement));
