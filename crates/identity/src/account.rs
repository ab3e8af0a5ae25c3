//! Accounts and their passwords (argon2id, RFC 9106).

use std::{
    collections::HashMap,
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, RwLock},
};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use base::{Lang, Text};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use store::{By, Change, Store, Tx};

use crate::{IdentityError, Session, sql};

/// A password has at least this many characters.
pub const PASSWORD_MIN: usize = 10;
/// A password has at most this many characters: as far as a sign-in reads.
pub const PASSWORD_MAX: usize = 200;

/// A person who can sign in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    pub id: String,
    pub email: String,
    pub name: Text,
    pub person_id: Option<String>,
    pub phone: Option<String>,
    pub region: Option<String>,
    /// Roles of the pack; each belongs to one entity.
    pub roles: Vec<String>,
    /// The language that they last used here.
    pub lang: Option<Lang>,
}

/// An account to be made, with the hash of its password.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub account: Account,
    pub password_hash: String,
}

/// The accounts and sessions. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    pub(crate) store: Store,
    /// Sessions that were read a moment ago, by the hash of their token.
    pub(crate) recent: Arc<RwLock<HashMap<String, (Session, Timestamp)>>>,
}

impl Identity {
    pub fn new(store: Store) -> Identity {
        Identity { store, recent: Arc::default() }
    }

    /// Makes an account. The journal learns of it, but not of the password.
    pub async fn create_account(&self, by: By, new: NewAccount) -> Result<(), IdentityError> {
        self.store
            .write(by, move |tx| {
                let new = new.clone();
                Box::pin(async move {
                    insert(tx, &new).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Every account, by its address.
    pub async fn accounts(&self) -> Result<Vec<Account>, IdentityError> {
        Ok(sql::accounts(&mut self.store.read().await?).await?)
    }

    /// Gives the account of an address these roles and no others; whether there is one.
    pub async fn set_roles(&self, by: By, email: &str, roles: Vec<String>) -> Result<bool, IdentityError> {
        let email = base::email::key(email);
        self.store
            .write(by, move |tx| {
                let (email, roles) = (email.clone(), roles.clone());
                Box::pin(async move {
                    let Some((account, _)) = sql::account_by_email(tx, &email).await? else { return Ok(false) };
                    sql::set_roles(tx, &account.id, &roles).await?;
                    changed(tx, &account, &roles);
                    Ok(true)
                })
            })
            .await
    }

    /// Gives the account of an address another password and ends its sessions; whether there is one. The journal learns
    /// that it was changed.
    pub async fn set_password(&self, by: By, email: &str, password_hash: String) -> Result<bool, IdentityError> {
        let email = base::email::key(email);
        let whose = self
            .store
            .write(by, move |tx| {
                let (email, hash) = (email.clone(), password_hash.clone());
                Box::pin(async move {
                    let Some((account, _)) = sql::account_by_email(tx, &email).await? else { return Ok(None) };
                    sql::set_password(tx, &account.id, &hash).await?;
                    changed(tx, &account, &account.roles);
                    Ok::<_, IdentityError>(Some(account.id))
                })
            })
            .await?;
        if let Some(account) = &whose {
            self.forget_sessions(account);
        }
        Ok(whose.is_some())
    }

    /// Remembers the language that somebody uses, for letters to them.
    pub async fn speaks(&self, by: By, account: &Account, lang: Lang) -> Result<(), IdentityError> {
        if account.lang == Some(lang) {
            return Ok(());
        }
        let account = account.clone();
        self.store
            .write(by, move |tx| {
                let account = account.clone();
                Box::pin(async move {
                    sql::set_lang(tx, &account.id, lang).await?;
                    let doc = |lang: Option<Lang>| {
                        json!({"email": account.email, "roles": account.roles, "lang": lang.map(|lang| lang.to_string())})
                    };
                    record(tx, &account, Some(doc(account.lang)), doc(Some(lang)));
                    Ok(())
                })
            })
            .await
    }

    pub async fn account(&self, id: &str) -> Result<Option<Account>, IdentityError> {
        let mut db = self.store.read().await?;
        Ok(sql::account(&mut db, id).await?)
    }

    /// The names of these accounts, asked for together; an id that there is no account of is left out.
    pub async fn names(&self, ids: &BTreeSet<&str>) -> Result<BTreeMap<String, Text>, IdentityError> {
        let ids: Vec<&str> = ids.iter().copied().collect();
        let accounts = sql::accounts_of(&mut self.store.read().await?, &ids).await?;
        Ok(accounts.into_iter().map(|account| (account.id, account.name)).collect())
    }
}

/// Makes an account and writes it down.
pub(crate) async fn insert(tx: &mut Tx, new: &NewAccount) -> Result<(), IdentityError> {
    sql::insert_account(tx, new).await?;
    record(tx, &new.account, None, document(&new.account, &new.account.roles));
    Ok(())
}

/// Writes down that an account was changed.
pub(crate) fn changed(tx: &mut Tx, account: &Account, roles: &[String]) {
    record(tx, account, Some(document(account, &account.roles)), document(account, roles));
}

/// An account as the journal has it: never with anything of its password.
fn document(account: &Account, roles: &[String]) -> Json {
    json!({"email": account.email, "roles": roles})
}

fn record(tx: &mut Tx, account: &Account, before: Option<Json>, after: Json) {
    let (row, effective) = (account.id.clone(), tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date());
    tx.record(Change { source: "account", kind: "account".into(), row, effective, before, after: Some(after) });
}

/// The argon2id hash of a password, with the parameters that OWASP recommends (19 MiB, 2 passes).
pub fn hash_password(password: &str, salt: &[u8; 16]) -> Result<String, IdentityError> {
    let salt = SaltString::encode_b64(salt).map_err(|_| IdentityError::Hash)?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(|_| IdentityError::Hash)?;
    Ok(hash.to_string())
}

/// The hash of a password, on a thread where its work holds up nobody.
pub async fn hash_password_aside(password: String, salt: [u8; 16]) -> Result<String, IdentityError> {
    let hashed = tokio::task::spawn_blocking(move || hash_password(&password, &salt)).await;
    hashed.unwrap_or(Err(IdentityError::Hash))
}

/// Whether the password is the one that was hashed. Without a hash it does the same work and says no.
pub(crate) fn verify(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && hash.is_some()
}
