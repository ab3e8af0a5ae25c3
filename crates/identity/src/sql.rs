//! The SQL of identity.

use base::Lang;
use serde_json::json;
use store::{Migration, Row, Session, StoreError};

use crate::{Account, AccountRequest, NewAccount, Particulars, Wish, throttle::Count};

/// The tables of identity.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "identity-0001-accounts", sql: include_str!("../migrations/0001_accounts.sql") },
    Migration { name: "identity-0002-seal", sql: include_str!("../migrations/0002_seal.sql") },
    Migration { name: "identity-0003-lang", sql: include_str!("../migrations/0003_lang.sql") },
    Migration { name: "identity-0004-requests", sql: include_str!("../migrations/0004_requests.sql") },
    Migration { name: "identity-0005-prints", sql: include_str!("../migrations/0005_prints.sql") },
    Migration { name: "identity-0005-throttle", sql: include_str!("../migrations/0005_throttle.sql") },
    Migration { name: "identity-0006-suspended", sql: include_str!("../migrations/0006_suspended.sql") },
];

/// The seed of the seal; `new` where there was none.
pub(crate) async fn seal(tx: &mut store::Tx, new: &str) -> Result<String, StoreError> {
    tx.run("INSERT INTO seal (one, seed) VALUES (1, $1) ON CONFLICT DO NOTHING", &[new.into()]).await?;
    let row = tx.one("SELECT seed FROM seal WHERE one = 1", &[]).await?;
    row.map_or_else(|| Ok(new.to_owned()), |row| row.text("seed"))
}

const ACCOUNT: &str =
    "SELECT a.id, a.email, a.name, a.password, a.person_id, a.phone, a.region, a.roles, a.lang, a.suspended";

fn account_of(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.text("id")?,
        email: row.text("email")?,
        name: serde_json::from_value(row.json("name")?)?,
        person_id: row.text_opt("person_id")?,
        phone: row.text_opt("phone")?,
        region: row.text_opt("region")?,
        roles: serde_json::from_value(row.json("roles")?)?,
        lang: row.text_opt("lang")?.as_deref().and_then(Lang::parse),
        suspended: row.text_opt("suspended")?,
    })
}

pub(crate) async fn insert_account(db: &mut Session, new: &NewAccount) -> Result<(), StoreError> {
    let a = &new.account;
    db.run(
        "INSERT INTO account (id, email, name, password, person_id, phone, region, roles) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            a.id.as_str().into(),
            base::email::key(&a.email).into(),
            json!(a.name).into(),
            new.password_hash.as_str().into(),
            a.person_id.clone().into(),
            a.phone.clone().into(),
            a.region.clone().into(),
            json!(a.roles).into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn account(db: &mut Session, id: &str) -> Result<Option<Account>, StoreError> {
    let sql = format!("{ACCOUNT} FROM account a WHERE a.id = $1");
    db.one(&sql, &[id.into()]).await?.as_ref().map(account_of).transpose()
}

/// The accounts with these ids, those that there are.
pub(crate) async fn accounts_of(db: &mut Session, ids: &[&str]) -> Result<Vec<Account>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let sql = format!("{ACCOUNT} FROM account a WHERE a.id IN ({})", marks.join(", "));
    let args: Vec<store::Arg> = ids.iter().map(|id| (*id).into()).collect();
    db.all(&sql, &args).await?.iter().map(account_of).collect()
}

/// Every account, by its address.
pub(crate) async fn accounts(db: &mut Session) -> Result<Vec<Account>, StoreError> {
    let sql = format!("{ACCOUNT} FROM account a ORDER BY a.email");
    db.all(&sql, &[]).await?.iter().map(account_of).collect()
}

pub(crate) async fn set_roles(db: &mut Session, id: &str, roles: &[String]) -> Result<(), StoreError> {
    db.run("UPDATE account SET roles = $2 WHERE id = $1", &[id.into(), json!(roles).into()]).await?;
    Ok(())
}

pub(crate) async fn set_lang(db: &mut Session, id: &str, lang: Lang) -> Result<(), StoreError> {
    db.run("UPDATE account SET lang = $2 WHERE id = $1", &[id.into(), lang.as_str().into()]).await?;
    Ok(())
}

pub(crate) async fn set_password(db: &mut Session, id: &str, hash: &str) -> Result<(), StoreError> {
    db.run("UPDATE account SET password = $2 WHERE id = $1", &[id.into(), hash.into()]).await?;
    // Whoever signed in with the old password signs in anew.
    db.run("DELETE FROM session WHERE account = $1", &[id.into()]).await?;
    Ok(())
}

/// The account and the hash of its password.
pub(crate) async fn account_by_email(db: &mut Session, email: &str) -> Result<Option<(Account, String)>, StoreError> {
    let sql = format!("{ACCOUNT} FROM account a WHERE a.email = $1");
    let row = db.one(&sql, &[email.into()]).await?;
    row.map(|row| Ok((account_of(&row)?, row.text("password")?))).transpose()
}

pub(crate) async fn session(db: &mut Session, hash: &str, now: &str) -> Result<Option<(Account, String)>, StoreError> {
    let sql = format!(
        "{ACCOUNT}, s.expires FROM session s JOIN account a ON a.id = s.account WHERE s.token_hash = $1 AND s.expires > $2 AND a.suspended IS NULL"
    );
    let row = db.one(&sql, &[hash.into(), now.into()]).await?;
    row.map(|row| Ok((account_of(&row)?, row.text("expires")?))).transpose()
}

pub(crate) async fn add_session(db: &mut Session, hash: &str, account: &str, expires: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO session (token_hash, account, expires) VALUES ($1, $2, $3)";
    db.run(sql, &[hash.into(), account.into(), expires.into()]).await?;
    Ok(())
}

pub(crate) async fn drop_session(db: &mut Session, hash: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM session WHERE token_hash = $1", &[hash.into()]).await?;
    Ok(())
}

pub(crate) async fn drop_expired(db: &mut Session, now: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM session WHERE expires <= $1", &[now.into()]).await?;
    Ok(())
}

/// Suspends an account and ends its sessions, or lets it be used again.
pub(crate) async fn set_suspended(db: &mut Session, id: &str, since: Option<&str>) -> Result<(), StoreError> {
    let since = since.map(str::to_owned);
    db.run("UPDATE account SET suspended = $2 WHERE id = $1", &[id.into(), since.clone().into()]).await?;
    if since.is_some() {
        db.run("DELETE FROM session WHERE account = $1", &[id.into()]).await?;
    }
    Ok(())
}

pub(crate) async fn count(db: &mut Session, bucket: &str) -> Result<Option<Count>, StoreError> {
    let row = db.one("SELECT count, last, until FROM throttle WHERE bucket = $1", &[bucket.into()]).await?;
    row.map(|row| Ok(Count { count: row.int("count")?, last: row.text("last")?, until: row.text("until")? }))
        .transpose()
}

pub(crate) async fn put_count(db: &mut Session, bucket: &str, count: &Count) -> Result<(), StoreError> {
    let sql = "INSERT INTO throttle (bucket, count, last, until) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (bucket) DO UPDATE SET count = excluded.count, last = excluded.last, until = excluded.until";
    let args = [bucket.into(), count.count.into(), count.last.as_str().into(), count.until.as_str().into()];
    db.run(sql, &args).await?;
    Ok(())
}

/// Forgets counts in which nothing happened since a moment.
pub(crate) async fn drop_counts(db: &mut Session, before: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM throttle WHERE last <= $1", &[before.into()]).await?;
    Ok(())
}

pub(crate) async fn is_known_place(
    db: &mut Session,
    account: &str,
    place: &str,
    since: &str,
) -> Result<bool, StoreError> {
    let sql = "SELECT seen FROM known_place WHERE account = $1 AND place = $2 AND seen > $3";
    Ok(db.one(sql, &[account.into(), place.into(), since.into()]).await?.is_some())
}

pub(crate) async fn know_place(db: &mut Session, account: &str, place: &str, now: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO known_place (account, place, seen) VALUES ($1, $2, $3) \
               ON CONFLICT (account, place) DO UPDATE SET seen = excluded.seen";
    db.run(sql, &[account.into(), place.into(), now.into()]).await?;
    Ok(())
}

pub(crate) async fn drop_known_places(db: &mut Session, before: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM known_place WHERE seen <= $1", &[before.into()]).await?;
    Ok(())
}

const REQUEST: &str = "SELECT r.id, r.kind, r.email, r.lang, r.next, r.name, r.password, r.person_id, r.phone";

fn request_of(row: &Row) -> Result<AccountRequest, StoreError> {
    let wish = match (row.text_opt("name")?, row.text_opt("password")?) {
        (Some(name), Some(password_hash)) => Wish::SignUp(Particulars {
            name,
            password_hash,
            person_id: row.text_opt("person_id")?,
            phone: row.text_opt("phone")?,
        }),
        _ => Wish::Reset,
    };
    Ok(AccountRequest {
        id: row.text("id")?,
        email: row.text("email")?,
        lang: Lang::parse(&row.text("lang")?).unwrap_or(Lang::EN),
        next: row.text("next")?,
        wish,
    })
}

pub(crate) async fn add_request(
    db: &mut Session,
    request: &AccountRequest,
    now: &str,
    expires: &str,
) -> Result<(), StoreError> {
    let of = match &request.wish {
        Wish::SignUp(particulars) => Some(particulars.clone()),
        Wish::Reset => None,
    };
    let (name, password, person_id, phone) =
        of.map_or((None, None, None, None), |p| (Some(p.name), Some(p.password_hash), p.person_id, p.phone));
    db.run(
        "INSERT INTO account_request (id, kind, email, lang, next, name, password, person_id, phone, asked, expires) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            request.id.as_str().into(),
            request.wish.kind().into(),
            request.email.as_str().into(),
            request.lang.as_str().into(),
            request.next.as_str().into(),
            name.into(),
            password.into(),
            person_id.into(),
            phone.into(),
            now.into(),
            expires.into(),
        ],
    )
    .await?;
    Ok(())
}

/// A request that has not ended.
pub(crate) async fn request(db: &mut Session, id: &str, now: &str) -> Result<Option<AccountRequest>, StoreError> {
    let sql = format!("{REQUEST} FROM account_request r WHERE r.id = $1 AND r.expires > $2 AND r.used IS NULL");
    db.one(&sql, &[id.into(), now.into()]).await?.as_ref().map(request_of).transpose()
}

/// The request that a token is of, if it has not ended.
pub(crate) async fn request_of_token(
    db: &mut Session,
    token_hash: &str,
    now: &str,
) -> Result<Option<AccountRequest>, StoreError> {
    let sql = format!(
        "{REQUEST} FROM account_token t JOIN account_request r ON r.id = t.request \
         WHERE t.token_hash = $1 AND r.expires > $2 AND r.used IS NULL"
    );
    db.one(&sql, &[token_hash.into(), now.into()]).await?.as_ref().map(request_of).transpose()
}

pub(crate) async fn add_token(db: &mut Session, token_hash: &str, request: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO account_token (token_hash, request) VALUES ($1, $2)";
    db.run(sql, &[token_hash.into(), request.into()]).await?;
    Ok(())
}

/// Uses up this request and all others of its kind and address; they stay for a while, to be counted.
pub(crate) async fn use_requests(db: &mut Session, request: &AccountRequest, now: &str) -> Result<(), StoreError> {
    let sql = "UPDATE account_request SET used = $3 WHERE email = $1 AND kind = $2 AND used IS NULL";
    db.run(sql, &[request.email.as_str().into(), request.wish.kind().into(), now.into()]).await?;
    Ok(())
}

pub(crate) async fn drop_ended_requests(db: &mut Session, now: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM account_token WHERE request IN (SELECT id FROM account_request WHERE expires <= $1)";
    db.run(sql, &[now.into()]).await?;
    db.run("DELETE FROM account_request WHERE expires <= $1", &[now.into()]).await?;
    Ok(())
}
