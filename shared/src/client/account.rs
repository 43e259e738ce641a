//! The caller's own account (API.md §4 `user/`).

use reqwest::Method;
use uuid::Uuid;

use super::{Client, Result, checked};
use crate::v1::user::{
    ChangePassword, ConfirmEmail, ConfirmReset, EmailForm, Me, MeChange, RegisterV1, RegisteredV1,
    Session, TokenForm,
};

impl Client {
    /// Registers an account on v1: it waits for the code that is mailed.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn register_v1(&self, body: &RegisterV1) -> Result<RegisteredV1> {
        let answer = self
            .request(Method::POST, "v1/api/user/register/")?
            .json(body)
            .send()
            .await?;
        Ok(checked(answer).await?.json().await?)
    }

    /// Asks for another activation code.
    ///
    /// # Errors
    /// 429 when asked too often from here.
    pub async fn resend_activation_code(&self, email: &str) -> Result<()> {
        self.mail_code("account/activate/otp/resend/", email).await
    }

    /// Sets a new password with the code from the mail; all sessions end.
    ///
    /// # Errors
    /// Refused with 400 on `otp` or `new_password`.
    pub async fn reset_password(&self, email: &str, otp: &str, new: &str) -> Result<()> {
        let body = ConfirmReset {
            email: email.to_owned(),
            otp: otp.to_owned(),
            new_password: new.to_owned(),
        };
        let answer = self
            .request(Method::POST, "v1/api/user/forget-password/confirm/")?
            .json(&body)
            .send()
            .await?;
        checked(answer).await?;
        Ok(())
    }

    /// Whether the server would take a token.
    ///
    /// # Errors
    /// Refused with 401 if not.
    pub async fn verify_token(&self, token: &str) -> Result<()> {
        let body = TokenForm {
            token: token.to_owned(),
        };
        let answer = self
            .request(Method::POST, "v1/api/user/token/verify/")?
            .json(&body)
            .send()
            .await?;
        checked(answer).await?;
        Ok(())
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`super::Error::SignedOut`] if nobody is.
    pub async fn me(&self) -> Result<Me> {
        self.get("v1/api/user/me/", &()).await
    }

    /// Changes the caller's account.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn change_me(&self, change: &MeChange) -> Result<Me> {
        self.send_json(Method::PATCH, "v1/api/user/me/", change)
            .await
    }

    /// Asks for another e-mail address: a code goes there.
    ///
    /// # Errors
    /// Refused with 400 on `email`.
    pub async fn ask_email_change(&self, email: &str) -> Result<()> {
        let body = EmailForm {
            email: email.to_owned(),
        };
        let request = self
            .request(Method::POST, "v1/api/user/me/email/")?
            .json(&body);
        self.send(request).await?;
        Ok(())
    }

    /// Takes the new address with the code from its mail and the password.
    ///
    /// # Errors
    /// Refused with 400 on `otp` or `password`.
    pub async fn confirm_email_change(&self, otp: &str, password: &str) -> Result<Me> {
        let body = ConfirmEmail {
            otp: otp.to_owned(),
            password: password.to_owned(),
        };
        self.send_json(Method::POST, "v1/api/user/me/email/confirm/", &body)
            .await
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

    /// The caller's sessions, newest first.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn sessions(&self) -> Result<Vec<Session>> {
        self.get("v1/api/user/sessions/", &()).await
    }

    /// Ends one of the caller's sessions.
    ///
    /// # Errors
    /// Refused with 404 if it has ended.
    pub async fn end_session(&self, id: Uuid) -> Result<()> {
        let path = format!("v1/api/user/sessions/{id}/");
        let request = self.request(Method::DELETE, &path)?;
        self.send(request).await?;
        Ok(())
    }
}
