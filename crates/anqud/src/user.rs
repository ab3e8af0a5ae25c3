//! `anqud user`: accounts, made and changed by whoever runs the system. Passwords come in on the standard input, so that
//! they stand in no list of processes.

use std::io::{IsTerminal, Read};

use base::{Lang, Text};
use identity::{Account, Identity, NewAccount, PASSWORD_MAX, PASSWORD_MIN, hash_password};
use jiff::SignedDuration;
use pack::Pack;
use store::{By, Store};

use crate::{
    edge,
    options::{UserCommand, UserOptions},
    system::{self, Failure},
};

pub(crate) async fn user(options: UserOptions) -> Result<(), Failure> {
    let pack = system::read_pack(&options.pack)?;
    let store = Store::open(&options.database, &system::migrations(), Vec::new()).await?;
    let identity = Identity::new(store);
    let by = By::new("system", "user", edge::now(SignedDuration::ZERO));
    match options.command {
        UserCommand::List => {
            for account in identity.accounts().await? {
                let state = if account.suspended.is_some() { "  (suspended)" } else { "" };
                let name = account.name.get(Lang::EN);
                println!("{:36} {:28} {}{state}", account.email, name, account.roles.join(", "));
            }
        }
        UserCommand::Add { email, name, roles } => {
            known(&pack, &roles)?;
            let email = base::email::key(&email);
            if identity.accounts().await?.iter().any(|account| account.email == email) {
                return Err(format!("there is an account {email} already").into());
            }
            let (id, name) = (email.clone(), Text::plain(&name));
            let account = Account { id, email: email.clone(), name, roles, ..Account::default() };
            identity.create_account(by, NewAccount { account, password_hash: password()? }).await?;
            println!("{email} can sign in");
        }
        UserCommand::Roles { email, roles } => {
            known(&pack, &roles)?;
            found(identity.set_roles(by, &email, roles.clone()).await?, &email)?;
            println!("{email} has the roles: {}", if roles.is_empty() { "none".to_owned() } else { roles.join(", ") });
        }
        UserCommand::Password { email } => {
            found(identity.set_password(by, &email, password()?).await?, &email)?;
            println!("{email} has another password, and is signed out everywhere");
        }
        UserCommand::Suspend { email, reason } => {
            found(identity.suspend(by, &email, true, given(&reason)?).await?, &email)?;
            println!("{email} is suspended, and is signed out everywhere");
        }
        UserCommand::Resume { email, reason } => {
            found(identity.suspend(by, &email, false, given(&reason)?).await?, &email)?;
            println!("{email} can sign in again");
        }
    }
    Ok(())
}

/// A reason that says something.
fn given(reason: &str) -> Result<&str, Failure> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err("give a reason of at most 500 characters".into());
    }
    Ok(reason)
}

fn found(there: bool, email: &str) -> Result<(), Failure> {
    if there { Ok(()) } else { Err(format!("there is no account {email}").into()) }
}

/// Roles must be those of the pack, or of the system itself.
fn known(pack: &Pack, roles: &[String]) -> Result<(), Failure> {
    let of_pack: Vec<String> = pack.roles.iter().map(|role| role.role.to_string()).collect();
    let all = || of_pack.iter().map(String::as_str).chain(["admin", "auditor", "secretariat"]);
    for role in roles {
        if !all().any(|known| known == role) {
            let finding = base::finding::unknown(Vec::new(), "role", role, all());
            return Err(format!("{}; {}", finding.message, finding.help.unwrap_or_default()).into());
        }
    }
    Ok(())
}

/// The hash of the password on the standard input.
fn password() -> Result<String, Failure> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        eprintln!("The password, then Enter and Ctrl-D (it is shown as you type):");
    }
    let mut password = String::new();
    input.read_to_string(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&password.chars().count()) {
        return Err(format!("a password has at least {PASSWORD_MIN} and at most {PASSWORD_MAX} characters").into());
    }
    let mut salt = [0; 16];
    salt.copy_from_slice(&edge::random()[..16]);
    Ok(hash_password(password, &salt)?)
}
