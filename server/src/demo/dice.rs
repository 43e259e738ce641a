//! Chance that is the same everywhere and for ever, which library generators do not promise.

/// A small generator (SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Dice(seed)
    }

    pub(super) const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 if `end` is.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % end).unwrap_or(0)
    }

    /// A number below `end`, small ones much likelier: how names are spread among people.
    pub(super) fn common_below(&mut self, end: usize) -> usize {
        let (a, b) = (self.below(end), self.below(end));
        // The smaller of two, of another two: a falling curve without floating point.
        a.min(b).min(self.below(end).max(self.below(end)))
    }

    /// True in `percent` of 100 cases.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these, the first ones likelier.
    pub(super) fn common<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.common_below(from.len());
        from.get(at).copied().unwrap_or_default()
    }

    /// One of these, all alike.
    pub(super) fn any<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.below(from.len());
        from.get(at).copied().unwrap_or_default()
    }
}
