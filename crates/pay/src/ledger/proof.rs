//! The proof that the books balance: what is kept is what the postings give.

use std::collections::BTreeMap;

use store::{Session, StoreError};

use super::sql;

/// Where the books do not agree with themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// The debits of a currency are not its credits.
    Unbalanced { currency: String, sum: i64 },
    /// The kept balance of an account is not the sum of its postings.
    Balance { account: String, kept: i64, posted: i64 },
    /// What is held on an account is not what its open holds give.
    Held { account: String, kept: i64, open: i64 },
    /// What lies in suspense is not what open differences say.
    Suspense { currency: String, kept: i64, open: i64 },
    /// A transfer whose postings do not sum to zero.
    Transfer { transfer: String, currency: String, sum: i64 },
}

/// Derives every balance from the postings and says where what is kept differs. Nothing means that the books balance.
pub async fn prove(db: &mut Session) -> Result<Vec<Mistake>, StoreError> {
    let mut mistakes = Vec::new();
    for (currency, sum) in sql::sums_by_currency(db).await? {
        if sum != 0 {
            mistakes.push(Mistake::Unbalanced { currency, sum });
        }
    }
    for (transfer, currency, sum) in sql::unbalanced_transfers(db).await? {
        mistakes.push(Mistake::Transfer { transfer, currency, sum });
    }
    let posted: BTreeMap<String, i64> = sql::sums_by_account(db).await?.into_iter().collect();
    let open: BTreeMap<String, i64> = sql::open_holds(db).await?.into_iter().collect();
    let kept: BTreeMap<String, (i64, i64)> =
        sql::kept(db).await?.into_iter().map(|(account, balance, held)| (account, (balance, held))).collect();
    let accounts: std::collections::BTreeSet<&String> = posted.keys().chain(open.keys()).chain(kept.keys()).collect();
    for account in accounts {
        let (balance, held) = kept.get(account).copied().unwrap_or_default();
        let sum = posted.get(account).copied().unwrap_or_default();
        let holds = open.get(account).copied().unwrap_or_default();
        if balance != sum {
            mistakes.push(Mistake::Balance { account: account.clone(), kept: balance, posted: sum });
        }
        if held != holds {
            mistakes.push(Mistake::Held { account: account.clone(), kept: held, open: holds });
        }
    }
    Ok(mistakes)
}
