//! v1's rotating pairs (API.md §2, docs/decisions/0010): each refresh token is good once. One that
//! comes again tells that somebody copied it, and its session ends; but whoever did not get the
//! answer, or asked twice at once, gets the same pair again for a moment.

use chrono::{DateTime, TimeDelta, Utc};
use clinic_shared::classic::accounts::Tokens;
use uuid::Uuid;

use super::{Family, Sessions, not_valid, refused};
use crate::auth::tokens::{Claims, Holder, TokenError, TokenType};
use crate::clinic::{Answer, Refusal};
use crate::store::Tx;
use crate::store::sessions::{self, PairRow, SessionOfAccount};

/// How long a traded refresh token may ask for the pair it was traded for.
const RETRY: TimeDelta = TimeDelta::seconds(10);

/// What became of a refresh token.
#[derive(Debug, Clone)]
pub enum Rotated {
    /// The next pair, or the same next pair again, and the session it is of.
    Pair(Tokens, Box<SessionOfAccount>),
    /// It had been traded already: the session was ended, in the caller's transaction, which must
    /// commit; the account's number.
    Replayed(i64),
}

/// Whether the cache has an older pair of this session than the token is of: another server
/// rotated it.
pub(super) fn is_behind(session: &SessionOfAccount, claims: &Claims) -> bool {
    let made = session.rotated_at.map(|at| at.timestamp());
    session.family == Family::V1.as_str()
        && session.access_jti != Some(claims.jti)
        && made.is_none_or(|made| claims.iat >= made)
}

impl Sessions {
    /// Trades a v1 session's refresh token for the next pair. After the commit call
    /// [`Sessions::forget`] with the session's id.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`] if it is no refresh token of a live v1 session.
    pub async fn rotate(
        &self,
        tx: &mut Tx,
        refresh: &str,
        (access_jti, refresh_jti): (Uuid, Uuid),
        now: DateTime<Utc>,
    ) -> Answer<Rotated> {
        let claims = self.refresh_claims(refresh, now)?;
        let pair = sessions::lock_pair(tx, claims.sid).await?;
        let session = sessions::find(tx, claims.sid).await?;
        let (Some(pair), Some(session)) = (pair, session) else {
            return Err(not_valid());
        };
        if !is_live(&session, &claims, now) || session.family != Family::V1.as_str() {
            return Err(not_valid());
        }
        if claims.jti == pair.refresh_jti {
            let next = self.next_pair(&session, &pair, (access_jti, refresh_jti), now);
            sessions::rotate(tx, session.id, &next).await?;
            let tokens = self.signed(&session, &next)?;
            return Ok(Rotated::Pair(tokens, Box::new(session)));
        }
        let is_retry = pair.previous_jti == Some(claims.jti)
            && !pair.pair_used
            && pair.rotated_at.is_some_and(|at| now < at + RETRY);
        if is_retry {
            let tokens = self.signed(&session, &pair)?;
            return Ok(Rotated::Pair(tokens, Box::new(session)));
        }
        self.end(tx, session.id, "replay", now).await?;
        Ok(Rotated::Replayed(session.account_id))
    }

    /// Which session a refresh token is of.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`].
    pub fn session_of_refresh(&self, refresh: &str, now: DateTime<Utc>) -> Answer<Uuid> {
        Ok(self.refresh_claims(refresh, now)?.sid)
    }

    /// Whether a token of either kind, of either family, would be taken now.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`] if not.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Answer<()> {
        match self.keys.check(token, TokenType::Access, now) {
            Ok(claims) => {
                self.live(&claims, now).await?.ok_or_else(not_valid)?;
                return Ok(());
            }
            Err(TokenError::WrongType) => {}
            Err(error) => return Err(refused(&error)),
        }
        let claims = self.refresh_claims(token, now)?;
        // A rotation ends no session, so the cache may not know of it: the row is asked.
        let session = sessions::find(&mut self.db.read().await?, claims.sid).await?;
        let session = session.ok_or_else(not_valid)?;
        let is_current = session.refresh_jti == claims.jti && is_live(&session, &claims, now);
        is_current.then_some(()).ok_or_else(not_valid)
    }

    /// The first use of a new pair's access token says that the answer arrived: from then on the old
    /// refresh token is a replay.
    pub(super) async fn note_first_use(
        &self,
        session: &SessionOfAccount,
        claims: &Claims,
    ) -> Answer<()> {
        let is_first = session.rotated_at.is_some()
            && !session.pair_used
            && session.access_jti == Some(claims.jti);
        if is_first {
            let mut tx = self.db.begin().await?;
            sessions::mark_used(&mut tx, session.id, claims.jti).await?;
            tx.commit().await?;
            self.forget(session.id);
        }
        Ok(())
    }

    fn refresh_claims(&self, refresh: &str, now: DateTime<Utc>) -> Answer<Claims> {
        self.keys
            .check(refresh, TokenType::Refresh, now)
            .map_err(|error| refused(&error))
    }

    fn next_pair(
        &self,
        session: &SessionOfAccount,
        was: &PairRow,
        (access_jti, refresh_jti): (Uuid, Uuid),
        now: DateTime<Utc>,
    ) -> PairRow {
        let until = |lifetime| {
            let lifetime = TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::minutes(5));
            Some((now + lifetime).min(session.expires_at).timestamp())
        };
        PairRow {
            refresh_jti,
            access_jti: Some(access_jti),
            previous_jti: Some(was.refresh_jti),
            rotated_at: Some(now),
            access_exp: until(self.lifetimes.access),
            refresh_exp: until(self.lifetimes.refresh),
            pair_used: false,
        }
    }

    /// Signs a pair from what its session keeps: the same pair signs to the same tokens.
    fn signed(&self, session: &SessionOfAccount, pair: &PairRow) -> Answer<Tokens> {
        let (Some(made), Some(access_jti), Some(access_exp), Some(refresh_exp)) = (
            pair.rotated_at,
            pair.access_jti,
            pair.access_exp,
            pair.refresh_exp,
        ) else {
            return Err(not_valid());
        };
        let holder = Holder {
            account: session.account_uid,
            role: session.role.0,
            session: session.id,
        };
        let sign = |kind, jti, exp| {
            let claims = Claims::restored(kind, holder, jti, made.timestamp(), exp);
            self.keys.sign(&claims).map_err(Refusal::broken)
        };
        Ok(Tokens {
            access: sign(TokenType::Access, access_jti, access_exp)?,
            refresh: sign(TokenType::Refresh, pair.refresh_jti, refresh_exp)?,
        })
    }
}

/// Whether these claims are of a session that stands.
pub(super) fn is_live(session: &SessionOfAccount, claims: &Claims, now: DateTime<Utc>) -> bool {
    !session.ended
        && session.is_active
        && session.expires_at > now
        && session.account_uid == claims.sub
}
