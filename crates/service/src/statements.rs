//! Files of the bank: taken in portion by portion, so that those who apply meanwhile do not wait long, and each fee that
//! is paid by one lets its case go on in the same transaction.

use pay::{
    Channel, Payment,
    bank::{self, Aside, AtBank, Entry, Expected, Head, Imported, Refused, Statement, TakenIn},
};
use store::By;

use crate::{Cases, LAST_SHOWN, ServiceError, Unmatched};

/// What the bank has told: the files that came, what was on each account at last, what waits or stands aside, and the
/// money that nobody could be found for.
#[derive(Debug, Clone)]
pub struct BankDesk {
    pub taken_in: Vec<TakenIn>,
    pub at_bank: Vec<AtBank>,
    pub expected: Vec<Expected>,
    pub aside: Vec<Aside>,
    /// The first of it, and how much there is.
    pub unmatched: Vec<Unmatched>,
    pub unmatched_count: i64,
}

impl Cases {
    /// Prepares a statement of a file to be taken in.
    pub async fn statement_begins(&self, head: &Head) -> Result<Statement, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(bank::begin(&mut db, &self.payments, head).await?)
    }

    /// Takes in some entries of a statement: what is known to belong to a payment pays it, the rest waits for somebody to
    /// look at it. Whatever was taken in before is left alone.
    pub async fn take_in_portion(
        &self,
        by: By,
        statement: &Statement,
        entries: Vec<Entry>,
    ) -> Result<Imported, ServiceError> {
        let today = self.calendar.local_date(by.at);
        let (this, statement, entries) =
            (self.clone(), std::sync::Arc::new(statement.clone()), std::sync::Arc::new(entries));
        self.store
            .write(by, move |tx| {
                let (this, statement, entries) = (this.clone(), statement.clone(), entries.clone());
                Box::pin(async move {
                    let took = bank::portion(tx, &this.payments, &statement, &entries, today).await?;
                    for payment in &took.paid {
                        this.fee_is_paid(tx, payment, today).await?;
                    }
                    for refund in &took.left {
                        this.tell_paid_back(tx, refund, Channel::Bank, today).await?;
                    }
                    Ok::<_, ServiceError>(took.done)
                })
            })
            .await
    }

    /// A statement is taken in to its end; how many of its balances do not follow.
    pub async fn statement_ends(&self, by: By, statement: &Statement) -> Result<usize, ServiceError> {
        let statement = statement.clone();
        self.finance(by, move |tx, _, today| {
            let statement = statement.clone();
            Box::pin(async move { bank::end(tx, &statement, today).await })
        })
        .await
    }

    /// Writes down that a file was taken in.
    pub async fn file_taken_in(
        &self,
        by: By,
        name: &str,
        heads: &[Head],
        brought: Imported,
    ) -> Result<(), ServiceError> {
        let (name, heads) = (name.to_owned(), heads.to_vec());
        self.finance(by, move |tx, _, _| {
            let (name, heads) = (name.clone(), heads.clone());
            Box::pin(async move { Ok(bank::took(tx, &name, &heads, &brought).await?) })
        })
        .await
    }

    /// Writes down that a file was refused, and why.
    pub async fn file_refused(&self, by: By, name: &str, refused: &Refused) -> Result<(), ServiceError> {
        let (name, refused) = (name.to_owned(), refused.clone());
        self.finance(by, move |tx, _, _| {
            let (name, refused) = (name.clone(), refused.clone());
            Box::pin(async move { Ok(bank::refuse(tx, &name, &refused).await?) })
        })
        .await
    }

    /// Takes money that waits in suspense for one payment or several, and lets their cases go on.
    pub async fn assign_to(&self, by: By, difference: &str, payments: &[String]) -> Result<Vec<Payment>, ServiceError> {
        let today = self.calendar.local_date(by.at);
        let (this, difference, ids) = (self.clone(), difference.to_owned(), payments.to_vec());
        self.store
            .write(by, move |tx| {
                let (this, difference, ids) = (this.clone(), difference.clone(), ids.clone());
                Box::pin(async move {
                    let paid = this.payments.assign_to(tx, &difference, &ids, today).await?;
                    for payment in &paid {
                        this.fee_is_paid(tx, payment, today).await?;
                    }
                    Ok::<_, ServiceError>(paid)
                })
            })
            .await
    }

    /// What the bank has told.
    pub async fn statements(&self) -> Result<BankDesk, ServiceError> {
        let mut db = self.store.read().await?;
        let mut unmatched = Vec::new();
        for difference in self.payments.in_suspense_of(&mut db, "transfer", 100).await? {
            let words = self.payments.words_of(&mut db, &difference).await?.unwrap_or_default();
            let minor = difference.theirs.unwrap_or_default();
            let money = base::Money { minor, currency: difference.currency };
            let like = bank::open_like(&mut db, money, 5).await?;
            unmatched.push(Unmatched { difference, words, like });
        }
        Ok(BankDesk {
            taken_in: bank::taken_in(&mut db, LAST_SHOWN).await?,
            at_bank: bank::at_bank(&mut db).await?,
            expected: bank::expected(&mut db, 100).await?,
            aside: bank::aside(&mut db, 100).await?,
            unmatched_count: self.payments.in_suspense_count(&mut db, "transfer").await?,
            unmatched,
        })
    }
}
