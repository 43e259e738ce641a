//! OpenAPI 3.1 out of 3.0: poem-openapi writes the older one, whose `nullable` means nothing beside
//! a reference, so that generated clients would not expect the null that comes.

use serde_json::{Map, Value, json};

use super::set;

/// The version that the document says it is.
const VERSION: &str = "3.1.0";

/// Rewrites the whole document.
pub(super) fn renew(document: &mut Value) {
    set(document, "openapi", json!(VERSION));
    // Relative to where the document is: whoever reads it there has reached the server.
    set(document, "servers", json!([{"url": "/"}]));
    if let Some(license) = document.pointer_mut("/info/license") {
        let identifier = license["name"].clone();
        set(license, "identifier", identifier);
    }
    schemas(document);
}

fn schemas(value: &mut Value) {
    match value {
        Value::Object(map) => {
            said_once(map);
            map.values_mut().for_each(schemas);
            if map.get("nullable").is_some_and(Value::is_boolean) {
                let nullable = map.remove("nullable") == Some(json!(true));
                if nullable {
                    or_null(map);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(schemas),
        _ => {}
    }
}

/// What is said beside a reference was written as a second schema: `allOf [reference, words]`.
fn said_once(map: &mut Map<String, Value>) {
    let Some(Value::Array(all)) = map.get_mut("allOf") else {
        return;
    };
    let mut said = Map::new();
    all.retain_mut(|part| match part {
        Value::Object(part)
            if part
                .keys()
                .all(|key| ["description", "nullable"].contains(&key.as_str())) =>
        {
            said.append(part);
            false
        }
        _ => true,
    });
    for (key, value) in said {
        map.entry(key).or_insert(value);
    }
}

fn or_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(words)) = map.get_mut("enum") {
        words.push(Value::Null);
    }
    let nothing = json!({"type": "null"});
    if let Some(kind) = map.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    } else if let Some(Value::Array(any)) = map.get_mut("anyOf") {
        any.push(nothing);
    } else if let Some(Value::Array(one)) = map.get_mut("oneOf") {
        one.push(nothing);
    } else if let Some(Value::Array(mut all)) = map.remove("allOf") {
        let given = match all.pop() {
            Some(only) if all.is_empty() => only,
            last => json!({"allOf": all.into_iter().chain(last).collect::<Vec<_>>()}),
        };
        map.insert("anyOf".to_owned(), json!([given, nothing]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renewed(mut schema: Value) -> Value {
        schemas(&mut schema);
        schema
    }

    #[test]
    fn null_is_a_type_of_its_own() {
        assert_eq!(
            renewed(json!({"type": "string", "enum": ["a"], "nullable": true})),
            json!({"type": ["string", "null"], "enum": ["a", null]})
        );
        assert_eq!(
            renewed(json!({"type": "string", "nullable": false})),
            json!({"type": "string"})
        );
        assert_eq!(
            renewed(json!({"anyOf": [{"type": "integer"}], "nullable": true})),
            json!({"anyOf": [{"type": "integer"}, {"type": "null"}]})
        );
    }

    #[test]
    fn a_reference_may_be_null_and_keeps_its_words() {
        let reference = json!({"$ref": "#/components/schemas/Person"});
        assert_eq!(
            renewed(json!({
                "allOf": [reference, {"description": "Who."}, {"nullable": true}],
            })),
            json!({"anyOf": [reference, {"type": "null"}], "description": "Who."})
        );
        assert_eq!(
            renewed(json!({"allOf": [reference, {"description": "Who."}]})),
            json!({"allOf": [reference], "description": "Who."})
        );
    }

    #[test]
    fn a_field_may_be_called_nullable() {
        let schema = json!({"properties": {"nullable": {"type": "boolean"}}});
        assert_eq!(renewed(schema.clone()), schema);
    }
}
