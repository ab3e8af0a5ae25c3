//! Accounts: whose money it is, what for, and in which currency.

use std::fmt;

use base::{Currency, Money};

/// On which side of the books an account grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is owned or spent grows by debits.
    Debit,
    /// What is owed or earned grows by credits.
    Credit,
}

macro_rules! purposes {
    ($($(#[$doc:meta])* $name:ident $text:literal $side:ident $least:expr;)*) => {
        /// What an account is for. Each purpose says on which side its accounts grow and how little they may hold.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Purpose { $($(#[$doc])* $name,)* }

        impl Purpose {
            pub const ALL: &[Purpose] = &[$(Purpose::$name,)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Purpose::$name => $text,)* }
            }

            pub fn side(self) -> Side {
                match self { $(Purpose::$name => Side::$side,)* }
            }

            /// The least that an account may hold, in minor units on its own side; `None` where there is no limit.
            pub fn least(self) -> Option<i64> {
                match self { $(Purpose::$name => $least,)* }
            }
        }
    };
}

purposes! {
    /// Fees earned.
    Fees "fees" Credit None;
    /// Fees that a rule lets the payer off.
    Waived "waived" Debit None;
    /// What a payment provider has taken for us and not yet handed over; the detail names it.
    Clearing "clearing" Debit None;
    /// Cash in the till of an agent; the detail names the agent.
    Till "till" Debit Some(0);
    /// The bank account of the treasury.
    Treasury "treasury" Debit None;
    /// What a payment provider keeps for its work.
    Charges "charges" Debit None;
    /// Money that came and is not yet known to belong to a payment, or came twice.
    Suspense "suspense" Credit Some(0);
    /// What is to be paid back and has not left yet.
    RefundsDue "refunds-due" Credit Some(0);
    /// What was lost to payers who disputed a payment.
    DisputesLost "disputes-lost" Debit None;
    /// What the budget grants to a line; the detail names line, year and source.
    Appropriation "appropriation" Credit None;
    /// What of a line nobody has promised yet.
    Available "available" Debit Some(0);
    /// What is promised to suppliers.
    Committed "committed" Debit Some(0);
    /// What was spent.
    Spent "spent" Debit None;
    /// Money that a bank has set aside for loans.
    LoanFunds "loan-funds" Debit Some(0);
    /// Where the money for loans came from.
    LoanCapital "loan-capital" Credit None;
    /// What a borrower owes of the sum that was lent or of the price that was agreed; the detail names the loan.
    LoanPrincipal "loan-principal" Debit Some(0);
    /// Interest that has fallen due and is not paid; the detail names the loan.
    LoanInterestDue "loan-interest-due" Debit Some(0);
    /// The part of a murabaha price that is profit and not yet earned; the detail names the loan.
    LoanDeferredProfit "loan-deferred-profit" Credit Some(0);
    /// Interest and profit earned.
    LoanIncome "loan-income" Credit None;
    /// Loans that were given up.
    LoanWrittenOff "loan-written-off" Debit None;
}

impl Purpose {
    pub fn parse(text: &str) -> Option<Purpose> {
        Purpose::ALL.iter().copied().find(|purpose| purpose.as_str() == text)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An account of the ledger: one for each entity, purpose, detail and currency.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    pub entity: String,
    pub purpose: Purpose,
    /// Tells apart accounts of one purpose; mostly empty.
    pub detail: String,
    pub currency: Currency,
}

impl Account {
    pub fn new(entity: &str, purpose: Purpose, currency: Currency) -> Account {
        Account { entity: entity.to_owned(), purpose, detail: String::new(), currency }
    }

    pub fn of(entity: &str, purpose: Purpose, detail: &str, currency: Currency) -> Account {
        Account { detail: detail.to_owned(), ..Account::new(entity, purpose, currency) }
    }

    /// The account's key, such as `telecom-ministry/clearing/card/ILS`.
    pub fn id(&self) -> String {
        format!("{}/{}/{}/{}", self.entity, self.purpose, self.detail, self.currency.code())
    }

    /// A balance as people read it: what an account has grown by on its own side is positive.
    pub fn natural(&self, debits_less_credits: i64) -> i64 {
        match self.purpose.side() {
            Side::Debit => debits_less_credits,
            Side::Credit => -debits_less_credits,
        }
    }
}

/// What an account holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    pub account: Account,
    /// Minor units, on the account's own side.
    pub minor: i64,
    /// How much of it is held back for something that was promised.
    pub held: i64,
}

impl Balance {
    pub fn money(&self) -> Money {
        Money { minor: self.minor, currency: self.account.currency }
    }

    /// What is neither spent nor held.
    pub fn free(&self) -> i64 {
        self.minor - self.held
    }
}
