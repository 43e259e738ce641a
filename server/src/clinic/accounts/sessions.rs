//! Sessions: signing out, refreshing on both families, and the caller's own list (API.md §2, §4).

use clinic_shared::classic::accounts::{Access, Tokens};
use clinic_shared::v1::user::Session;
use serde_json::json;
use uuid::Uuid;

use super::super::audit::Outcome;
use super::super::{Account, Actor, Answer, Clinic, Refusal, audit};
use crate::auth::sessions::{Family, Rotated};
use crate::store::sessions::{self as table, SessionOfAccount};

/// Ends the session of a refresh token; twice is fine.
///
/// # Errors
/// [`Refusal::Invalid`] if it is no refresh token of ours.
pub async fn sign_out(clinic: &Clinic, who: &Actor, refresh: &str) -> Answer<()> {
    match clinic.sessions.named_by(refresh, clinic.clock.now())? {
        Some(session) => end(clinic, who, session).await,
        None => Ok(()),
    }
}

/// Ends the session of a refresh token or, without one, the caller's own.
///
/// # Errors
/// [`Refusal::Invalid`] if it is no refresh token of ours, [`Refusal::Unauthenticated`] if there is
/// neither.
pub async fn sign_out_v1(clinic: &Clinic, who: &Actor, refresh: Option<&str>) -> Answer<()> {
    match (refresh, who.account) {
        (Some(refresh), _) => sign_out(clinic, who, refresh).await,
        (None, Some(account)) => end(clinic, who, account.session).await,
        (None, None) => Err(Refusal::Unauthenticated {
            code: "not_authenticated",
            detail: "Authentication credentials were not provided.".to_owned(),
        }),
    }
}

async fn end(clinic: &Clinic, who: &Actor, session: Uuid) -> Answer<()> {
    let now = clinic.clock.now();
    let mut tx = clinic.db.begin().await?;
    if let Some(row) = table::find(&mut tx, session).await?
        && clinic.sessions.end(&mut tx, session, "logout", now).await?
    {
        // Whoever brings the refresh token signs out as its owner.
        let who = match who.account {
            Some(_) => who.clone(),
            None => of_session(&row, who),
        };
        let detail = json!({ "session": session });
        audit::account_change(&mut tx, clinic, &who, "sign_out", row.account_id, detail).await?;
    }
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}

/// A new access token for a live classic session; the refresh token stays the same.
///
/// # Errors
/// [`Refusal::Unauthenticated`].
pub async fn refresh(clinic: &Clinic, who: &Actor, refresh: &str) -> Answer<Access> {
    let now = clinic.clock.now();
    let session = clinic
        .sessions
        .of_refresh(refresh, Family::Classic, now)
        .await?;
    let who = of_session(&session, who);
    clinic.reads.note_refresh(&who).await;
    Ok(Access {
        access: clinic.sessions.access(&session, clinic.new_id(), now)?,
    })
}

/// The next pair of a live v1 session. A refresh token that was traded before ends the session.
///
/// # Errors
/// [`Refusal::Unauthenticated`].
pub async fn refresh_v1(clinic: &Clinic, who: &Actor, refresh: &str) -> Answer<Tokens> {
    let now = clinic.clock.now();
    let session = clinic.sessions.session_of_refresh(refresh, now)?;
    let fresh = (clinic.new_id(), clinic.new_id());
    let mut tx = clinic.db.begin().await?;
    match clinic.sessions.rotate(&mut tx, refresh, fresh, now).await? {
        Rotated::Pair(tokens, of) => {
            let who = of_session(&of, who);
            let action = ("refresh", Outcome::Done);
            let account = Some(of.account_id);
            audit::access(&mut tx, clinic, &who, action, account, json!({})).await?;
            tx.commit().await?;
            clinic.sessions.forget(session);
            Ok(tokens)
        }
        Rotated::Replayed(account) => {
            let detail = json!({ "session": session });
            audit::account_change(&mut tx, clinic, who, "replayed_token", account, detail).await?;
            tx.commit().await?;
            clinic.sessions.ended();
            tracing::warn!(account, %session, "a refresh token came twice; its session was ended");
            Err(Refusal::Unauthenticated {
                code: "token_not_valid",
                detail: "Token is invalid or expired.".to_owned(),
            })
        }
    }
}

/// Who holds a session, calling from where the caller does.
fn of_session(session: &SessionOfAccount, who: &Actor) -> Actor {
    Actor {
        account: Some(Account {
            id: session.account_id,
            uid: session.account_uid,
            role: session.role.0,
            session: session.id,
            is_verified: session.is_verified,
        }),
        address: who.address,
    }
}

/// Whether a token of either kind would be taken now.
///
/// # Errors
/// [`Refusal::Unauthenticated`] if not.
pub async fn verify_token(clinic: &Clinic, token: &str) -> Answer<()> {
    clinic.sessions.verify(token, clinic.clock.now()).await
}

/// The caller's live sessions, newest first.
///
/// # Errors
/// The database's.
pub async fn own_sessions(clinic: &Clinic, who: &Actor) -> Answer<Vec<Session>> {
    let caller = who.account.ok_or(Refusal::Missing("User"))?;
    let now = clinic.clock.now();
    let rows = table::live_of(&mut clinic.db.read().await?, caller.id, now).await?;
    let shown = rows.into_iter().map(|row| Session {
        is_current: row.id == caller.session,
        id: row.id,
        family: row.family,
        address: row.address,
        created_at: row.created_at,
        refreshed_at: row.rotated_at,
        expires_at: row.expires_at,
    });
    Ok(shown.collect())
}

/// Ends one of the caller's own sessions.
///
/// # Errors
/// [`Refusal::Missing`] if it is none of theirs, or has ended.
pub async fn end_session(clinic: &Clinic, who: &Actor, session: Uuid) -> Answer<()> {
    let missing = || Refusal::Missing("Session");
    let caller = who.account.ok_or_else(missing)?;
    let now = clinic.clock.now();
    let mut tx = clinic.db.begin().await?;
    let row = table::find(&mut tx, session).await?;
    row.filter(|row| row.account_id == caller.id)
        .ok_or_else(missing)?;
    if !clinic
        .sessions
        .end(&mut tx, session, "revoked", now)
        .await?
    {
        return Err(missing());
    }
    let detail = json!({ "session": session });
    audit::account_change(&mut tx, clinic, who, "end_session", caller.id, detail).await?;
    tx.commit().await?;
    clinic.sessions.ended();
    Ok(())
}
