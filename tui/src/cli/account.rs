//! `clinic login`, `logout`, `whoami`, `auth status`.

use clinic_shared::client::{self, Client, SignedIn};
use clinic_shared::v1::user::Me;
use serde_json::json;

use super::args::Login;
use super::output::Output;
use super::session::Session;
use super::{CliError, Global, password};
use crate::environment::Environment;

pub(super) async fn login(
    global: &Global,
    environment: &Environment,
    login: &Login,
    out: &mut Output,
) -> Result<(), CliError> {
    let mut session = Session::open(global, environment)?;
    if session.token_given {
        return Err(CliError::Usage(
            "CLINIC_TOKEN is set and decides who is signed in; unset it first.".to_owned(),
        ));
    }
    // Found out before the password is asked for, not after.
    if !login.print_token && !session.credentials.outlives_this_run() {
        return Err(CliError::Refused(
            "No keyring on this host would keep the session; name a file for it with \
             --insecure-file FILE, or use --print-token and CLINIC_TOKEN."
                .to_owned(),
        ));
    }
    let client = session.client()?;
    let user = match session.user.take() {
        Some(user) => user,
        None => password::user_name(login.password_stdin)?,
    };
    let secret = password::password(login.password_stdin, &user)?;
    sign_in(&client, &user, &secret, login).await?;
    drop(secret);
    let me = client.me().await?;
    let Some(tokens) = client.tokens() else {
        return Err(CliError::SignedOut(session.server.clone()));
    };
    session.profiles.remember(&session.server, &me.username)?;
    if login.print_token {
        return out.line(&tokens.refresh);
    }
    let kept = session
        .credentials
        .save(&session.server, &me.username, &tokens.refresh)?;
    if out.is_json() {
        return out.json(&json!({"server": session.server, "user": me, "kept": kept.to_string()}));
    }
    out.line(&format!(
        "Signed in as {}; the session is kept {kept}.",
        name(&me)
    ))
}

/// Signs in: with an e-mail by v1, where a code may be asked for; with a sign-in name, and where the
/// token is printed, by classic, whose refresh token stays the same.
async fn sign_in(client: &Client, user: &str, secret: &str, login: &Login) -> Result<(), CliError> {
    if login.print_token || !user.contains('@') {
        client.sign_in(user, secret).await?;
        return Ok(());
    }
    if client.sign_in_v1(user, secret).await? == SignedIn::CodeAsked {
        let code = password::code(login.password_stdin, user)?;
        client.verify_login_code(user, code.trim()).await?;
    }
    Ok(())
}

pub(super) async fn logout(
    global: &Global,
    environment: &Environment,
    out: &mut Output,
) -> Result<(), CliError> {
    let session = Session::open(global, environment)?;
    let client = session.signed_in()?;
    let user = session.user.clone().unwrap_or_default();
    let ended = client.sign_out().await;
    session.credentials.forget(&session.server, &user)?;
    match ended {
        Ok(()) => {}
        // A session that the server no longer knows is as ended as it can be.
        Err(client::Error::Refused(refused)) if matches!(refused.status, 400 | 401) => {}
        Err(error) => {
            out.aside(
                "Forgotten here, but the server was not told: the session runs out by itself.",
            )?;
            return Err(error.into());
        }
    }
    if out.is_json() {
        return out.json(&json!({"server": session.server, "signed_out": true}));
    }
    out.line("Signed out.")?;
    if session.token_given {
        out.aside("CLINIC_TOKEN is still set, and of no use any more.")?;
    }
    Ok(())
}

pub(super) async fn whoami(
    global: &Global,
    environment: &Environment,
    out: &mut Output,
) -> Result<(), CliError> {
    let session = Session::open(global, environment)?;
    let me = me(&session.signed_in()?, &session).await?;
    if out.is_json() {
        return out.json(&me);
    }
    out.line(&format!("{} at {}", name(&me), session.server))
}

pub(super) async fn status(
    global: &Global,
    environment: &Environment,
    out: &mut Output,
) -> Result<(), CliError> {
    let session = Session::open(global, environment)?;
    let place = session.credentials.place();
    let token = session.token()?;
    if !out.is_json() {
        out.pair("Server", &session.server)?;
        out.pair("Sessions", &format!("kept {place}"))?;
        if environment.over_ssh && !session.token_given {
            out.pair("Remote", "this terminal is reached over SSH")?;
        }
    }
    if token.is_none() {
        if out.is_json() {
            out.json(&json!({"server": session.server, "place": place, "user": null}))?;
        } else {
            out.pair("User", "nobody")?;
        }
        out.finish()?;
        return Err(CliError::SignedOut(session.server.clone()));
    }
    let me = me(&session.signed_in()?, &session).await;
    if out.is_json() {
        let user = me.as_ref().ok();
        out.json(&json!({"server": session.server, "place": place, "user": user}))?;
    } else if let Ok(me) = &me {
        out.pair("User", &name(me))?;
        out.pair("Session", "accepted by the server")?;
    }
    out.finish()?;
    me.map(|_| ())
}

/// Asks the server; "your session has ended" says where to sign in again.
async fn me(client: &Client, session: &Session) -> Result<Me, CliError> {
    client.me().await.map_err(|error| match error {
        client::Error::SignedOut => CliError::SignedOut(session.server.clone()),
        other => other.into(),
    })
}

fn name(me: &Me) -> String {
    format!("{} ({})", me.username, me.role)
}
