//! The tables of payments; the statements stand with what they are about.

use store::Migration;

/// The tables of the ledger and of payments.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "pay-0001-ledger", sql: include_str!("../migrations/0001_ledger.sql") },
    Migration { name: "pay-0002-payments", sql: include_str!("../migrations/0002_payments.sql") },
    Migration { name: "pay-0003-bank-and-tills", sql: include_str!("../migrations/0003_bank_and_tills.sql") },
    Migration { name: "pay-0004-loans-and-budget", sql: include_str!("../migrations/0004_loans_and_budget.sql") },
    Migration { name: "pay-0005-reconciliation", sql: include_str!("../migrations/0005_reconciliation.sql") },
    Migration { name: "pay-0006-refunds-told", sql: include_str!("../migrations/0006_refunds_told.sql") },
    Migration { name: "pay-0007-refunds-attempt", sql: include_str!("../migrations/0007_refunds_attempt.sql") },
    Migration { name: "pay-0008-statements", sql: include_str!("../migrations/0008_statements.sql") },
    Migration { name: "pay-0009-fewer-indexes", sql: include_str!("../migrations/0009_fewer_indexes.sql") },
    Migration { name: "pay-0010-never-changes", sql: include_str!("../migrations/0010_never_changes.sql") },
    Migration { name: "pay-0011-bank-balances", sql: include_str!("../migrations/0011_bank_balances.sql") },
    Migration { name: "pay-0012-persons", sql: include_str!("../migrations/0012_persons.sql") },
    Migration { name: "pay-0013-orders", sql: include_str!("../migrations/0013_orders.sql") },
    Migration { name: "pay-0014-proved", sql: include_str!("../migrations/0014_proved.sql") },
    Migration { name: "pay-0015-enquiries", sql: include_str!("../migrations/0015_enquiries.sql") },
    Migration { name: "pay-0016-prints", sql: include_str!("../migrations/0016_prints.sql") },
    Migration { name: "pay-0021-bank-files", sql: include_str!("../migrations/0021_bank_files.sql") },
];
