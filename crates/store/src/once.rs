//! Answers that are given once: the same request under the same key does its work once, however often it is sent.
//!
//! There are two ways. [`Once`] writes the answer in the transaction that does the work, so there is never the one without
//! the other. [`Attempt`] needs nothing of the work: whatever is written for a request claims its key in its transaction,
//! and what was answered is kept under the key right after. A second request that arrives while the first is under way
//! waits for it, on either engine, and is given its answer.

use std::sync::atomic::{AtomicU8, Ordering};

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::{By, Store, StoreError, Tx, tx::Remembered};

const KNOWN: &str = "SELECT request, answer FROM answered WHERE account = $1 AND request_key = $2";

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
        let known = self.known(tx).await?;
        known.map(|answer| serde_json::from_value(answer).map_err(StoreError::from)).transpose()
    }

    async fn known(&self, tx: &mut Tx) -> Result<Option<Json>, StoreError> {
        let known = match tx.remembered(&self.account, &self.key) {
            Some(known) => Some((known.request.clone(), known.answer.clone())),
            None => {
                let row = tx.one(KNOWN, &[self.account.as_str().into(), self.key.as_str().into()]).await?;
                row.map(|row| Ok::<_, StoreError>((row.text("request")?, row.json("answer")?))).transpose()?
            }
        };
        match known {
            None => Ok(None),
            Some((request, answer)) if request == self.request => Ok(Some(answer)),
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

/// A SHA-256, in hexadecimal digits, that other pieces do not have.
pub fn hash_of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for piece in pieces {
        hash.update((piece.len() as u64).to_be_bytes());
        hash.update(piece);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One sending of a request that may be sent again. A transaction of [`By::sent`] claims its key and does nothing where
/// another sending has claimed it ([`StoreError::SentBefore`]).
#[derive(Debug)]
pub struct Attempt {
    once: Once,
    /// Tells this sending from any other of the same request: one request may write several times.
    name: String,
    outcome: AtomicU8,
}

/// What the transactions of a sending came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was written for it.
    Nothing,
    /// It did the work.
    Done,
    /// Another sending of it did the work.
    SentBefore,
    /// Its key came with another request.
    KeyReused,
}

const OUTCOMES: [Outcome; 4] = [Outcome::Nothing, Outcome::Done, Outcome::SentBefore, Outcome::KeyReused];

impl Attempt {
    /// `name` is a random text.
    pub fn new(once: Once, name: String) -> Attempt {
        Attempt { once, name, outcome: AtomicU8::new(0) }
    }

    /// What came of it until now.
    pub fn outcome(&self) -> Outcome {
        OUTCOMES[usize::from(self.outcome.load(Ordering::Acquire)) % OUTCOMES.len()]
    }

    fn came_to(&self, outcome: Outcome) {
        self.outcome.store(outcome as u8, Ordering::Release);
    }

    /// Claims the key in a transaction that is about to work.
    pub(crate) async fn claim(&self, tx: &mut Tx) -> Result<(), StoreError> {
        match self.once.known(tx).await {
            Ok(None) => self.once.keep(tx, &json!({ "sending": self.name })),
            Ok(Some(claim)) if claim["sending"] == self.name.as_str() => Ok(()),
            Ok(Some(_)) => {
                self.came_to(Outcome::SentBefore);
                Err(StoreError::SentBefore)
            }
            Err(StoreError::KeyReused) => {
                self.came_to(Outcome::KeyReused);
                Err(StoreError::KeyReused)
            }
            Err(error) => Err(error),
        }
    }

    pub(crate) fn committed(&self) {
        self.came_to(Outcome::Done);
    }

    /// Whether the key is claimed by another sending of this request. Looked at before the work, so that whoever comes
    /// later is not refused for what the first one changed.
    pub async fn look(&self, store: &Store) -> Result<Outcome, StoreError> {
        let row = store.read().await?.one(KNOWN, &self.place()).await?;
        if let Some(row) = row {
            let same = row.text("request")? == self.once.request;
            self.came_to(if same { Outcome::SentBefore } else { Outcome::KeyReused });
        }
        Ok(self.outcome())
    }

    /// What the sending that did the work answered; `None` where that is not kept yet.
    pub async fn answer(&self, store: &Store) -> Result<Option<Json>, StoreError> {
        let row = store.read().await?.one(KNOWN, &self.place()).await?;
        let kept = row.map(|row| row.json("answer")).transpose()?;
        Ok(kept.and_then(|mut kept| kept.get_mut("answer").map(Json::take)))
    }

    /// Keeps what is answered, for whoever sends the request again.
    pub async fn keep(&self, store: &Store, by: By, answer: Json) -> Result<(), StoreError> {
        let [account, key] = self.place();
        let kept = json!({ "sending": self.name, "answer": answer });
        store
            .write(by, move |tx| {
                let args = [account.clone(), key.clone(), kept.clone().into()];
                Box::pin(async move {
                    let sql = "UPDATE answered SET answer = $3 WHERE account = $1 AND request_key = $2";
                    tx.run(sql, &args).await.map(|_| ())
                })
            })
            .await
    }

    fn place(&self) -> [crate::Arg; 2] {
        [self.once.account.as_str().into(), self.once.key.as_str().into()]
    }
}

/// Forgets the keys that came before an instant, and what was answered; how many.
pub async fn forget_answered(store: &Store, by: By, before: Timestamp) -> Result<u64, StoreError> {
    let before = base::stamp(before);
    store
        .write(by, move |tx| {
            let args = [before.as_str().into()];
            Box::pin(async move { tx.run("DELETE FROM answered WHERE recorded < $1", &args).await })
        })
        .await
}
