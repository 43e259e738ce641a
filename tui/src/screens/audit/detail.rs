//! What a row of the audit says beside who and when: names of fields, counts, and settings as they
//! were and are.

use serde_json::{Map, Value};

use crate::dates::Format;
use crate::text;

/// Under which names something stands as it was, and as it is.
const PAIRS: [(&str, &str); 2] = [("from", "to"), ("was", "is")];

/// The detail in lines: a name, and what it is; where something changed, old `arrow` new.
pub(crate) fn lines(
    detail: &Value,
    arrow: &str,
    none: &str,
    dates: Format,
) -> Vec<(String, String)> {
    let signs = (arrow, none, dates);
    let mut lines = Vec::new();
    match detail {
        Value::Object(fields) => tell(fields, "", signs, &mut lines),
        Value::Null => {}
        other => lines.push((String::new(), words(other, signs))),
    }
    lines
}

/// What stands between old and new, what stands for nothing, and how days are written.
type Signs<'a> = (&'a str, &'a str, Format);

fn tell(
    fields: &Map<String, Value>,
    name: &str,
    signs: Signs<'_>,
    out: &mut Vec<(String, String)>,
) {
    let pair = PAIRS
        .into_iter()
        .find(|(was, is)| fields.contains_key(*was) && fields.contains_key(*is));
    if let Some((was, is)) = pair {
        let was = fields.get(was).unwrap_or(&Value::Null);
        let is = fields.get(is).unwrap_or(&Value::Null);
        changed(name, was, is, signs, out);
    }
    for (key, value) in fields {
        if pair.is_some_and(|(was, is)| key == was || key == is) {
            continue;
        }
        let key = named(name, key);
        match value {
            Value::Object(inner) => tell(inner, &key, signs, out),
            value => out.push((key, words(value, signs))),
        }
    }
}

/// What was, and what is: field by field, where it has fields.
fn changed(name: &str, was: &Value, is: &Value, signs: Signs<'_>, out: &mut Vec<(String, String)>) {
    let arrow = signs.0;
    let mut line = |name: String, was: &Value, is: &Value| {
        let text = format!("{} {arrow} {}", words(was, signs), words(is, signs));
        out.push((name, text));
    };
    match (was, is) {
        (Value::Object(before), Value::Object(after)) => {
            let gone = before.keys().filter(|key| !after.contains_key(*key));
            for key in after.keys().chain(gone) {
                let of = |fields: &Map<String, Value>| fields.get(key).cloned();
                let was = of(before).unwrap_or_default();
                let is = of(after).unwrap_or_default();
                if was != is {
                    line(named(name, key), &was, &is);
                }
            }
        }
        _ => {
            let name = if name.is_empty() { "changed" } else { name };
            line(name.to_owned(), was, is);
        }
    }
}

/// The name of a field in words, behind that of what it is in.
fn named(outer: &str, key: &str) -> String {
    let key = text::line(key).replace('_', " ");
    match outer {
        "" => key,
        outer => format!("{outer}, {key}"),
    }
}

fn words(value: &Value, signs: Signs<'_>) -> String {
    let (_, none, dates) = signs;
    match value {
        Value::Null => none.to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => match text.parse() {
            Ok(day) => dates.date(day),
            Err(_) => text.clone(),
        },
        Value::Array(list) if list.is_empty() => none.to_owned(),
        Value::Array(list) => {
            let words: Vec<String> = list.iter().map(|one| words(one, signs)).collect();
            words.join(", ")
        }
        Value::Object(fields) => {
            let words: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{} {}", named("", key), words(value, signs)))
                .collect();
            words.join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::lines;
    use crate::dates::Format;

    fn told(detail: &serde_json::Value) -> Vec<String> {
        let lines = lines(detail, "->", "-", Format::Words);
        lines
            .into_iter()
            .map(|(a, b)| format!("{a}: {b}"))
            .collect()
    }

    #[test]
    fn what_changed_is_told_old_and_new() {
        let role = json!({ "from": "patient", "to": "doctor" });
        assert_eq!(told(&role), ["changed: patient -> doctor"]);
        let fields = json!({ "fields": ["fee"], "from": { "fee": "1" }, "to": { "fee": "2" } });
        assert_eq!(told(&fields), ["fee: 1 -> 2", "fields: fee"]);
        let nested = json!({ "is_active": { "from": true, "to": false }, "phone": { "was": null, "is": "1" } });
        assert_eq!(told(&nested), ["is active: yes -> no", "phone: - -> 1"]);
    }

    #[test]
    fn what_did_not_change_is_not_told_as_changed() {
        let same = json!({ "from": { "a": 1, "b": 1 }, "to": { "a": 1, "b": [2, 3] } });
        assert_eq!(told(&same), ["b: 1 -> 2, 3"]);
        assert_eq!(told(&json!({ "count": 7 })), ["count: 7"]);
        assert!(told(&json!({})).is_empty());
        // An absence from a day on has no other side.
        assert_eq!(
            told(&json!({ "from": "2026-11-23" })),
            ["from: 23 Nov 2026"]
        );
    }
}
