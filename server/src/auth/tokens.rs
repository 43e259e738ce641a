//! Access and refresh tokens: JWTs signed with HS256 (API.md §2).
//!
//! A token only says who asks; that its session still stands is the session's row to say.

use std::time::Duration;

use chrono::{DateTime, Utc};
use clinic_shared::Role;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `iss` and `aud` of every token: a token for another system under the same key is refused.
const ISSUER: &str = "clinic";

/// Ours have about 400 bytes; whatever is longer than this is not even decoded.
const MAX_BYTES: usize = 4096;

/// What a token is good for (claim `token_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenType {
    /// Calls the API.
    Access,
    /// Gets the next access token.
    Refresh,
}

/// Whom a pair of tokens stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The account's UUID (claim `sub`).
    pub account: Uuid,
    /// Its role when the session began.
    pub role: Role,
    /// The session (claim `sid`).
    pub session: Uuid,
}

/// What a token says. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Access or refresh.
    pub token_type: TokenType,
    /// The account's UUID.
    pub sub: Uuid,
    /// The account's role when the token was issued.
    pub role: Role,
    /// The session's UUID.
    pub sid: Uuid,
    /// This token's own UUID.
    pub jti: Uuid,
    /// Issued at.
    pub iat: i64,
    /// Good until just before this second.
    pub exp: i64,
    iss: String,
    aud: String,
}

impl Claims {
    /// Claims of a token issued at `now` for `lifetime` (cut to whole seconds).
    pub fn new(
        token_type: TokenType,
        holder: Holder,
        jti: Uuid,
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Self {
        let iat = now.timestamp();
        let lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
        Self::restored(token_type, holder, jti, iat, iat.saturating_add(lifetime))
    }

    /// Claims of a token that was issued before, from what its session stored: the same `jti`,
    /// `iat` and `exp` sign to the same token (the retried refresh of API.md §2).
    pub fn restored(token_type: TokenType, holder: Holder, jti: Uuid, iat: i64, exp: i64) -> Self {
        Self {
            token_type,
            sub: holder.account,
            role: holder.role,
            sid: holder.session,
            jti,
            iat,
            exp,
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
        }
    }
}

/// Why a token is refused. Callers answer 401 to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was good, but its time is over.
    #[error("The token is expired; refresh it or sign in again.")]
    Expired,
    /// A refresh token where an access token belongs, or the reverse.
    #[error("The token has the wrong type.")]
    WrongType,
    /// Not a token of ours.
    #[error("The token is invalid; sign in again.")]
    Invalid,
}

/// A token could not be made; only a broken build does this.
#[derive(Debug, thiserror::Error)]
#[error("The token could not be signed.")]
pub struct SigningError(#[from] jsonwebtoken::errors::Error);

/// The signing key, in the two forms the library wants. `Debug` shows neither.
#[derive(Clone)]
pub struct Keys {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Keys from `SECRET_KEY`, whose strength the configuration has checked.
    pub fn new(secret: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library would ask the system's clock; `check` compares with the time it is handed.
        validation.validate_exp = false;
        validation.leeway = 0;
        Self {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// Signs claims.
    ///
    /// # Errors
    /// [`SigningError`], which no claims of ours can cause.
    pub fn sign(&self, claims: &Claims) -> Result<String, SigningError> {
        Ok(jsonwebtoken::encode(
            &Header::new(Algorithm::HS256),
            claims,
            &self.signing,
        )?)
    }

    /// An access token for `holder`.
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    pub fn issue_access(
        &self,
        holder: Holder,
        jti: Uuid,
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<String, SigningError> {
        self.sign(&Claims::new(TokenType::Access, holder, jti, now, lifetime))
    }

    /// A refresh token for `holder`.
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    pub fn issue_refresh(
        &self,
        holder: Holder,
        jti: Uuid,
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<String, SigningError> {
        self.sign(&Claims::new(TokenType::Refresh, holder, jti, now, lifetime))
    }

    /// Reads a token: signature (HS256 and nothing else), issuer, audience, type and expiry, the
    /// last against `now` with no leeway.
    ///
    /// # Errors
    /// The [`TokenError`] that comes first: invalid, wrong type, expired.
    pub fn check(
        &self,
        token: &str,
        expected: TokenType,
        now: DateTime<Utc>,
    ) -> Result<Claims, TokenError> {
        if token.len() > MAX_BYTES {
            return Err(TokenError::Invalid);
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation)
            .map_err(|_| TokenError::Invalid)?
            .claims;
        if claims.token_type != expected {
            return Err(TokenError::WrongType);
        }
        if claims.exp <= now.timestamp() {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &[u8] = b"a secret of thirty-two bytes or more";
    const FIVE_MINUTES: Duration = Duration::from_secs(300);

    fn now() -> DateTime<Utc> {
        "2026-11-22T12:00:00.5Z".parse().unwrap()
    }

    fn holder() -> Holder {
        Holder {
            account: Uuid::from_u128(1),
            role: Role::Doctor,
            session: Uuid::from_u128(2),
        }
    }

    fn access() -> String {
        Keys::new(SECRET)
            .issue_access(holder(), Uuid::from_u128(3), now(), FIVE_MINUTES)
            .unwrap()
    }

    fn claims() -> Value {
        let token = access();
        let payload = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&BASE64.decode(payload).unwrap()).unwrap()
    }

    fn encode(part: &Value) -> String {
        BASE64.encode(part.to_string())
    }

    /// Signs with an algorithm and a key of the forger's choice.
    fn forge(header: &Header, claims: &Value, secret: &[u8]) -> String {
        jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(secret)).unwrap()
    }

    /// Signs with the right key: what only a fault of ours could let out.
    fn signed(claims: &Value) -> String {
        forge(&Header::new(Algorithm::HS256), claims, SECRET)
    }

    fn with(field: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[field] = value;
        claims
    }

    #[test]
    fn a_token_says_who_which_session_and_until_when() {
        let read = Keys::new(SECRET)
            .check(&access(), TokenType::Access, now())
            .unwrap();
        assert_eq!((read.sub, read.sid), (holder().account, holder().session));
        assert_eq!((read.role, read.jti), (Role::Doctor, Uuid::from_u128(3)));
        assert_eq!(
            (read.iat, read.exp),
            (now().timestamp(), now().timestamp() + 300)
        );
    }

    #[test]
    fn the_claims_on_the_wire_are_the_ones_the_contract_names() {
        assert_eq!(
            claims(),
            json!({
                "token_type": "access", "role": "doctor", "iss": "clinic", "aud": "clinic",
                "sub": "00000000-0000-0000-0000-000000000001",
                "sid": "00000000-0000-0000-0000-000000000002",
                "jti": "00000000-0000-0000-0000-000000000003",
                "iat": now().timestamp(), "exp": now().timestamp() + 300,
            })
        );
    }

    #[test]
    fn the_same_claims_sign_to_the_same_token() {
        let keys = Keys::new(SECRET);
        let claims = keys.check(&access(), TokenType::Access, now()).unwrap();
        let again = Claims::restored(
            TokenType::Access,
            holder(),
            claims.jti,
            claims.iat,
            claims.exp,
        );
        assert_eq!(keys.sign(&again).unwrap(), access());
    }

    #[test]
    fn expiry_is_exact_to_the_second_and_counts_by_the_time_handed_in() {
        let check = |seconds| {
            let at = DateTime::from_timestamp(now().timestamp() + seconds, 0).unwrap();
            Keys::new(SECRET)
                .check(&access(), TokenType::Access, at)
                .map(|_| ())
        };
        assert_eq!(check(299), Ok(()));
        assert_eq!(check(300), Err(TokenError::Expired));
        assert_eq!(check(301), Err(TokenError::Expired));
    }

    #[test]
    fn an_access_token_is_no_refresh_token_nor_the_reverse() {
        let keys = Keys::new(SECRET);
        let refresh = keys
            .issue_refresh(holder(), Uuid::from_u128(4), now(), FIVE_MINUTES)
            .unwrap();
        let wrong = Err(TokenError::WrongType);
        assert_eq!(keys.check(&access(), TokenType::Refresh, now()), wrong);
        assert_eq!(keys.check(&refresh, TokenType::Access, now()), wrong);
        assert!(keys.check(&refresh, TokenType::Refresh, now()).is_ok());
    }

    #[test]
    fn forgeries_are_refused() {
        let token = access();
        let [header, payload, signature]: [&str; 3] =
            token.split('.').collect::<Vec<_>>().try_into().unwrap();
        let admin = with("role", json!("admin"));
        let none = encode(&json!({"alg": "none", "typ": "JWT"}));
        let jwk = json!({
            "alg": "HS256", "typ": "JWT", "kid": "attacker",
            "jwk": {"kty": "oct", "k": BASE64.encode(b"attacker"), "alg": "HS256"},
        });
        let with_jwk: Header = serde_json::from_value(jwk).unwrap();
        let mut with_kid = Header::new(Algorithm::HS256);
        with_kid.kid = Some("../../../../dev/null".to_owned());
        let mut without_audience = claims();
        without_audience.as_object_mut().unwrap().remove("aud");
        let mut without_expiry = claims();
        without_expiry.as_object_mut().unwrap().remove("exp");
        let table = [
            (
                "alg none, no signature",
                format!("{none}.{}.", encode(&admin)),
            ),
            (
                "alg none, old signature",
                format!("{none}.{payload}.{signature}"),
            ),
            (
                "alg NONE",
                format!("{}.{payload}.", encode(&json!({"alg": "NONE"}))),
            ),
            (
                "HS384",
                forge(&Header::new(Algorithm::HS384), &claims(), SECRET),
            ),
            (
                "HS512",
                forge(&Header::new(Algorithm::HS512), &claims(), SECRET),
            ),
            (
                "another key",
                forge(&Header::new(Algorithm::HS256), &admin, b"another key"),
            ),
            ("no key", forge(&Header::new(Algorithm::HS256), &admin, b"")),
            (
                "its own key in the header",
                forge(&with_jwk, &admin, b"attacker"),
            ),
            ("kid of an empty file", forge(&with_kid, &admin, b"")),
            (
                "tampered payload",
                format!("{header}.{}.{signature}", encode(&admin)),
            ),
            ("cut signature", token[..token.len() - 2].to_owned()),
            ("no signature", format!("{header}.{payload}.")),
            ("two parts", format!("{header}.{payload}")),
            ("four parts", format!("{token}.{signature}")),
            ("another audience", signed(&with("aud", json!("billing")))),
            ("another issuer", signed(&with("iss", json!("billing")))),
            ("no audience", signed(&without_audience)),
            ("no expiry", signed(&without_expiry)),
            ("expiry as text", signed(&with("exp", json!("9999999999")))),
            (
                "expiry as a fraction",
                signed(&with("exp", json!(9_999_999_999.5))),
            ),
            ("an unknown role", signed(&with("role", json!("root")))),
            ("an unknown type", signed(&with("token_type", json!("otp")))),
            (
                "a subject that is no UUID",
                signed(&with("sub", json!("1"))),
            ),
            ("no subject", signed(&with("sub", Value::Null))),
            ("empty", String::new()),
            ("dots", "..".to_owned()),
            ("garbage", "not a token at all \u{0}\u{202e}".to_owned()),
            (
                "100 kB",
                format!("{header}.{}.{signature}", "A".repeat(100_000)),
            ),
            (
                "100 kB, well signed",
                signed(&with("pad", json!("A".repeat(100_000)))),
            ),
        ];
        let keys = Keys::new(SECRET);
        for (what, forged) in table {
            let verdict = keys.check(&forged, TokenType::Access, now());
            assert_eq!(verdict, Err(TokenError::Invalid), "{what}");
        }
    }

    #[test]
    fn keys_do_not_show_in_logs() {
        assert!(!format!("{:?}", Keys::new(SECRET)).contains("secret"));
    }
}
