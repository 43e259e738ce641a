//! Lists bound as one value, so that a statement's text does not depend on their length.

/// Ids as a JSON array. SQLite opens it with `json_each`, PostgreSQL with
/// `jsonb_array_elements_text`.
pub(super) fn json_ids(ids: &[i64]) -> String {
    serde_json::Value::from(ids).to_string()
}

#[cfg(test)]
mod tests {
    use super::json_ids;

    #[test]
    fn ids_are_a_json_array() {
        assert_eq!(json_ids(&[]), "[]");
        assert_eq!(json_ids(&[3, 14]), "[3,14]");
    }
}
