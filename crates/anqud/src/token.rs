//! `anqud token`: lets a program act for an account over the API, without its password.

use identity::Identity;
use jiff::SignedDuration;
use store::{By, Store};

use crate::{
    edge,
    options::TokenOptions,
    system::{self, Failure},
};

pub(crate) async fn token(options: TokenOptions) -> Result<(), Failure> {
    let store = Store::open(&options.database, &system::migrations(), Vec::new()).await?;
    let by = By::new("system", "token", edge::now(SignedDuration::ZERO));
    let length = SignedDuration::from_hours(24 * i64::from(options.days));
    let issued = Identity::new(store).issue_token(by, &options.email, edge::random(), length).await?;
    let issued = issued.ok_or_else(|| format!("there is no account {}", options.email))?;
    println!("{}", issued.token);
    eprintln!(
        "It is good until {} and shown this once. A new password of {} takes it away.",
        issued.expires, options.email
    );
    Ok(())
}
