//! Passwords: how they are hashed, and (in [`Policy`]) which ones are taken (API.md §2).

mod policy;

use std::num::NonZeroUsize;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::infra::Ids;

pub use policy::{MAX_LENGTH, Policy};

/// What one hash costs (argon2id).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// 19 MiB, two passes, one lane: the least that OWASP recommends.
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        }
    }
}

impl Cost {
    /// Next to nothing, for tests that sign in a thousand times.
    pub const fn test() -> Self {
        Self {
            memory_kib: Params::MIN_M_COST,
            passes: 1,
            lanes: 1,
        }
    }

    fn params(self) -> Result<Params, PasswordError> {
        Params::new(self.memory_kib, self.passes, self.lanes, None).map_err(PasswordError::Cost)
    }
}

/// Whether a password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// It is the account's password.
    pub ok: bool,
    /// It is, but its hash is weaker than today's: hash it again and store that.
    pub rehash_needed: bool,
}

/// A password could not be hashed or compared. Never says whether it was right.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The configured cost is impossible.
    #[error("The password hashing cost is not possible; raise its memory or lower its lanes.")]
    Cost(#[source] argon2::Error),
    /// The hash function failed.
    #[error("The password could not be hashed.")]
    Hash(#[from] argon2::password_hash::Error),
    /// The server is stopping.
    #[error("The server is shutting down; try again in a moment.")]
    Stopped,
}

/// Hashes and verifies, off the async workers and only so many at a time: each takes
/// [`Cost::memory_kib`], and a flood of sign-ins must not take all of it.
#[derive(Debug, Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    places: Arc<Semaphore>,
    /// A hash of the current cost that no account has: who is unknown takes as long as who is not.
    dummy: PasswordHash,
    ids: Ids,
}

impl Passwords {
    /// A hasher of this cost with room for `parallel` hashes at once. Takes one hash's time.
    ///
    /// # Errors
    /// [`PasswordError::Cost`].
    pub fn new(cost: Cost, parallel: NonZeroUsize, ids: Ids) -> Result<Self, PasswordError> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.params()?);
        let dummy = hash_now(&argon2, "no account has this hash", &ids)?;
        Ok(Self {
            argon2,
            places: Arc::new(Semaphore::new(parallel.get())),
            dummy,
            ids,
        })
    }

    /// As many as there are cores: the default for `parallel`.
    pub fn cores() -> NonZeroUsize {
        std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
    }

    /// Hashes a password to a PHC string (`$argon2id$v=19$m=…`), with a fresh salt of 16 bytes.
    ///
    /// # Errors
    /// [`PasswordError::Hash`], [`PasswordError::Stopped`].
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let password = password.to_owned();
        let this = self.clone();
        let hash = self
            .run(move || hash_now(&this.argon2, &password, &this.ids))
            .await??;
        Ok(hash.to_string())
    }

    /// Compares a password with an account's stored hash. Without one (no such account, or one
    /// that has no password yet) it works as long and answers no.
    ///
    /// # Errors
    /// [`PasswordError::Stopped`].
    pub async fn verify(
        &self,
        password: &str,
        stored: Option<&str>,
    ) -> Result<Verdict, PasswordError> {
        let password = password.to_owned();
        let stored = stored.map(str::to_owned);
        let this = self.clone();
        self.run(move || this.verify_now(&password, stored.as_deref()))
            .await
    }

    fn verify_now(&self, password: &str, stored: Option<&str>) -> Verdict {
        let parsed = stored.and_then(|stored| {
            PasswordHash::new(stored)
                .inspect_err(|_| tracing::error!("a stored password hash cannot be read"))
                .ok()
        });
        // One path for both: the answer to an unknown account is no, whatever the dummy says.
        let is_known = parsed.is_some();
        let hash = parsed.as_ref().unwrap_or(&self.dummy);
        let is_equal = self
            .argon2
            .verify_password(normal(password).as_bytes(), hash)
            .is_ok();
        let ok = is_known && is_equal;
        Verdict {
            ok,
            rehash_needed: ok && self.is_weaker(hash),
        }
    }

    fn is_weaker(&self, hash: &PasswordHash) -> bool {
        let Ok(stored) = Params::try_from(hash) else {
            return true;
        };
        let wanted = self.argon2.params();
        hash.algorithm != Algorithm::Argon2id.ident()
            || hash.version != Some(Version::V0x13.into())
            || stored.m_cost() < wanted.m_cost()
            || stored.t_cost() < wanted.t_cost()
            || stored.p_cost() < wanted.p_cost()
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let place = self
            .places
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::Stopped)?;
        tokio::task::spawn_blocking(move || {
            // Held by the work, not the caller: who hangs up frees no place that is still in use.
            let _place = place;
            work()
        })
        .await
        .map_err(|_| PasswordError::Stopped)
    }
}

fn hash_now(argon2: &Argon2<'_>, password: &str, ids: &Ids) -> Result<PasswordHash, PasswordError> {
    let salt: [u8; 16] = ids.bytes();
    Ok(argon2.hash_password_with_salt(normal(password).as_bytes(), &salt)?)
}

/// One form for what looks the same: an é typed as one character or as two (NIST SP 800-63B).
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn passwords(cost: Cost) -> Passwords {
        Passwords::new(cost, NonZeroUsize::new(2).unwrap(), Ids::system()).unwrap()
    }

    const YES: Verdict = Verdict {
        ok: true,
        rehash_needed: false,
    };
    const NO: Verdict = Verdict {
        ok: false,
        rehash_needed: false,
    };

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let passwords = passwords(Cost::test());
        let hash = passwords.hash("Pass1234").await.unwrap();
        assert_eq!(
            passwords.verify("Pass1234", Some(&hash)).await.unwrap(),
            YES
        );
        for wrong in ["pass1234", "Pass1234 ", "Pass123", ""] {
            assert_eq!(
                passwords.verify(wrong, Some(&hash)).await.unwrap(),
                NO,
                "{wrong:?}"
            );
        }
    }

    #[tokio::test]
    async fn nothing_is_cut_off_and_accents_may_be_typed_either_way() {
        let passwords = passwords(Cost::test());
        let long = "x".repeat(255);
        let hash = passwords.hash(&format!("{long}a")).await.unwrap();
        assert_eq!(
            passwords
                .verify(&format!("{long}b"), Some(&hash))
                .await
                .unwrap(),
            NO
        );
        let hash = passwords.hash("caf\u{e9} au lait 🏥").await.unwrap();
        let decomposed = "cafe\u{301} au lait 🏥";
        assert_eq!(
            passwords.verify(decomposed, Some(&hash)).await.unwrap(),
            YES
        );
    }

    #[tokio::test]
    async fn the_same_password_never_hashes_alike() {
        let passwords = passwords(Cost::test());
        let [one, two] = [
            passwords.hash("Pass1234").await,
            passwords.hash("Pass1234").await,
        ];
        assert_ne!(one.unwrap(), two.unwrap());
    }

    #[tokio::test]
    async fn the_default_cost_is_the_recommended_one_and_stands_in_the_hash() {
        let hash = passwords(Cost::default()).hash("Pass1234").await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
    }

    #[tokio::test]
    async fn without_an_account_or_with_an_unreadable_hash_the_answer_is_no() {
        let passwords = passwords(Cost::test());
        for stored in [
            None,
            Some(""),
            Some("!"),
            Some("$argon2id$v=19$m=8,t=1,p=1$"),
        ] {
            let verdict = passwords
                .verify("no account has this hash", stored)
                .await
                .unwrap();
            assert_eq!(verdict, NO, "{stored:?}");
        }
    }

    #[test]
    fn an_unknown_account_takes_as_long_as_a_known_one() {
        let passwords = passwords(Cost {
            memory_kib: 16 * 1024,
            passes: 1,
            lanes: 1,
        });
        let hash = hash_now(&passwords.argon2, "Pass1234", &passwords.ids)
            .unwrap()
            .to_string();
        let mut fastest = [Duration::MAX; 2];
        for _ in 0..5 {
            for (fastest, stored) in fastest.iter_mut().zip([Some(hash.as_str()), None]) {
                let started = Instant::now();
                assert_eq!(passwords.verify_now("wrong", stored), NO);
                *fastest = started.elapsed().min(*fastest);
            }
        }
        let [known, unknown] = fastest;
        // Fresh or warm memory alone makes a factor of three; no hash at all, one of ten thousand.
        assert!(
            unknown * 10 > known && known * 10 > unknown,
            "{known:?} and {unknown:?}"
        );
        assert!(!passwords.is_weaker(&passwords.dummy));
    }

    #[tokio::test]
    async fn a_weaker_hash_is_to_be_renewed_and_a_stronger_one_kept() {
        let weak = passwords(Cost::test());
        let strong = passwords(Cost {
            memory_kib: 16,
            passes: 2,
            lanes: 1,
        });
        let old = weak.hash("Pass1234").await.unwrap();
        let renew = Verdict {
            ok: true,
            rehash_needed: true,
        };
        assert_eq!(strong.verify("Pass1234", Some(&old)).await.unwrap(), renew);
        assert_eq!(strong.verify("wrong", Some(&old)).await.unwrap(), NO);
        let new = strong.hash("Pass1234").await.unwrap();
        assert_eq!(strong.verify("Pass1234", Some(&new)).await.unwrap(), YES);
        assert_eq!(weak.verify("Pass1234", Some(&new)).await.unwrap(), YES);
    }

    #[tokio::test]
    async fn no_more_than_the_places_are_in_use_at_once() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let passwords = passwords(Cost::test());
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = |now: Arc<AtomicUsize>, most: Arc<AtomicUsize>| {
            move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let busy = Instant::now();
                while busy.elapsed() < Duration::from_millis(5) {
                    std::hint::spin_loop();
                }
                now.fetch_sub(1, Ordering::SeqCst);
            }
        };
        let all: Vec<_> = (0..16)
            .map(|_| passwords.run(work(now.clone(), most.clone())))
            .collect();
        for done in futures_util::future::join_all(all).await {
            done.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn the_async_workers_stay_free_while_passwords_are_hashed() {
        let passwords = passwords(Cost::default());
        let hashing = tokio::spawn(async move { passwords.hash("Pass1234").await });
        tokio::task::yield_now().await;
        // One worker thread: were the hash on it, this would not run before it is done.
        assert!(!hashing.is_finished());
        assert!(hashing.await.unwrap().unwrap().starts_with("$argon2id$"));
    }

    #[test]
    fn an_impossible_cost_is_refused_at_the_start() {
        let cost = Cost {
            memory_kib: 1,
            passes: 1,
            lanes: 1,
        };
        let error = Passwords::new(cost, NonZeroUsize::MIN, Ids::system()).unwrap_err();
        assert!(matches!(error, PasswordError::Cost(_)), "{error}");
    }
}
