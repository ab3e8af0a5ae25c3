//! Signing in and out. A session is kept by the hash of its token, so the database alone lets nobody in.

use std::{net::IpAddr, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::{By, Change};

use crate::{
    Account, Attempt, Identity, IdentityError, Tried, sql,
    throttle::{self, Counted},
};

const SESSION_HOURS: i64 = 12;

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub account: Account,
    /// What every form of this session carries.
    pub csrf: String,
    pub expires: String,
}

/// The answer to a sign-in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For the person alone; it stands nowhere else.
    pub token: String,
    pub expires: String,
    pub account: Account,
}

pub(crate) fn hashed(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn text_of(random: [u8; 32]) -> String {
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn after(now: Timestamp, length: SignedDuration) -> Timestamp {
    now.checked_add(length).unwrap_or(Timestamp::MAX)
}

impl Identity {
    /// Signs in with e-mail and password, `from` an address; `random` becomes the token.
    pub async fn sign_in(
        &self,
        (email, password): (&str, &str),
        from: IpAddr,
        random: [u8; 32],
        now: Timestamp,
    ) -> Result<SignedIn, IdentityError> {
        let email = base::email::key(email);
        let mut db = self.store.read().await?;
        let found = sql::account_by_email(&mut db, &email).await?;
        drop(db);
        let shown = found.map(|(_, hash)| hash);
        let counted = Arc::new(self.prove(&email, shown.clone(), password, from, now).await?);
        let by = By::new("system", "sign-in", now);
        let token = text_of(random);
        let expires = base::stamp(after(now, SignedDuration::from_hours(SESSION_HOURS)));
        let (hash, until) = (hashed(&token), expires.clone());
        let account = self
            .store
            .write(by, move |tx| {
                let (hash, until, email) = (hash.clone(), until.clone(), email.clone());
                let (shown, counted) = (shown.clone(), counted.clone());
                Box::pin(async move {
                    throttle::proven(tx, &counted).await?;
                    let now = base::stamp(tx.by().at);
                    sql::drop_expired(tx, &now).await?;
                    // Meanwhile the password may be another, or the account suspended.
                    let now = sql::account_by_email(tx, &email).await?.filter(|(_, hash)| Some(hash) == shown.as_ref());
                    let Some((account, _)) = now.filter(|(account, _)| account.suspended.is_none()) else {
                        return Ok::<_, IdentityError>(None);
                    };
                    sql::add_session(tx, &hash, &account.id, &until).await?;
                    Ok(Some(account))
                })
            })
            .await?;
        let account = account.ok_or(IdentityError::WrongCredentials)?;
        Ok(SignedIn { token, expires, account })
    }

    /// Whether the password is the one that was hashed; without a hash it is not. The attempt is counted before, and
    /// stays counted where it was wrong.
    pub(crate) async fn prove(
        &self,
        email: &str,
        hash: Option<String>,
        password: &str,
        from: IpAddr,
        now: Timestamp,
    ) -> Result<Counted, IdentityError> {
        let counted = self.count(Attempt::new(Tried::Password, email, from), now).await?;
        match self.hasher.verify(password.to_owned(), hash).await {
            Ok(true) => Ok(counted),
            Ok(false) => Err(IdentityError::WrongCredentials),
            Err(error) => {
                self.take_back(counted, now).await?;
                Err(error)
            }
        }
    }

    /// A token for a program that acts for an account, without its password; `None` where there is no such account.
    /// A new password of the account takes it away.
    pub async fn issue_token(
        &self,
        by: By,
        email: &str,
        random: [u8; 32],
        length: SignedDuration,
    ) -> Result<Option<SignedIn>, IdentityError> {
        let email = base::email::key(email);
        let (token, expires) = (text_of(random), base::stamp(after(by.at, length)));
        let (hash, until) = (hashed(&token), expires.clone());
        let account = self
            .store
            .write(by, move |tx| {
                let (hash, email, until) = (hash.clone(), email.clone(), until.clone());
                Box::pin(async move {
                    let found = sql::account_by_email(tx, &email).await?.map(|(account, _)| account);
                    let Some(account) = found.filter(|account| account.suspended.is_none()) else {
                        return Ok::<_, IdentityError>(None);
                    };
                    let what = serde_json::json!({"account": account.id, "expires": until});
                    tx.record(Change {
                        source: "token",
                        kind: "token".into(),
                        row: account.id.clone(),
                        effective: tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date(),
                        before: None,
                        after: Some(what),
                    });
                    sql::add_session(tx, &hash, &account.id, &until).await?;
                    Ok(Some(account))
                })
            })
            .await?;
        Ok(account.map(|account| SignedIn { token, expires, account }))
    }

    /// Whose session this is, if it has not ended. The database is asked each time, so that whoever signs out, is
    /// suspended or has other roles on one node is so at once on every other.
    pub async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Session>, IdentityError> {
        let mut db = self.store.read().await?;
        let found = sql::session(&mut db, &hashed(token), &base::stamp(now)).await?;
        Ok(found.map(|(account, expires)| Session { account, csrf: hashed(&format!("{token} csrf")), expires }))
    }

    pub async fn sign_out(&self, by: By, token: &str) -> Result<(), IdentityError> {
        let hash = hashed(token);
        self.store
            .write(by, move |tx| {
                let hash = hash.clone();
                Box::pin(async move { Ok(sql::drop_session(tx, &hash).await?) })
            })
            .await
    }
}
