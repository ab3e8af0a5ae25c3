//! Hashing of passwords (argon2id, RFC 9106), a few at once: each takes 19 MiB and a core, and whoever sends many must
//! not take all of both.

use std::{sync::Arc, time::Duration};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::IdentityError;

/// How many wait for their turn at most.
const WAITING_MAX: usize = 64;
/// How long each waits at most.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// When to come again.
const AGAIN_SECONDS: i64 = 5;

/// Hashes passwords, as many at once as there are cores.
pub(crate) struct Hasher {
    turns: Semaphore,
    places: Semaphore,
}

impl Default for Hasher {
    fn default() -> Hasher {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Hasher { turns: Semaphore::new(cores), places: Semaphore::new(cores + WAITING_MAX) }
    }
}

impl Hasher {
    /// Does the work on a thread where it holds up nobody.
    async fn aside<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, IdentityError> {
        let busy = || IdentityError::Busy { seconds: AGAIN_SECONDS };
        let _place = self.places.try_acquire().map_err(|_| busy())?;
        let turn: SemaphorePermit<'_> =
            tokio::time::timeout(WAIT_MAX, self.turns.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
        // A caller that goes away leaves its work under way, which keeps its turn until it is done.
        turn.forget();
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _back = GivesBack(&this.turns);
            work()
        });
        done.await.map_err(|_| IdentityError::Hash)
    }

    pub async fn hash(self: &Arc<Self>, password: String, salt: [u8; 16]) -> Result<String, IdentityError> {
        self.aside(move || hash_password(&password, &salt)).await?
    }

    pub async fn verify(self: &Arc<Self>, password: String, hash: Option<String>) -> Result<bool, IdentityError> {
        self.aside(move || verify(&password, hash.as_deref())).await
    }
}

struct GivesBack<'a>(&'a Semaphore);

impl Drop for GivesBack<'_> {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

/// The argon2id hash of a password, with the parameters that OWASP recommends (19 MiB, 2 passes).
pub fn hash_password(password: &str, salt: &[u8; 16]) -> Result<String, IdentityError> {
    let salt = SaltString::encode_b64(salt).map_err(|_| IdentityError::Hash)?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(|_| IdentityError::Hash)?;
    Ok(hash.to_string())
}

/// Whether the password is the one that was hashed. Without a hash it does the same work and says no.
fn verify(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && hash.is_some()
}
