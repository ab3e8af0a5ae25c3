//! Answers that are given once: the same request under the same key does its work once, however often it is sent.
//!
//! The answer is written in the transaction that does the work, so there is never the one without the other. A second
//! request that arrives while the first is under way waits for it, on either engine, and is given its answer.

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{StoreError, Tx, tx::Remembered};

/// A key that the sender chose, and what came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Keys belong to accounts: nobody learns of another's answers.
    pub account: String,
    pub key: String,
    /// The SHA-256 of the request: the same key with another request is a mistake of the sender.
    request: String,
}

impl Once {
    /// A request that may be sent again. `request` is whatever makes it this request and no other.
    pub fn new(account: &str, key: &str, request: &str) -> Once {
        let hash = Sha256::digest(request.as_bytes());
        let request = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Once { account: account.to_owned(), key: key.to_owned(), request }
    }

    /// The answer that was given before, if there was one.
    pub async fn earlier<T: DeserializeOwned>(&self, tx: &mut Tx) -> Result<Option<T>, StoreError> {
        let known = match tx.remembered(&self.account, &self.key) {
            Some(known) => Some((known.request.clone(), known.answer.clone())),
            None => {
                let sql = "SELECT request, answer FROM answered WHERE account = $1 AND request_key = $2";
                let row = tx.one(sql, &[self.account.as_str().into(), self.key.as_str().into()]).await?;
                row.map(|row| Ok::<_, StoreError>((row.text("request")?, row.json("answer")?))).transpose()?
            }
        };
        match known {
            None => Ok(None),
            Some((request, answer)) if request == self.request => Ok(Some(serde_json::from_value(answer)?)),
            Some(_) => Err(StoreError::KeyReused),
        }
    }

    /// Keeps the answer for whoever asks again.
    pub fn keep<T: Serialize>(&self, tx: &mut Tx, answer: &T) -> Result<(), StoreError> {
        let answer = serde_json::to_value(answer)?;
        let recorded = base::stamp(tx.by().at);
        let row = vec![
            self.account.as_str().into(),
            self.key.as_str().into(),
            self.request.as_str().into(),
            answer.clone().into(),
            recorded.into(),
        ];
        tx.append("INSERT INTO answered (account, request_key, request, answer, recorded)", row);
        tx.remember(Remembered {
            account: self.account.clone(),
            key: self.key.clone(),
            request: self.request.clone(),
            answer,
        });
        Ok(())
    }
}
