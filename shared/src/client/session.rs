//! Signing in and out, on both families, and keeping the session alive.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use reqwest::{Method, StatusCode};

use super::{Client, Error, Result, checked};
use crate::classic::accounts::{Access, Login, RefreshToken, Register, Registered, Tokens};
use crate::v1::user::{Activated, EmailForm, EmailLogin, OtpForm};

/// Where the refresh token is kept beside the client, shared with other programs of the same person.
/// Calls may block.
pub trait Keeper: Send + Sync {
    /// The refresh token that is kept now.
    fn kept(&self) -> Option<String>;

    /// Keeps this one instead; false if it can't be kept, and then what is kept is old for good.
    fn keep(&self, refresh: &str) -> bool;
}

/// What signing in with the e-mail came to.
#[derive(Debug, Clone, PartialEq)]
pub enum SignedIn {
    /// There is a session.
    Tokens(Tokens),
    /// A code was mailed; [`Client::verify_login_code`] goes on with it.
    CodeAsked,
}

impl Client {
    /// Signs in and keeps the tokens.
    ///
    /// # Errors
    /// Refused with 401 for a wrong name or password, 429 when tried too often.
    pub async fn sign_in(&self, username: &str, password: &str) -> Result<Tokens> {
        let body = Login {
            username: username.to_owned(),
            password: password.to_owned(),
        };
        let answer = self
            .request(Method::POST, "api/user/login/")?
            .json(&body)
            .send()
            .await?;
        let tokens: Tokens = checked(answer).await?.json().await?;
        self.inner.is_classic.store(true, Ordering::Relaxed);
        self.set_tokens(Some(tokens.clone()));
        Ok(tokens)
    }

    /// Signs in on v1, with the e-mail; keeps the tokens unless a code is asked for.
    ///
    /// # Errors
    /// Refused with 401 for a wrong address or password, 403 to the right password of an address
    /// that was not proved, 429 when tried too often.
    pub async fn sign_in_v1(&self, email: &str, password: &str) -> Result<SignedIn> {
        let body = EmailLogin {
            email: email.to_owned(),
            password: password.to_owned(),
        };
        let answer = self
            .request(Method::POST, "v1/api/user/login/")?
            .json(&body)
            .send()
            .await?;
        let answer = checked(answer).await?;
        if answer.status() == StatusCode::ACCEPTED {
            return Ok(SignedIn::CodeAsked);
        }
        Ok(SignedIn::Tokens(self.begun(answer.json().await?)))
    }

    /// Finishes signing in with the code from the mail.
    ///
    /// # Errors
    /// Refused with 400 on `otp`.
    pub async fn verify_login_code(&self, email: &str, otp: &str) -> Result<Tokens> {
        let body = otp_form(email, otp);
        let answer = self
            .request(Method::POST, "v1/api/user/login/otp/verify/")?
            .json(&body)
            .send()
            .await?;
        Ok(self.begun(checked(answer).await?.json().await?))
    }

    /// Asks for another sign-in code.
    ///
    /// # Errors
    /// 429 when asked too often from here.
    pub async fn resend_login_code(&self, email: &str) -> Result<()> {
        self.mail_code("login/otp/resend/", email).await
    }

    /// Asks for a code that sets a new password.
    ///
    /// # Errors
    /// 429 when asked too often from here.
    pub async fn forgot_password(&self, email: &str) -> Result<()> {
        self.mail_code("forget-password/", email).await
    }

    /// Proves an account's address with the code from the mail, and keeps the tokens.
    ///
    /// # Errors
    /// Refused with 400 on `otp`.
    pub async fn activate(&self, email: &str, otp: &str) -> Result<Activated> {
        let answer = self
            .request(Method::POST, "v1/api/user/account/activate/")?
            .json(&otp_form(email, otp))
            .send()
            .await?;
        let activated: Activated = checked(answer).await?.json().await?;
        self.begun(Tokens {
            access: activated.access.clone(),
            refresh: activated.refresh.clone(),
        });
        Ok(activated)
    }

    /// A v1 session has begun.
    fn begun(&self, tokens: Tokens) -> Tokens {
        self.inner.is_classic.store(false, Ordering::Relaxed);
        self.set_tokens(Some(tokens.clone()));
        tokens
    }

    pub(super) async fn mail_code(&self, what: &str, email: &str) -> Result<()> {
        let body = EmailForm {
            email: email.to_owned(),
        };
        let answer = self
            .request(Method::POST, &format!("v1/api/user/{what}"))?
            .json(&body)
            .send()
            .await?;
        checked(answer).await?;
        Ok(())
    }

    /// Makes an account (classic), keeps its tokens.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn register(&self, body: &Register) -> Result<Registered> {
        let answer = self
            .request(Method::POST, "api/user/register/")?
            .json(body)
            .send()
            .await?;
        let registered: Registered = checked(answer).await?.json().await?;
        self.inner.is_classic.store(true, Ordering::Relaxed);
        self.set_tokens(Some(registered.tokens.clone()));
        Ok(registered)
    }

    /// Ends the session at the server and forgets the tokens; forgets them also when the server
    /// can't be reached.
    ///
    /// # Errors
    /// [`Error::Unreachable`]: the session lives on at the server until it runs out.
    pub async fn sign_out(&self) -> Result<()> {
        let Some(tokens) = self.tokens() else {
            return Ok(());
        };
        self.set_tokens(None);
        let body = RefreshToken {
            refresh: tokens.refresh,
        };
        let answer = self
            .request(Method::POST, "api/user/logout/")?
            .json(&body)
            .send()
            .await?;
        checked(answer).await?;
        Ok(())
    }

    /// Keeps the refresh token here from now on: it changes with each refresh of a v1 session.
    pub fn set_keeper(&self, keeper: Arc<dyn Keeper>) {
        *self
            .inner
            .keeper
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some(keeper);
    }

    /// Gets a new access token unless another caller already did; `stale` is the one that was
    /// refused. Answers the token to use.
    ///
    /// # Errors
    /// [`Error::SignedOut`] if the refresh token is refused.
    pub(crate) async fn refresh_once(&self, stale: &str) -> Result<String> {
        let _one_at_a_time = self.inner.refreshing.lock().await;
        let Some(tokens) = self.tokens() else {
            return Err(Error::SignedOut);
        };
        if tokens.access != stale {
            return Ok(tokens.access);
        }
        // Another program of the same person may have traded the token that this one holds.
        let kept = self.kept().await;
        let refresh = kept.clone().unwrap_or(tokens.refresh);
        let renewed = self.renewed(&refresh).await?;
        if kept.is_some_and(|kept| kept != renewed.refresh) {
            self.keep(&renewed.refresh).await;
        }
        self.set_tokens(Some(renewed.clone()));
        Ok(renewed.access)
    }

    /// The next tokens of a session of either family.
    async fn renewed(&self, refresh: &str) -> Result<Tokens> {
        let body = RefreshToken {
            refresh: refresh.to_owned(),
        };
        if !self.inner.is_classic.load(Ordering::Relaxed) {
            let answer = self
                .request(Method::POST, "v1/api/user/token/refresh/")?
                .json(&body)
                .send()
                .await?;
            // The other family's session, or a server that has no v1.
            let is_elsewhere = matches!(
                answer.status(),
                StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND
            );
            if !is_elsewhere {
                return Ok(checked(answer).await?.json().await?);
            }
        }
        let answer = self
            .request(Method::POST, "api/user/token/refresh/")?
            .json(&body)
            .send()
            .await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Err(Error::SignedOut);
        }
        let Access { access } = checked(answer).await?.json().await?;
        self.inner.is_classic.store(true, Ordering::Relaxed);
        Ok(Tokens {
            access,
            refresh: body.refresh,
        })
    }

    fn keeper(&self) -> Option<Arc<dyn Keeper>> {
        self.inner
            .keeper
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The kept refresh token. Keyrings block, so not on an async worker.
    async fn kept(&self) -> Option<String> {
        let keeper = self.keeper()?;
        tokio::task::spawn_blocking(move || keeper.kept())
            .await
            .ok()
            .flatten()
    }

    async fn keep(&self, refresh: &str) {
        if let Some(keeper) = self.keeper() {
            let refresh = refresh.to_owned();
            let kept = tokio::task::spawn_blocking(move || keeper.keep(&refresh)).await;
            if !kept.unwrap_or(false) {
                // An older token must never be read back: it would be taken for a thief's.
                *self
                    .inner
                    .keeper
                    .write()
                    .unwrap_or_else(PoisonError::into_inner) = None;
            }
        }
    }
}

fn otp_form(email: &str, otp: &str) -> OtpForm {
    OtpForm {
        email: email.to_owned(),
        otp: otp.to_owned(),
    }
}
