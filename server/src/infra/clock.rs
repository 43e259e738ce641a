//! The one place that reads the machine's clock; everything else is handed the time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::sync::watch;

/// What time it is. Cheap to clone; clones share their time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    System {
        started: Instant,
    },
    Fixed {
        at: Mutex<Fixed>,
        moved: watch::Sender<()>,
    },
}

#[derive(Debug)]
struct Fixed {
    now: DateTime<Utc>,
    elapsed: Duration,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Arc::new(Source::System {
            started: Instant::now(),
        }))
    }

    /// A clock for tests: it stands at `now` until it is told to move.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Source::Fixed {
            at: Mutex::new(Fixed {
                now,
                elapsed: Duration::ZERO,
            }),
            moved: watch::Sender::new(()),
        }))
    }

    /// The current instant in UTC, cut to microseconds: what both databases store and the wire
    /// shows (API.md §1), so a value survives the round trip unchanged.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Clock that everyone else asks"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        match &*self.0 {
            Source::System { .. } => Utc::now(),
            Source::Fixed { at, .. } => lock(at).now,
        }
        .trunc_subsecs(6)
    }

    /// Time since this clock was made. Never goes back, whatever the wall clock does, so waiting
    /// times and rate limits are measured by it.
    pub fn elapsed(&self) -> Duration {
        match &*self.0 {
            Source::System { started } => started.elapsed(),
            Source::Fixed { at, .. } => lock(at).elapsed,
        }
    }

    /// Waits until [`elapsed`](Self::elapsed) is at least this.
    pub async fn reach(&self, elapsed: Duration) {
        match &*self.0 {
            Source::System { started } => {
                let left = elapsed.saturating_sub(started.elapsed());
                tokio::time::sleep(left).await;
            }
            Source::Fixed { moved, .. } => {
                let mut moved = moved.subscribe();
                while self.elapsed() < elapsed && moved.changed().await.is_ok() {}
            }
        }
    }

    /// Lets time pass on a [`fixed`](Self::fixed) clock. The system's clock does not listen.
    pub fn advance(&self, by: Duration) {
        if let Source::Fixed { at, moved } = &*self.0 {
            let mut fixed = lock(at);
            let by_delta = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
            fixed.now = fixed
                .now
                .checked_add_signed(by_delta)
                .unwrap_or(DateTime::<Utc>::MAX_UTC);
            fixed.elapsed = fixed.elapsed.saturating_add(by);
            drop(fixed);
            moved.send_replace(());
        }
    }

    /// Puts a [`fixed`](Self::fixed) clock at another instant. Forwards, time passes; backwards,
    /// only the wall clock jumps. The system's clock does not listen.
    pub fn set(&self, now: DateTime<Utc>) {
        if let Source::Fixed { at, moved } = &*self.0 {
            let mut fixed = lock(at);
            // Negative differences do not convert: a backward jump adds no elapsed time.
            let passed = (now - fixed.now).to_std().unwrap_or_default();
            fixed.now = now;
            fixed.elapsed = fixed.elapsed.saturating_add(passed);
            drop(fixed);
            moved.send_replace(());
        }
    }
}

/// Nothing in here can be left half-changed, so a poisoned lock is as good as any.
fn lock(fixed: &Mutex<Fixed>) -> std::sync::MutexGuard<'_, Fixed> {
    fixed.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-11-22T12:00:00.123456789Z".parse().unwrap()
    }

    #[test]
    fn instants_have_microseconds_at_most() {
        assert_eq!(
            Clock::fixed(noon()).now().to_rfc3339(),
            "2026-11-22T12:00:00.123456+00:00"
        );
        assert_eq!(Clock::system().now().timestamp_subsec_nanos() % 1000, 0);
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told_and_for_all_its_clones() {
        let clock = Clock::fixed(noon());
        let other = clock.clone();
        assert_eq!(clock.now(), clock.now());
        clock.advance(Duration::from_secs(60));
        assert_eq!(other.now().to_rfc3339(), "2026-11-22T12:01:00.123456+00:00");
        assert_eq!(other.elapsed(), Duration::from_secs(60));
    }

    #[test]
    fn elapsed_time_ignores_a_wall_clock_that_jumps_back() {
        let clock = Clock::fixed(noon());
        clock.set(noon() + TimeDelta::seconds(5));
        clock.set(noon() - TimeDelta::hours(3));
        assert_eq!(clock.elapsed(), Duration::from_secs(5));
        assert_eq!(clock.now(), (noon() - TimeDelta::hours(3)).trunc_subsecs(6));
    }

    #[tokio::test]
    async fn who_waits_on_a_fixed_clock_goes_on_when_it_is_moved() {
        let clock = Clock::fixed(noon());
        let other = clock.clone();
        let sleeping = tokio::spawn(async move { other.reach(Duration::from_secs(60)).await });
        clock.advance(Duration::from_secs(59));
        tokio::task::yield_now().await;
        assert!(!sleeping.is_finished());
        clock.advance(Duration::from_secs(1));
        sleeping.await.unwrap();
    }

    #[test]
    fn the_system_clock_cannot_be_moved() {
        let clock = Clock::system();
        clock.set(noon() - TimeDelta::days(3650));
        assert!(clock.now() > noon() - TimeDelta::days(3650));
    }
}
