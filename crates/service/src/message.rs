//! What people are told of their cases: facts, which pages and letters put into words in the reader's language. A
//! message is made in the transaction that brings the case into its state; the letter is sent afterwards, by a job.

use base::Money;
use jiff::civil::Date;
use pay::{Channel, Refund};
use serde_json::{Value as Json, json};
use store::{By, Tx};

use crate::{Case, Cases, ServiceError, sql};

/// The kind of the job that sends a letter.
pub const NOTIFY: &str = "notify";

/// Something that a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: i64,
    pub account: String,
    pub reference: String,
    /// The revision of the case that it tells of; together with the reference it names the event.
    pub revision: i64,
    pub service: String,
    pub version: String,
    pub state: String,
    pub action: String,
    pub note: Option<String>,
    pub due: Option<String>,
    /// When, RFC 3339.
    pub told: String,
    pub seen: bool,
    /// Whether a letter went out.
    pub mailed: bool,
    /// What of the fee was paid back, where it tells of that.
    pub paid_back: Option<PaidBack>,
}

/// Money that a payer got back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidBack {
    pub amount: Money,
    /// The way by which it went.
    pub way: String,
}

/// What is done to a case whose payer got money back.
const PAID_BACK: &str = "paid-back";

/// Tells the applicant where the case stands now, or what was paid back of its fee, and leaves a job to send the letter.
pub(crate) fn tell(tx: &mut Tx, case: &Case, paid_back: Option<&PaidBack>) {
    let now = tx.by().at;
    tx.append(
        sql::MESSAGE,
        vec![
            case.applicant.as_str().into(),
            case.reference.as_str().into(),
            case.revision.into(),
            case.service.as_str().into(),
            case.version.as_str().into(),
            case.state.as_str().into(),
            case.action.as_str().into(),
            case.note.clone().into(),
            case.due.clone().into(),
            base::stamp(now).into(),
            paid_back.map(|back| back.amount.minor).into(),
            paid_back.map(|back| back.amount.currency.code()).into(),
            paid_back.map(|back| back.way.as_str()).into(),
        ],
    );
    tx.job(NOTIFY, json!({"reference": case.reference, "revision": case.revision}), now);
}

impl Cases {
    /// Tells the payer of a fee that money of it has gone back. It is an event of the case, so that its history says so
    /// and the message has a revision of its own; where nobody knows whose the money was, nobody is told.
    pub(crate) async fn tell_paid_back(
        &self,
        tx: &mut Tx,
        refund: &Refund,
        channel: Channel,
        today: Date,
    ) -> Result<(), ServiceError> {
        if refund.payment.is_empty() {
            return Ok(());
        }
        let payment = self.payments.get(tx, &refund.payment).await?;
        let Some(before) = sql::case_by_reference(tx, &payment.about).await? else { return Ok(()) };
        let service = self.catalogue.version(&before.service, &before.version)?.clone();
        let case = Case { action: PAID_BACK.into(), note: None, ..before.clone() };
        let case = self.keep(tx, &service, &before, case, today).await?;
        let way = match channel {
            Channel::Provider => refund.way.clone(),
            Channel::Bank => "transfer".into(),
        };
        tell(tx, &case, Some(&PaidBack { amount: refund.amount, way }));
        Ok(())
    }

    /// What an account was told, the last first; `before` is the id of the last one of the page before.
    pub async fn messages(&self, account: &str, before: Option<i64>, limit: i64) -> Result<Vec<Message>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(sql::messages(&mut db, account, before.unwrap_or(i64::MAX), limit).await?)
    }

    /// How many messages an account has not seen.
    pub async fn unseen(&self, account: &str) -> Result<i64, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(sql::unseen(&mut db, account).await?)
    }

    /// Marks messages as seen, up to this one. It is the reader's own mark and changes nothing that others see, so the
    /// journal does not learn of it.
    pub async fn mark_seen(&self, by: By, up_to: i64) -> Result<(), ServiceError> {
        self.store
            .write(by, move |tx| {
                Box::pin(async move {
                    let (account, now) = (tx.by().actor.clone(), base::stamp(tx.by().at));
                    Ok(sql::mark_seen(tx, &account, up_to, &now).await?)
                })
            })
            .await
    }

    /// The message that a job is to send; `None` where there is none, or it was sent already.
    pub async fn to_mail(&self, payload: &Json) -> Result<Option<Message>, ServiceError> {
        let text = |name: &str| payload.get(name).and_then(Json::as_str);
        let (Some(reference), Some(revision)) = (text("reference"), payload.get("revision").and_then(Json::as_i64))
        else {
            return Ok(None);
        };
        let mut db = self.store.read().await?;
        Ok(sql::message_of(&mut db, reference, revision).await?.filter(|message| !message.mailed))
    }

    /// Notes that the letter of a message went out.
    pub async fn mark_mailed(&self, by: By, id: i64) -> Result<(), ServiceError> {
        self.store
            .write(by, move |tx| {
                Box::pin(async move {
                    let now = base::stamp(tx.by().at);
                    Ok(sql::mark_mailed(tx, id, &now).await?)
                })
            })
            .await
    }
}
