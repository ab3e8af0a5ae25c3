//! Accounts: made, changed, suspended.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use base::{Lang, Text};
use serde_json::{Value as Json, json};
use store::{By, Change, Store, Tx};

use crate::{IdentityError, hasher::Hasher, sql};

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
    /// Since when it cannot be used, RFC 3339.
    pub suspended: Option<String>,
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
    pub(crate) hasher: Arc<Hasher>,
}

impl Identity {
    pub fn new(store: Store) -> Identity {
        Identity { store, hasher: Arc::default() }
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
        self.store
            .write(by, move |tx| {
                let (email, hash) = (email.clone(), password_hash.clone());
                Box::pin(async move {
                    let Some((account, _)) = sql::account_by_email(tx, &email).await? else { return Ok(false) };
                    sql::set_password(tx, &account.id, &hash).await?;
                    changed(tx, &account, &account.roles);
                    Ok(true)
                })
            })
            .await
    }

    /// Suspends the account of an address, which ends its sessions, or lets it be used again; whether there is one. The
    /// reason is for the journal.
    pub async fn suspend(&self, by: By, email: &str, suspended: bool, reason: &str) -> Result<bool, IdentityError> {
        let (email, reason) = (email.to_lowercase(), reason.to_owned());
        self.store
            .write(by, move |tx| {
                let (email, reason) = (email.clone(), reason.clone());
                Box::pin(async move {
                    let Some((account, _)) = sql::account_by_email(tx, &email).await? else { return Ok(false) };
                    let since = suspended.then(|| base::stamp(tx.by().at));
                    sql::set_suspended(tx, &account.id, since.as_deref()).await?;
                    let doc = |suspended: bool| {
                        json!({"email": account.email, "roles": account.roles, "suspended": suspended})
                    };
                    let mut after = doc(suspended);
                    after["reason"] = reason.into();
                    record(tx, &account, Some(doc(account.suspended.is_some())), after);
                    Ok(true)
                })
            })
            .await
    }

    /// The hash of a password that somebody chooses.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, IdentityError> {
        self.hasher.hash(password, salt).await
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
