//! Drafts: answers saved page by page, until the case is filed.

use register::kind::file;
use store::{By, Store, Tx};

use crate::{Answers, Document, ServiceError, audit, sql};

/// An application that is not filed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub id: String,
    pub account: String,
    pub service: String,
    pub answers: Answers,
    /// When it was last saved, RFC 3339.
    pub changed: String,
}

/// The drafts of all people. Cheap to clone.
#[derive(Clone)]
pub struct Drafts(Store);

impl Drafts {
    pub fn new(store: Store) -> Drafts {
        Drafts(store)
    }

    /// Saves a draft, new or again.
    pub async fn save(&self, by: By, draft: Draft) -> Result<(), ServiceError> {
        self.0
            .write(by, move |tx| {
                let draft = draft.clone();
                Box::pin(async move { Ok(sql::put_draft(tx, &draft).await?) })
            })
            .await
    }

    /// The draft, if it belongs to the account.
    pub async fn get(&self, account: &str, id: &str) -> Result<Option<Draft>, ServiceError> {
        let mut db = self.0.read().await?;
        Ok(sql::draft_by_id(&mut db, id).await?.filter(|draft| draft.account == account))
    }

    /// The account's drafts, the last changed first.
    pub async fn of(&self, account: &str) -> Result<Vec<Draft>, ServiceError> {
        let mut db = self.0.read().await?;
        Ok(sql::drafts_of(&mut db, account).await?)
    }

    /// Deletes a draft and the files that were sent for it, if it belongs to the account; whether it did.
    pub async fn delete(&self, by: By, account: &str, id: &str) -> Result<bool, ServiceError> {
        let (account, id) = (account.to_owned(), id.to_owned());
        self.0
            .write(by, move |tx| {
                let (account, id) = (account.clone(), id.clone());
                Box::pin(async move {
                    let draft = sql::draft_by_id(tx, &id).await?.filter(|draft| draft.account == account);
                    let Some(draft) = draft else { return Ok(false) };
                    sql::delete_draft(tx, &id).await?;
                    for key in files(&draft.answers) {
                        forget_document(tx, &account, key).await?;
                    }
                    Ok(true)
                })
            })
            .await
    }

    /// Removes the files that were sent before a moment and that neither a case nor a draft has: those that another
    /// took the place of, and those that came by the API for nothing. How many there were.
    pub async fn forget_files(&self, by: By, before: &str) -> Result<usize, ServiceError> {
        let waiting = sql::documents_waiting(&mut self.0.read().await?, before).await?;
        let mut forgotten = 0;
        for of_one in waiting.chunk_by(|(one, _), (other, _)| one == other) {
            let of_one = of_one.to_vec();
            forgotten += self
                .0
                .write(by.clone(), move |tx| {
                    let of_one = of_one.clone();
                    Box::pin(async move {
                        let Some((account, _)) = of_one.first() else { return Ok(0) };
                        let drafts = sql::draft_answers(tx, account).await?;
                        let mut forgotten = 0;
                        for (account, key) in &of_one {
                            let in_draft = drafts.iter().flat_map(files).any(|used| used == key);
                            forgotten += usize::from(!in_draft && forget_document(tx, account, key).await?);
                        }
                        Ok::<_, ServiceError>(forgotten)
                    })
                })
                .await?;
        }
        Ok(forgotten)
    }

    /// The draft of a service that the account changed last.
    pub async fn last_of(&self, account: &str, service: &str) -> Result<Option<Draft>, ServiceError> {
        Ok(self.of(account).await?.into_iter().find(|draft| draft.service == service))
    }

    /// Keeps a file that came with a form.
    pub async fn keep_document(&self, by: By, document: Document) -> Result<(), ServiceError> {
        self.0
            .write(by, move |tx| {
                let document = document.clone();
                Box::pin(async move {
                    sql::put_document(tx, &document).await?;
                    tx.record(audit::of_document(tx, &document.id, true));
                    Ok(())
                })
            })
            .await
    }

    /// A file by its key.
    pub async fn document(&self, id: &str) -> Result<Option<Document>, ServiceError> {
        let mut db = self.0.read().await?;
        Ok(sql::document_by_id(&mut db, id).await?)
    }
}

/// Removes a file of the account that no case has, and writes that down; whether there was one.
async fn forget_document(tx: &mut Tx, account: &str, id: &str) -> Result<bool, ServiceError> {
    let was_there = sql::forget_document(tx, account, id).await?;
    if was_there {
        tx.record(audit::of_document(tx, id, false));
    }
    Ok(was_there)
}

/// The keys of the files among answers.
fn files(answers: &Answers) -> impl Iterator<Item = &str> {
    answers.values().filter_map(|value| Some(file::key_and_name(value.as_str()?)?.0))
}
