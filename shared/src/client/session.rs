//! Signing in and out, and the caller's own account.

use reqwest::{Method, StatusCode};

use super::{Client, Error, Result, checked};
use crate::classic::accounts::{Access, Login, RefreshToken, Register, Registered, Tokens};
use crate::v1::user::{ChangePassword, Me};

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
        self.set_tokens(Some(tokens.clone()));
        Ok(tokens)
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
        let body = RefreshToken {
            refresh: tokens.refresh.clone(),
        };
        let answer = self
            .request(Method::POST, "api/user/token/refresh/")?
            .json(&body)
            .send()
            .await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Err(Error::SignedOut);
        }
        let Access { access } = checked(answer).await?.json().await?;
        self.set_tokens(Some(Tokens {
            access: access.clone(),
            ..tokens
        }));
        Ok(access)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`Error::SignedOut`] if nobody is.
    pub async fn me(&self) -> Result<Me> {
        self.get("v1/api/user/me/", &()).await
    }

    /// Changes the caller's password; their other sessions end.
    ///
    /// # Errors
    /// Refused with 400 on `old_password` or `new_password`.
    pub async fn change_password(&self, old: &str, new: &str) -> Result<()> {
        let body = ChangePassword {
            old_password: old.to_owned(),
            new_password: new.to_owned(),
        };
        let request = self
            .request(Method::POST, "v1/api/user/change-password/")?
            .json(&body);
        self.send(request).await?;
        Ok(())
    }
}
