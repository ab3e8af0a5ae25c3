//! Accounts that people make themselves, and the way back in after a password was forgotten. Both begin with a request,
//! which goes the same way whether or not there is an account; only the letter tells, to whoever reads that mailbox.

use std::{net::IpAddr, sync::Arc};

use base::{Lang, Text};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{By, Tx};

use crate::{
    Account, Identity, IdentityError, NewAccount,
    account::{changed, insert},
    session::{after, hashed, text_of},
    sql,
    throttle::{self, Attempt, Counted, Tried},
};

/// The kind of the job that sends the letter of a request.
pub const LETTER: &str = "account-letter";

/// For so long an account can be confirmed.
const SIGN_UP_HOURS: i64 = 24;
/// For so long a password can be set.
const RESET_HOURS: i64 = 1;

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRequest {
    /// Names the request and its letter; it opens nothing.
    pub id: String,
    pub email: String,
    /// The language of the page, and so of the letter.
    pub lang: Lang,
    /// Where they were going, to go on from there.
    pub next: String,
    pub wish: Wish,
}

/// An account, or a way back into one.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    SignUp(Particulars),
    Reset,
}

/// What somebody who has no account yet says of themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Particulars {
    pub name: String,
    pub password_hash: String,
    pub person_id: Option<String>,
    pub phone: Option<String>,
}

/// What the letter of a request says.
#[derive(Debug, Clone, PartialEq)]
pub enum Tidings {
    /// The token confirms the account.
    Confirm { token: String },
    /// There is an account already.
    Known(Account),
    /// The token sets a new password.
    Reset { account: Account, token: String },
}

impl Wish {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Wish::SignUp(_) => "sign-up",
            Wish::Reset => "reset",
        }
    }

    fn length(&self) -> SignedDuration {
        SignedDuration::from_hours(match self {
            Wish::SignUp(_) => SIGN_UP_HOURS,
            Wish::Reset => RESET_HOURS,
        })
    }
}

impl Identity {
    /// Takes a request that was counted ([`Identity::count`]) and leaves a job to send its letter. Neither says whether
    /// there is an account; an address that is asked for too often has to wait, with an account or without.
    pub async fn ask(&self, by: By, _: &Counted, mut request: AccountRequest) -> Result<(), IdentityError> {
        request.email = base::email::key(&request.email);
        self.store
            .write(by, move |tx| {
                let request = request.clone();
                Box::pin(async move {
                    let at = tx.by().at;
                    let now = base::stamp(at);
                    sql::drop_ended_requests(tx, &now).await?;
                    let expires = base::stamp(after(at, request.wish.length()));
                    sql::add_request(tx, &request, &now, &expires).await?;
                    tx.job(LETTER, json!({"request": request.id}), at);
                    Ok(())
                })
            })
            .await
    }

    /// The letter that a request is due, where it is due one. Its token is drawn now, from `random`, and stands in the
    /// letter alone: were it part of the job, whoever reads the database could follow the link.
    pub async fn letter(
        &self,
        by: By,
        id: &str,
        random: [u8; 32],
    ) -> Result<Option<(AccountRequest, Tidings)>, IdentityError> {
        let (id, token) = (id.to_owned(), text_of(random));
        self.store
            .write(by, move |tx| {
                let (id, token) = (id.clone(), token.clone());
                Box::pin(async move {
                    let now = base::stamp(tx.by().at);
                    let Some(request) = sql::request(tx, &id, &now).await? else { return Ok(None) };
                    let account = sql::account_by_email(tx, &request.email).await?.map(|(account, _)| account);
                    let tidings = match (&request.wish, account) {
                        (Wish::SignUp(_), Some(account)) => return Ok(Some((request, Tidings::Known(account)))),
                        (Wish::Reset, None) => return Ok(None),
                        (Wish::SignUp(_), None) => Tidings::Confirm { token: token.clone() },
                        (Wish::Reset, Some(account)) => Tidings::Reset { account, token: token.clone() },
                    };
                    sql::add_token(tx, &hashed(&token), &request.id).await?;
                    Ok(Some((request, tidings)))
                })
            })
            .await
    }

    /// The request that a link belongs to, while it can be followed.
    pub async fn request(&self, token: &str, now: Timestamp) -> Result<Option<AccountRequest>, IdentityError> {
        let mut db = self.store.read().await?;
        Ok(sql::request_of_token(&mut db, &hashed(token), &base::stamp(now)).await?)
    }

    /// Makes the account that a link confirms; `None` where the link has ended. Whoever follows it also says the password:
    /// the address may be another person's, who must not open an account whose password a stranger has chosen.
    pub async fn confirm(
        &self,
        token: &str,
        password: &str,
        from: IpAddr,
        now: Timestamp,
    ) -> Result<Option<AccountRequest>, IdentityError> {
        let Some(request) = self.request(token, now).await? else { return Ok(None) };
        let Wish::SignUp(particulars) = request.wish else { return Ok(None) };
        let counted = self.prove(&request.email, Some(particulars.password_hash), password, from, now).await?;
        let counted = Arc::new(counted);
        // An account is called by its address, as one that an administrator makes.
        let (by, hash) = (By::new(request.email, "sign-up", now), hashed(token));
        self.store
            .write(by, move |tx| {
                let (hash, counted) = (hash.clone(), counted.clone());
                Box::pin(async move {
                    throttle::proven(tx, &counted).await?;
                    let Some(request) = used(tx, &hash, "sign-up").await? else { return Ok(None) };
                    let Wish::SignUp(of) = &request.wish else { return Ok(None) };
                    if sql::account_by_email(tx, &request.email).await?.is_some() {
                        return Ok(None);
                    }
                    let account = Account {
                        id: request.email.clone(),
                        email: request.email.clone(),
                        name: Text::plain(&of.name),
                        person_id: of.person_id.clone(),
                        phone: of.phone.clone(),
                        ..Account::default()
                    };
                    insert(tx, &NewAccount { account, password_hash: of.password_hash.clone() }).await?;
                    Ok(Some(request))
                })
            })
            .await
    }

    /// Gives the account of a link another password and ends its sessions; `None` where the link has ended.
    pub async fn reset(
        &self,
        token: &str,
        password_hash: String,
        from: IpAddr,
        now: Timestamp,
    ) -> Result<Option<AccountRequest>, IdentityError> {
        let Some(request) = self.request(token, now).await? else { return Ok(None) };
        let attempt = Attempt::new(Tried::Password, &request.email, from);
        let (by, hash) = (By::new(request.email, "reset", now), hashed(token));
        self.store
            .write(by, move |tx| {
                let (hash, password_hash, attempt) = (hash.clone(), password_hash.clone(), attempt.clone());
                Box::pin(async move {
                    let Some(request) = used(tx, &hash, "reset").await? else { return Ok(None) };
                    let Some((account, _)) = sql::account_by_email(tx, &request.email).await? else { return Ok(None) };
                    sql::set_password(tx, &account.id, &password_hash).await?;
                    // Who comes from the mailbox is not kept out by wrong passwords of before.
                    throttle::welcome(tx, &attempt).await?;
                    changed(tx, &account, &account.roles);
                    Ok(Some(request))
                })
            })
            .await
    }
}

/// The request of a link, which with all others of its kind and address can be followed no more.
async fn used(tx: &mut Tx, token_hash: &str, kind: &str) -> Result<Option<AccountRequest>, IdentityError> {
    let now = base::stamp(tx.by().at);
    let request = sql::request_of_token(tx, token_hash, &now).await?.filter(|request| request.wish.kind() == kind);
    if let Some(request) = &request {
        sql::use_requests(tx, request, &now).await?;
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use store::{JobRunner, Store};

    use super::*;
    use crate::hash_password;

    const PASSWORD: &str = "correct horse";
    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    async fn ask(identity: &Identity, by: By, request: AccountRequest) -> Result<(), IdentityError> {
        let tried = if request.wish == Wish::Reset { Tried::Reset } else { Tried::SignUp };
        let counted = identity.count(Attempt::new(tried, &request.email, HERE), by.at).await?;
        identity.ask(by, &counted, request).await
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_mins(minutes)).unwrap()
    }

    fn by(minutes: i64) -> By {
        By::new("system", "test", at(minutes))
    }

    fn request(id: &str, email: &str, password: Option<&str>) -> AccountRequest {
        let wish = password.map_or(Wish::Reset, |password| {
            Wish::SignUp(Particulars {
                name: "Rana".into(),
                password_hash: hash_password(password, &[7; 16]).unwrap(),
                person_id: Some("400000006".into()),
                phone: None,
            })
        });
        AccountRequest { id: id.into(), email: email.into(), lang: Lang::AR, next: "/services".into(), wish }
    }

    async fn token(identity: &Identity, id: &str, minutes: i64, random: u8) -> Option<String> {
        match identity.letter(by(minutes), id, [random; 32]).await.unwrap()?.1 {
            Tidings::Confirm { token } | Tidings::Reset { token, .. } => Some(token),
            Tidings::Known(_) => None,
        }
    }

    async fn on_each_engine(name: &str, check: impl AsyncFn(Identity, Store)) {
        store::testing::on_each_engine(name, async |database| {
            let store = Store::open(&database, crate::MIGRATIONS, vec![]).await.unwrap();
            check(Identity::new(store.clone()), store).await;
        })
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn an_account_is_made_once_by_who_has_the_letter_and_the_password() {
        on_each_engine("identity_sign_up", async |identity, store| {
            ask(&identity, by(0), request("one", " Rana@Example.ps ", Some(PASSWORD))).await.unwrap();
            // A stranger names the same address with a password of theirs, and the letter goes out twice.
            ask(&identity, by(0), request("two", "rana@example.ps", Some("of a stranger"))).await.unwrap();
            let (first, again) =
                (token(&identity, "one", 1, 1).await.unwrap(), token(&identity, "one", 2, 2).await.unwrap());
            let strange = token(&identity, "two", 2, 3).await.unwrap();
            assert!(matches!(
                identity.sign_in(("rana@example.ps", PASSWORD), HERE, [9; 32], at(3)).await,
                Err(IdentityError::WrongCredentials)
            ));
            assert!(identity.reset(&first, String::new(), HERE, at(3)).await.unwrap().is_none(), "it sets no password");
            assert!(identity.confirm("0123", PASSWORD, HERE, at(3)).await.unwrap().is_none());
            let wrong = identity.confirm(&strange, PASSWORD, HERE, at(3)).await;
            assert!(matches!(wrong, Err(IdentityError::WrongCredentials)));
            let made = identity.confirm(&first, PASSWORD, HERE, at(4)).await.unwrap().unwrap();
            assert_eq!((made.email.as_str(), made.next.as_str()), ("rana@example.ps", "/services"));
            for (used, password) in [(&first, PASSWORD), (&again, PASSWORD), (&strange, "of a stranger")] {
                assert!(identity.confirm(used, password, HERE, at(5)).await.unwrap().is_none());
            }
            let account = identity.sign_in(("rana@example.ps", PASSWORD), HERE, [9; 32], at(5)).await.unwrap().account;
            assert_eq!((account.name.get(Lang::EN), account.person_id.as_deref()), ("Rana", Some("400000006")));
            assert!(account.roles.is_empty());

            let entries = store::entries_after(&mut store.read().await.unwrap(), 0, 100).await.unwrap();
            assert_eq!(entries.len(), 1, "the account, and nothing of the requests: {entries:?}");
            let told = format!("{entries:?}");
            assert!(!told.contains("argon2") && !told.contains(&first), "{told}");
        })
        .await;
    }

    #[tokio::test]
    async fn a_request_goes_the_same_way_with_an_account_and_without() {
        on_each_engine("identity_same", async |identity, store| {
            let account = Account { id: "known".into(), email: "known@example.ps".into(), ..Account::default() };
            let new = NewAccount { account, password_hash: hash_password(PASSWORD, &[7; 16]).unwrap() };
            identity.create_account(by(0), new).await.unwrap();
            for email in ["known@example.ps", "unknown@example.ps"] {
                for (kind, password) in [("sign-up", Some(PASSWORD)), ("reset", None)] {
                    for number in 0..5 {
                        let id = format!("{email} {kind} {number}");
                        ask(&identity, by(0), request(&id, email, password)).await.unwrap();
                    }
                    let more = ask(&identity, by(0), request("more", email, password)).await;
                    assert!(matches!(more, Err(IdentityError::Throttled { .. })), "{email} {kind}: {more:?}");
                    ask(&identity, by(16), request(&format!("{email} {kind} later"), email, password)).await.unwrap();
                }
            }
            let runner = JobRunner::new(store);
            let mut jobs = 0;
            while let Some(job) = runner.take(at(20)).await.unwrap() {
                assert_eq!(job.kind, LETTER);
                jobs += 1;
            }
            assert_eq!(jobs, 24, "every request has its job");
            let mut letters = Vec::new();
            for email in ["known@example.ps", "unknown@example.ps"] {
                for kind in ["sign-up", "reset"] {
                    let letter = identity.letter(by(20), &format!("{email} {kind} 0"), [letters.len() as u8; 32]).await;
                    letters.push(letter.unwrap().map(|(_, tidings)| tidings));
                }
            }
            assert!(
                matches!(
                    letters.as_slice(),
                    [Some(Tidings::Known(_)), Some(Tidings::Reset { .. }), Some(Tidings::Confirm { .. }), None]
                ),
                "{letters:?}"
            );
        })
        .await;
    }

    #[tokio::test]
    async fn a_new_password_ends_every_session_and_uses_the_links_up() {
        on_each_engine("identity_reset", async |identity, _| {
            let account = Account { id: "known".into(), email: "known@example.ps".into(), ..Account::default() };
            let new = NewAccount { account, password_hash: hash_password("of before", &[7; 16]).unwrap() };
            identity.create_account(by(0), new).await.unwrap();
            let before = identity.sign_in(("known@example.ps", "of before"), HERE, [9; 32], at(0)).await.unwrap().token;
            assert!(identity.session(&before, at(1)).await.unwrap().is_some());
            for _ in 0..5 {
                let _ = identity.sign_in(("known@example.ps", "wrong"), HERE, [8; 32], at(1)).await;
            }
            for id in ["one", "two"] {
                ask(&identity, by(1), request(id, "Known@example.ps", None)).await.unwrap();
            }
            let (one, two) =
                (token(&identity, "one", 1, 1).await.unwrap(), token(&identity, "two", 1, 2).await.unwrap());
            let hash = hash_password(PASSWORD, &[5; 16]).unwrap();
            assert!(identity.reset(&one, hash.clone(), HERE, at(2)).await.unwrap().is_some());
            assert!(identity.session(&before, at(2)).await.unwrap().is_none(), "also of those read a moment ago");
            for used in [&one, &two] {
                assert!(identity.reset(used, hash.clone(), HERE, at(3)).await.unwrap().is_none());
            }
            assert!(token(&identity, "two", 3, 3).await.is_none(), "a letter that waits is not sent any more");
            assert!(identity.sign_in(("known@example.ps", PASSWORD), HERE, [6; 32], at(3)).await.is_ok());
        })
        .await;
    }

    #[tokio::test]
    async fn links_end_and_stand_nowhere_as_they_are() {
        on_each_engine("identity_links", async |identity, store| {
            let account = Account { id: "known".into(), email: "known@example.ps".into(), ..Account::default() };
            let new = NewAccount { account, password_hash: hash_password(PASSWORD, &[7; 16]).unwrap() };
            identity.create_account(by(0), new).await.unwrap();
            ask(&identity, by(0), request("make", "new@example.ps", Some(PASSWORD))).await.unwrap();
            ask(&identity, by(0), request("reset", "known@example.ps", None)).await.unwrap();
            // Letters that went out late lead nowhere longer than the request says.
            let (make, reset) =
                (token(&identity, "make", 30, 1).await.unwrap(), token(&identity, "reset", 30, 2).await.unwrap());
            let mut db = store.read().await.unwrap();
            for token in [&make, &reset] {
                assert!(sql::request_of_token(&mut db, &hashed(token), &base::stamp(at(1))).await.unwrap().is_some());
                assert!(sql::request_of_token(&mut db, token, &base::stamp(at(1))).await.unwrap().is_none());
            }
            drop(db);
            for (token, hours) in [(&make, 24), (&reset, 1)] {
                assert!(identity.request(token, at(hours * 60 - 1)).await.unwrap().is_some());
                assert!(identity.request(token, at(hours * 60)).await.unwrap().is_none());
            }
            assert!(identity.confirm(&make, PASSWORD, HERE, at(24 * 60)).await.unwrap().is_none());
            assert!(identity.reset(&reset, "hash".into(), HERE, at(60)).await.unwrap().is_none());
            assert!(token(&identity, "make", 24 * 60, 3).await.is_none());
            // Whoever asks next sweeps what has ended.
            ask(&identity, by(24 * 60), request("next", "next@example.ps", None)).await.unwrap();
            assert!(identity.request(&make, at(0)).await.unwrap().is_none());
        })
        .await;
    }
}
