//! Money: cents inside, whole units in classic, two decimals on v1 and the desk (API.md §1).

/// Cents of a unit.
const CENTS: i64 = 100;

/// An amount of whole units, in cents. Units are few enough by the wire's own rules; an absurd
/// number stays the largest there is.
pub fn of_units(units: i64) -> i64 {
    units.saturating_mul(CENTS)
}

/// The whole units of an amount; cents are cut off.
pub fn units(cents: i64) -> i64 {
    cents / CENTS
}

/// An amount with two decimals, e.g. `500.00`.
pub fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / CENTS, cents % CENTS)
}

/// An amount of units, or of units and two decimals, in cents: `500`, `500.00`.
///
/// # Errors
/// The message for the field.
pub fn of_decimal(text: &str) -> Result<i64, String> {
    let (units, cents) = text.split_once('.').unwrap_or((text, "00"));
    let is_amount = (1..=9).contains(&units.len())
        && cents.len() == 2
        && units
            .bytes()
            .chain(cents.bytes())
            .all(|b| b.is_ascii_digit());
    let amount = is_amount.then(|| format!("{units}{cents}").parse().ok());
    amount
        .flatten()
        .ok_or_else(|| "Enter an amount such as 500 or 500.00.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_and_read_to_the_cent() {
        for (cents, text) in [(0, "0.00"), (5, "0.05"), (50_000, "500.00")] {
            assert_eq!(decimal(cents), text);
            assert_eq!(of_decimal(text), Ok(cents));
        }
        assert_eq!(of_decimal("500"), Ok(50_000));
        assert_eq!((units(50_099), of_units(500)), (500, 50_000));
        for rubbish in [
            "",
            ".50",
            "5.",
            "5.5",
            "5.555",
            "-5",
            "+5",
            "5,00",
            "1234567890",
        ] {
            assert!(of_decimal(rubbish).is_err(), "{rubbish}");
        }
    }
}
