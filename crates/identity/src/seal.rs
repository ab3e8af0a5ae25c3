//! The seal of this system: an Ed25519 key (RFC 8032) under which receipts and certificates are signed, so that anyone
//! can verify them.

use std::sync::Arc;

use base::reference;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use store::{By, Change, Store};

use crate::{IdentityError, sql};

/// The key. Cheap to clone.
#[derive(Clone)]
pub struct Seal(Arc<Ed25519KeyPair>);

impl Seal {
    /// The key of this database; `seed` becomes the key where there is none yet.
    pub async fn open(store: &Store, by: By, seed: [u8; 32]) -> Result<Seal, IdentityError> {
        let kept = store
            .write(by, move |tx| {
                Box::pin(async move {
                    let text = URL_SAFE_NO_PAD.encode(seed);
                    let kept = sql::seal(tx, &text).await?;
                    if kept == text {
                        // The journal holds the key by the print of its row, and does not tell it.
                        tx.record(Change {
                            source: "seal",
                            kind: "seal".into(),
                            row: "1".into(),
                            effective: tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date(),
                            before: None,
                            after: Some(serde_json::json!({"algorithm": "Ed25519"})),
                        });
                    }
                    Ok::<_, IdentityError>(kept)
                })
            })
            .await?;
        let seed = URL_SAFE_NO_PAD.decode(kept).map_err(|_| IdentityError::Hash)?;
        Ok(Seal(Arc::new(Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| IdentityError::Hash)?)))
    }

    /// The signature of a text, in letters that fit into an address.
    pub fn sign(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.0.sign(text.as_bytes()).as_ref())
    }

    /// Whether the signature is this system's and the text's.
    pub fn is_genuine(&self, text: &str, signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        UnparsedPublicKey::new(&ED25519, self.0.public_key()).verify(text.as_bytes(), &signature).is_ok()
    }

    /// A code of a text for whoever has no camera: the beginning of what its signature hashes to (SHA-256), in twelve
    /// symbols that can be read out. Only this system can make it and tell it.
    pub fn code(&self, text: &str) -> String {
        let digest = Sha256::digest(self.0.sign(text.as_bytes()).as_ref());
        let number = digest.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
        reference::spoken(number)
    }

    /// Whether a code, typed as people type, is this system's and the text's.
    pub fn is_code(&self, text: &str, typed: &str) -> bool {
        reference::plain(typed) == reference::plain(&self.code(text))
    }

    /// The public key, with which anyone can verify without asking us.
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.public_key().as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_seal_outlives_a_restart_and_knows_its_own() {
        store::testing::on_each_engine("identity_seal", async |database| {
            let by = || By::new("system", "test", jiff::Timestamp::UNIX_EPOCH);
            let store = Store::open(&database, crate::MIGRATIONS, vec![]).await.unwrap();
            let seal = Seal::open(&store, by(), [1; 32]).await.unwrap();
            let again = Seal::open(&store, by(), [2; 32]).await.unwrap();
            assert_eq!(seal.public_key(), again.public_key());
            let signature = seal.sign("a receipt");
            assert!(again.is_genuine("a receipt", &signature));
            let code = seal.code("a receipt");
            assert!(again.is_code("a receipt", &code.to_lowercase().replace('-', " ")), "{code}");
            assert!(!again.is_code("another receipt", &code) && !again.is_code("a receipt", ""));
            assert!(!again.is_genuine("another receipt", &signature) && !again.is_genuine("a receipt", "AAAA"));
        })
        .await
        .unwrap();
    }
}
