//! What came in: by entity, service, way and currency, and the daily close of a way.

use base::{Currency, Money};
use store::Session;

use crate::{Payment, PaymentError, Payments, payment::sql};

/// What one service took in one way and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revenue {
    pub entity: String,
    pub service: String,
    pub way: String,
    pub currency: Currency,
    pub number: i64,
    pub minor: i64,
    pub refunded: i64,
}

impl Revenue {
    pub fn money(&self) -> Money {
        Money { minor: self.minor, currency: self.currency }
    }
}

impl Payments {
    /// What came in from one day to another, both included.
    pub async fn revenue(&self, db: &mut Session, from: &str, to: &str) -> Result<Vec<Revenue>, PaymentError> {
        Ok(sql::revenue(db, from, to).await?)
    }

    /// The payments that were paid from one day to another, both included, oldest first.
    pub async fn paid_between(
        &self,
        db: &mut Session,
        from: &str,
        to: &str,
        limit: i64,
    ) -> Result<Vec<Payment>, PaymentError> {
        Ok(sql::paid_between(db, from, to, limit).await?)
    }
}
