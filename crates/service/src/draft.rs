//! Drafts: answers saved page by page, until the case is filed.

use store::{By, Store};

use crate::{Answers, Document, ServiceError, sql};

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

    /// Deletes a draft, if it belongs to the account; whether it did.
    pub async fn delete(&self, by: By, account: &str, id: &str) -> Result<bool, ServiceError> {
        let (account, id) = (account.to_owned(), id.to_owned());
        self.0
            .write(by, move |tx| {
                let (account, id) = (account.clone(), id.clone());
                Box::pin(async move { Ok(sql::delete_draft_of(tx, &account, &id).await?) })
            })
            .await
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
                Box::pin(async move { Ok(sql::put_document(tx, &document).await?) })
            })
            .await
    }

    /// A file by its key.
    pub async fn document(&self, id: &str) -> Result<Option<Document>, ServiceError> {
        let mut db = self.0.read().await?;
        Ok(sql::document_by_id(&mut db, id).await?)
    }
}
