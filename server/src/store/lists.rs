//! Lists bound as one value, so that a statement's text does not depend on their length.

/// Ids as a JSON array. SQLite opens it with `json_each`, PostgreSQL with
/// `jsonb_array_elements_text`.
pub(super) fn json_ids(ids: &[i64]) -> String {
    serde_json::Value::from(ids).to_string()
}

/// The ids of a bound [`json_ids`], as a subselect of either engine: `x IN` this.
macro_rules! ids {
    (sqlite, $bound:literal) => {
        concat!("(SELECT value FROM json_each(", $bound, "))")
    };
    (postgres, $bound:literal) => {
        concat!(
            "(SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(",
            $bound,
            " AS jsonb)))"
        )
    };
}
pub(super) use ids;

#[cfg(test)]
mod tests {
    use super::json_ids;

    #[test]
    fn ids_are_a_json_array() {
        assert_eq!(json_ids(&[]), "[]");
        assert_eq!(json_ids(&[3, 14]), "[3,14]");
    }
}
