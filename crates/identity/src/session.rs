//! Signing in and out. A session is kept by the hash of its token, so the database alone lets nobody in.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::{By, Change};

use crate::{Account, Identity, IdentityError, account::verify, sql};

const SESSION_HOURS: i64 = 12;
/// After so many failures or requests within the window an e-mail is closed for its length.
pub(crate) const ATTEMPTS_MAX: i64 = 5;
const WINDOW_MINUTES: i64 = 15;
/// How long a session that was read is believed without asking the database again.
const RECENT_SECONDS: i64 = 30;
const RECENT_MAX: usize = 10_000;

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

/// Since when attempts count at this moment, and when the last of them will not any more.
pub(crate) fn window_start(now: Timestamp) -> (String, String) {
    let window = SignedDuration::from_mins(WINDOW_MINUTES);
    (base::stamp(now.checked_sub(window).unwrap_or(Timestamp::MIN)), after(now, window).to_string())
}

impl Identity {
    /// Signs in with e-mail and password; `random` becomes the token.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        random: [u8; 32],
        now: Timestamp,
    ) -> Result<SignedIn, IdentityError> {
        let email = base::email::key(email);
        let mut db = self.store.read().await?;
        let found = sql::account_by_email(&mut db, &email).await?;
        drop(db);
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        self.prove(&email, hash, password, now).await?;
        let Some((account, _)) = found else { return Err(IdentityError::WrongCredentials) };
        let by = By::new("system", "sign-in", now);
        let token = text_of(random);
        let expires = base::stamp(after(now, SignedDuration::from_hours(SESSION_HOURS)));
        let (hash, account_id, until) = (hashed(&token), account.id.clone(), expires.clone());
        self.store
            .write(by, move |tx| {
                let (hash, account_id, until, email) = (hash.clone(), account_id.clone(), until.clone(), email.clone());
                Box::pin(async move {
                    sql::clear_failures(tx, &email).await?;
                    let now = tx.by().at;
                    sql::drop_expired(tx, &base::stamp(now)).await?;
                    sql::drop_failures(tx, &window_start(now).0).await?;
                    Ok::<_, IdentityError>(sql::add_session(tx, &hash, &account_id, &until).await?)
                })
            })
            .await?;
        Ok(SignedIn { token, expires, account })
    }

    /// Whether the password is the one that was hashed; without a hash it is not. A failure counts against the address,
    /// and after several no password is right for a while.
    pub(crate) async fn prove(
        &self,
        email: &str,
        hash: Option<String>,
        password: &str,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let mut db = self.store.read().await?;
        let (since, until) = window_start(now);
        if sql::failures(&mut db, email, &since).await? >= ATTEMPTS_MAX {
            return Err(IdentityError::Throttled { until });
        }
        drop(db);
        let password = password.to_owned();
        let right = tokio::task::spawn_blocking(move || verify(&password, hash.as_deref())).await.unwrap_or(false);
        if right {
            return Ok(());
        }
        let email = email.to_owned();
        self.store
            .write(By::new("system", "sign-in", now), move |tx| {
                let email = email.clone();
                Box::pin(async move {
                    let now = base::stamp(tx.by().at);
                    Ok::<_, IdentityError>(sql::add_failure(tx, &email, &now).await?)
                })
            })
            .await?;
        Err(IdentityError::WrongCredentials)
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
        let mut db = self.store.read().await?;
        let Some((account, _)) = sql::account_by_email(&mut db, &email).await? else { return Ok(None) };
        drop(db);
        let (token, expires) = (text_of(random), base::stamp(after(by.at, length)));
        let (hash, account_id, until) = (hashed(&token), account.id.clone(), expires.clone());
        self.store
            .write(by, move |tx| {
                let (hash, account_id, until) = (hash.clone(), account_id.clone(), until.clone());
                Box::pin(async move {
                    let what = serde_json::json!({"account": account_id, "expires": until});
                    tx.record(Change {
                        source: "token",
                        kind: "token".into(),
                        row: account_id.clone(),
                        effective: tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date(),
                        before: None,
                        after: Some(what),
                    });
                    Ok::<_, IdentityError>(sql::add_session(tx, &hash, &account_id, &until).await?)
                })
            })
            .await?;
        Ok(Some(SignedIn { token, expires, account }))
    }

    /// Whose session this is, if it has not expired.
    pub async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Session>, IdentityError> {
        let hash = hashed(token);
        let stamp = base::stamp(now);
        let recent = self.recent.read().ok().and_then(|recent| recent.get(&hash).cloned());
        if let Some((session, read)) = recent
            && now.duration_since(read) < SignedDuration::from_secs(RECENT_SECONDS)
            && session.expires > stamp
        {
            return Ok(Some(session));
        }
        let mut db = self.store.read().await?;
        let Some((account, expires)) = sql::session(&mut db, &hash, &stamp).await? else { return Ok(None) };
        let session = Session { account, csrf: hashed(&format!("{token} csrf")), expires };
        if let Ok(mut recent) = self.recent.write() {
            if recent.len() >= RECENT_MAX {
                recent.clear();
            }
            recent.insert(hash, (session.clone(), now));
        }
        Ok(Some(session))
    }

    /// Asks the database anew after every session of an account.
    pub(crate) fn forget_sessions(&self, account: &str) {
        if let Ok(mut recent) = self.recent.write() {
            recent.retain(|_, (session, _)| session.account.id != account);
        }
    }

    pub async fn sign_out(&self, by: By, token: &str) -> Result<(), IdentityError> {
        let hash = hashed(token);
        if let Ok(mut recent) = self.recent.write() {
            recent.remove(&hash);
        }
        self.store
            .write(by, move |tx| {
                let hash = hash.clone();
                Box::pin(async move { Ok(sql::drop_session(tx, &hash).await?) })
            })
            .await
    }
}
