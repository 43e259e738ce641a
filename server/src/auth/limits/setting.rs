//! The setting `RATE_LIMITS`.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

/// The named groups of requests, each with its own rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// Signing in, registering, codes, resets: whatever can be guessed at.
    Auth,
    /// Requests without a token.
    Public,
    /// Signed-in patients and doctors.
    User,
    /// The front desk, which searches while it types.
    Staff,
}

impl Group {
    /// Every group, in the order of the setting.
    pub const ALL: [Group; 4] = [Group::Auth, Group::Public, Group::User, Group::Staff];

    /// The name in `RATE_LIMITS`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Group::Auth => "auth",
            Group::Public => "public",
            Group::User => "user",
            Group::Staff => "staff",
        }
    }
}

/// So many in a span of time; all of them may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: NonZeroU32,
    /// In which time.
    pub per: Duration,
}

/// The setting `RATE_LIMITS`: a rate for each group, or none for anyone (`off`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits(pub(super) Option<Rates>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rates {
    pub(super) auth: Rate,
    pub(super) public: Rate,
    pub(super) user: Rate,
    pub(super) staff: Rate,
}

impl Rates {
    fn slot(&mut self, group: Group) -> &mut Rate {
        match group {
            Group::Auth => &mut self.auth,
            Group::Public => &mut self.public,
            Group::User => &mut self.user,
            Group::Staff => &mut self.staff,
        }
    }
}

/// A part of `RATE_LIMITS` that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "RATE_LIMITS: \"{0}\" is not understood; write off, or parts such as auth=10/m separated by \
     commas (each of auth, public, user, staff at most once; per s, m or h)."
)]
pub struct RateLimitsError(String);

impl Default for RateLimits {
    /// `auth=10/m,public=120/m,user=600/m,staff=3000/m` (API.md §2).
    fn default() -> Self {
        let a_minute = |count: u32| Rate {
            count: NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN),
            per: Duration::from_secs(60),
        };
        Self(Some(Rates {
            auth: a_minute(10),
            public: a_minute(120),
            user: a_minute(600),
            staff: a_minute(3000),
        }))
    }
}

impl RateLimits {
    /// No limits at all.
    pub const OFF: Self = Self(None);

    /// Whether nothing is limited.
    pub const fn is_off(&self) -> bool {
        self.0.is_none()
    }

    /// The rate of one group; none when limits are off.
    pub fn rate(&self, group: Group) -> Option<Rate> {
        self.0.map(|mut rates| *rates.slot(group))
    }
}

impl FromStr for RateLimits {
    type Err = RateLimitsError;

    /// Reads the setting; a group that is not named keeps its default.
    fn from_str(setting: &str) -> Result<Self, RateLimitsError> {
        let setting = setting.trim();
        if setting.eq_ignore_ascii_case("off") {
            return Ok(Self::OFF);
        }
        let mut limits = Self::default();
        if setting.is_empty() {
            return Ok(limits);
        }
        let mut named = Vec::new();
        for part in setting.split(',').map(str::trim) {
            let wrong = || RateLimitsError(part.to_owned());
            let (group, rate) = parse_part(part).ok_or_else(wrong)?;
            if named.contains(&group) {
                return Err(wrong());
            }
            named.push(group);
            if let Some(rates) = &mut limits.0 {
                *rates.slot(group) = rate;
            }
        }
        Ok(limits)
    }
}

impl fmt::Display for RateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_none() {
            return f.write_str("off");
        }
        for (index, group) in Group::ALL.into_iter().enumerate() {
            let Some(rate) = self.rate(group) else {
                continue;
            };
            let unit = match rate.per.as_secs() {
                1 => "s",
                60 => "m",
                _ => "h",
            };
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{}={}/{unit}", group.as_str(), rate.count)?;
        }
        Ok(())
    }
}

fn parse_part(part: &str) -> Option<(Group, Rate)> {
    let (name, rate) = part.split_once('=')?;
    let (count, unit) = rate.split_once('/')?;
    let group = Group::ALL
        .into_iter()
        .find(|group| group.as_str() == name.trim())?;
    let per = match unit.trim() {
        "s" => Duration::from_secs(1),
        "m" => Duration::from_secs(60),
        "h" => Duration::from_secs(3600),
        _ => return None,
    };
    Some((
        group,
        Rate {
            count: count.trim().parse().ok()?,
            per,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_replaces_what_it_names_and_keeps_the_rest() {
        let limits: RateLimits = " auth = 5/h , staff=50/s ".parse().unwrap();
        assert_eq!(
            limits.to_string(),
            "auth=5/h,public=120/m,user=600/m,staff=50/s"
        );
        let defaults: RateLimits = "".parse().unwrap();
        assert_eq!(
            defaults.to_string(),
            "auth=10/m,public=120/m,user=600/m,staff=3000/m"
        );
        assert_eq!(defaults.to_string().parse(), Ok(defaults));
    }

    #[test]
    fn a_bad_part_is_named() {
        for bad in [
            "on",
            "auth",
            "auth=10",
            "auth=0/m",
            "auth=-1/m",
            "auth=10/d",
            "auth=ten/m",
            "login=10/m",
            "auth=99999999999/m",
            "Auth=10/m",
        ] {
            let error = format!("public=1/s,{bad}")
                .parse::<RateLimits>()
                .unwrap_err();
            assert_eq!(error, RateLimitsError(bad.to_owned()));
            assert!(
                error
                    .to_string()
                    .starts_with(&format!("RATE_LIMITS: \"{bad}\""))
            );
        }
        assert!("auth=1/m,auth=2/m".parse::<RateLimits>().is_err());
        assert!("auth=1/m,".parse::<RateLimits>().is_err());
    }
}
