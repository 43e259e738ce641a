//! The OpenAPI schema is the validator: a request body is checked against the very schema that the
//! document shows, field by field, all faults at once (docs/decisions/0002).
//!
//! The messages are the ones clients of the original know (notes on its behaviour, §1.2).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use clinic_shared::FieldErrors;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use regex::Regex;
use serde_json::{Map, Number, Value};

use crate::clinic::accounts;

/// The fields a body may have.
#[derive(Debug)]
pub(super) struct Schema {
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    name: &'static str,
    kind: Kind,
    required: bool,
    nullable: bool,
}

#[derive(Debug)]
enum Kind {
    Text(Text),
    Integer {
        min: i64,
        max: i64,
    },
    Number {
        min: f64,
        max: f64,
    },
    Boolean,
    List(Box<Kind>),
    /// An object in the body; of its faults the first is told.
    Object(Schema),
    /// Any of these (`oneOf`); the first says what is wrong.
    Either(Vec<Kind>),
}

#[derive(Debug)]
struct Text {
    min: usize,
    max: usize,
    words: Vec<String>,
    format: Format,
    pattern: Option<Regex>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Plain,
    Date,
    Uuid,
    Instant,
}

/// Whether values come from JSON, where types are told apart, or from a form, where all is text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Json,
    Form,
}

/// What to do with fields the schema does not know (API.md §1).
#[derive(Debug, Clone, Copy)]
pub(super) enum Unknown<'a> {
    /// Classic: its clients send read-only fields back.
    Ignore,
    /// v1 and desk: refuse, except the object's own read-only fields.
    Refuse { but: &'a [&'a str] },
}

static KNOWN: LazyLock<RwLock<HashMap<&'static str, Arc<Schema>>>> = LazyLock::new(RwLock::default);

impl Schema {
    /// The schema of a type, made once.
    pub(super) fn of<T: Type>() -> Arc<Self> {
        let key = std::any::type_name::<T>();
        if let Some(schema) = KNOWN
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
        {
            return Arc::clone(schema);
        }
        let mut registry = Registry::new();
        T::register(&mut registry);
        let schema = Arc::new(Self::from_registry(&registry, &T::schema_ref()));
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert(schema))
    }

    fn from_registry(registry: &Registry, of: &MetaSchemaRef) -> Self {
        let Some(object) = resolved(registry, of) else {
            return Self { fields: Vec::new() };
        };
        let fields = object.properties.iter().map(|(name, property)| Field {
            name,
            kind: kind(registry, property),
            required: object.required.contains(name),
            nullable: matches!(property, MetaSchemaRef::Inline(schema) if schema.nullable),
        });
        Self {
            fields: fields.collect(),
        }
    }

    /// Whether some field must be there, so that an empty body is never enough.
    pub(super) fn requires_any(&self) -> bool {
        self.fields.iter().any(|field| field.required)
    }

    /// Whether a field of this name may be sent.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    /// Checks an object and answers it with every value in its proper type, together with the
    /// faults. Of a faulty object, faulty fields are left out; where one must be there it is blank,
    /// so that the rules can look at the others.
    pub(super) fn check(
        &self,
        mut given: Map<String, Value>,
        source: Source,
        unknown: Unknown<'_>,
    ) -> (Value, FieldErrors) {
        let mut errors = FieldErrors::default();
        let mut checked = Map::new();
        for field in &self.fields {
            match given.remove(field.name) {
                None if field.required => errors.add(field.name, "This field is required."),
                None => {}
                Some(value) => match field.check(value, source) {
                    Ok(value) => {
                        checked.insert(field.name.to_owned(), value);
                    }
                    Err(message) => errors.add(field.name, field.told(message)),
                },
            }
        }
        if let Unknown::Refuse { but } = unknown {
            for name in given.keys().filter(|name| !but.contains(&name.as_str())) {
                errors.add(name, "This field is not known here.");
            }
        }
        for field in self.fields.iter().filter(|field| field.required) {
            if !checked.contains_key(field.name) {
                checked.insert(field.name.to_owned(), field.kind.blank());
            }
        }
        (Value::Object(checked), errors)
    }
}

/// Stands for whatever a field says of a value that does not look as it should.
const WRONG_FORM: &str = "Enter a valid value.";
/// What a field is told that may not be null and is.
const NULL: &str = "This field may not be null.";

/// What a name in links is made of.
const WRONG_SLUG: &str =
    "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";

impl Field {
    /// The message in the words of this field.
    fn told(&self, message: String) -> String {
        match self.name {
            "email" if message == WRONG_FORM => "Enter a valid email address.".to_owned(),
            "slug" if message == WRONG_FORM => WRONG_SLUG.to_owned(),
            "username" if message == WRONG_FORM => accounts::WRONG_USERNAME.to_owned(),
            // Of two ways to write it, neither alone tells what is taken.
            "rating" if message != NULL => {
                "Choose from 1 to 5, or from ⭐ to ⭐⭐⭐⭐⭐.".to_owned()
            }
            _ => message,
        }
    }

    fn check(&self, value: Value, source: Source) -> Result<Value, String> {
        let blank =
            source == Source::Form && value.as_str().is_some_and(|text| text.trim().is_empty());
        match value {
            Value::Null if self.nullable => Ok(Value::Null),
            Value::Null => Err(NULL.to_owned()),
            _ if blank && self.nullable && !self.kind.takes_blank() => Ok(Value::Null),
            value => self.kind.check(value, source),
        }
    }
}

impl Kind {
    /// A value that says nothing.
    fn blank(&self) -> Value {
        match self {
            Kind::Text(_) => Value::String(String::new()),
            Kind::Integer { .. } => Value::from(0),
            Kind::Number { .. } => Value::from(0),
            Kind::Boolean => Value::Bool(false),
            Kind::List(_) => Value::Array(Vec::new()),
            Kind::Object(_) => Value::Object(Map::new()),
            Kind::Either(kinds) => kinds.first().map_or(Value::Null, Kind::blank),
        }
    }

    /// Whether an empty form field is a value of this kind rather than no value.
    fn takes_blank(&self) -> bool {
        matches!(self, Kind::Text(text) if text.format == Format::Plain && text.words.is_empty())
    }

    fn check(&self, value: Value, source: Source) -> Result<Value, String> {
        match self {
            Kind::Text(text) => text.check(value),
            Kind::Integer { min, max } => integer(&value, *min, *max, source),
            Kind::Number { min, max } => number(&value, *min, *max, source),
            Kind::Boolean => boolean(&value, source),
            Kind::List(item) => list(value, item, source),
            Kind::Object(schema) => object(value, schema, source),
            Kind::Either(kinds) => {
                let mut checked = kinds.iter().map(|kind| kind.check(value.clone(), source));
                let first = checked.next().unwrap_or_else(|| Ok(value.clone()));
                first.or_else(|message| checked.find_map(Result::ok).ok_or(message))
            }
        }
    }
}

fn resolved<'a>(registry: &'a Registry, schema: &'a MetaSchemaRef) -> Option<&'a MetaSchema> {
    match schema {
        MetaSchemaRef::Reference(name) => registry.schemas.get(name),
        // A nullable reference is written as allOf [reference, {nullable}].
        MetaSchemaRef::Inline(schema) => match schema.all_of.first() {
            Some(reference @ MetaSchemaRef::Reference(_)) => resolved(registry, reference),
            _ => Some(schema),
        },
    }
}

fn kind(registry: &Registry, property: &MetaSchemaRef) -> Kind {
    let any = || {
        Kind::Text(Text {
            min: 0,
            max: usize::MAX,
            words: Vec::new(),
            format: Format::Plain,
            pattern: None,
        })
    };
    let Some(schema) = resolved(registry, property) else {
        return any();
    };
    if !schema.one_of.is_empty() {
        let kinds = schema.one_of.iter().map(|one| kind(registry, one));
        return Kind::Either(kinds.collect());
    }
    // Validators stand on the property, the type behind a reference.
    let outer = match property {
        MetaSchemaRef::Inline(outer) => outer,
        MetaSchemaRef::Reference(_) => schema,
    };
    match schema.ty {
        #[expect(clippy::cast_possible_truncation, reason = "bounds are whole numbers")]
        "integer" => Kind::Integer {
            min: outer.minimum.map_or(i64::MIN, |bound| bound as i64),
            max: outer.maximum.map_or(i64::MAX, |bound| bound as i64),
        },
        "number" => Kind::Number {
            min: outer.minimum.unwrap_or(f64::MIN),
            max: outer.maximum.unwrap_or(f64::MAX),
        },
        "boolean" => Kind::Boolean,
        "object" => Kind::Object(Schema::from_registry(registry, property)),
        "array" => match &schema.items {
            Some(items) => Kind::List(Box::new(kind(registry, items))),
            None => Kind::List(Box::new(any())),
        },
        _ => Kind::Text(Text {
            min: outer.min_length.unwrap_or(0),
            max: outer.max_length.unwrap_or(usize::MAX),
            words: schema
                .enum_items
                .iter()
                .filter_map(|word| word.as_str().map(str::to_owned))
                .collect(),
            format: match schema.format {
                Some("naive-date" | "date") => Format::Date,
                Some("uuid") => Format::Uuid,
                Some("date-time") => Format::Instant,
                _ => Format::Plain,
            },
            pattern: outer
                .pattern
                .as_deref()
                .and_then(|text| Regex::new(text).ok()),
        }),
    }
}

impl Text {
    fn check(&self, value: Value) -> Result<Value, String> {
        let Value::String(text) = value else {
            return Err("Not a valid string.".to_owned());
        };
        if text.contains('\0') {
            return Err("Null characters are not allowed.".to_owned());
        }
        if !self.words.is_empty() && !self.words.contains(&text) {
            return Err(format!("\"{text}\" is not a valid choice."));
        }
        if self.min > 0 && text.trim().is_empty() {
            return Err("This field may not be blank.".to_owned());
        }
        let (length, min, max) = (text.chars().count(), self.min, self.max);
        if length < min {
            return Err(format!("Ensure this field has at least {min} characters."));
        }
        if length > max {
            return Err(format!(
                "Ensure this field has no more than {max} characters."
            ));
        }
        if self
            .pattern
            .as_ref()
            .is_some_and(|pattern| !pattern.is_match(&text))
        {
            return Err(WRONG_FORM.to_owned());
        }
        match self.format {
            Format::Date if !is_date(&text) => Err(
                "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.".to_owned(),
            ),
            Format::Uuid if uuid::Uuid::parse_str(&text).is_err() => {
                Err(format!("“{text}” is not a valid UUID."))
            }
            Format::Instant if !is_instant(&text) => Err(
                "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
                    .to_owned(),
            ),
            Format::Plain | Format::Date | Format::Uuid | Format::Instant => {
                Ok(Value::String(text))
            }
        }
    }
}

/// `YYYY-MM-DD` and nothing else; the years that a person can write down.
pub(super) fn is_date(text: &str) -> bool {
    let has_shape = text.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    has_shape && text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok()
}

/// An instant of RFC 3339, of the years that a person can write down.
fn is_instant(text: &str) -> bool {
    text.parse::<chrono::DateTime<chrono::Utc>>().is_ok()
        && chrono::DateTime::parse_from_rfc3339(text).is_ok()
}

fn integer(value: &Value, min: i64, max: i64, source: Source) -> Result<Value, String> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) if source == Source::Form => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.ok_or("A valid integer is required.")?;
    if number < min {
        return Err(format!(
            "Ensure this value is greater than or equal to {min}."
        ));
    }
    if number > max {
        return Err(format!("Ensure this value is less than or equal to {max}."));
    }
    Ok(Value::Number(Number::from(number)))
}

fn number(value: &Value, min: f64, max: f64, source: Source) -> Result<Value, String> {
    let given = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if source == Source::Form => text.trim().parse().ok(),
        _ => None,
    };
    let number = given.and_then(Number::from_f64).zip(given);
    let (number, given) = number.ok_or("A valid number is required.")?;
    if given < min {
        return Err(format!(
            "Ensure this value is greater than or equal to {min}."
        ));
    }
    if given > max {
        return Err(format!("Ensure this value is less than or equal to {max}."));
    }
    Ok(Value::Number(number))
}

/// An object inside a body: the first fault of any of its fields stands for all. One that GET showed
/// (it has an id) may be sent back whole.
fn object(value: Value, schema: &Schema, source: Source) -> Result<Value, String> {
    let Value::Object(given) = value else {
        return Err("Not a valid object.".to_owned());
    };
    let unknown = match schema.knows("id") {
        true => Unknown::Ignore,
        false => Unknown::Refuse { but: &[] },
    };
    let (checked, errors) = schema.check(given, source, unknown);
    let first = errors.0.into_iter().next();
    match first.and_then(|(field, messages)| Some((field, messages.into_iter().next()?))) {
        Some((field, message)) => Err(format!("{field}: {message}")),
        None => Ok(checked),
    }
}

fn boolean(value: &Value, source: Source) -> Result<Value, String> {
    let wrong = || "Must be a valid boolean.".to_owned();
    match value {
        Value::Bool(value) => Ok(Value::Bool(*value)),
        Value::String(text) if source == Source::Form => match text.trim() {
            "true" | "True" | "1" | "on" => Ok(Value::Bool(true)),
            "false" | "False" | "0" | "off" | "" => Ok(Value::Bool(false)),
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

fn list(value: Value, item: &Kind, source: Source) -> Result<Value, String> {
    let items = match value {
        Value::Array(items) => items,
        // A form that names the field once.
        one if source == Source::Form => vec![one],
        other => {
            let what = match other {
                Value::Object(_) => "dict",
                Value::String(_) => "str",
                Value::Bool(_) => "bool",
                _ => "int",
            };
            return Err(format!("Expected a list of items but got type \"{what}\"."));
        }
    };
    items
        .into_iter()
        .map(|value| item.check(value, source))
        .collect::<Result<_, _>>()
        .map(Value::Array)
}

#[cfg(test)]
mod tests {
    use clinic_shared::classic::accounts::Register;
    use clinic_shared::desk::patients::PatientChange;
    use serde_json::json;

    use super::*;

    fn check<T: Type>(
        value: Value,
        source: Source,
        unknown: Unknown<'_>,
    ) -> Result<Value, FieldErrors> {
        let Value::Object(given) = value else {
            panic!("an object")
        };
        match Schema::of::<T>().check(given, source, unknown) {
            (value, errors) if errors.is_empty() => Ok(value),
            (_, errors) => Err(errors),
        }
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let given =
            json!({"username": 5, "email": null, "password": "", "confirm_password": "x\u{0}"});
        let errors = check::<Register>(given, Source::Json, Unknown::Ignore).unwrap_err();
        assert_eq!(errors.first("username"), Some("Not a valid string."));
        assert_eq!(errors.first("email"), Some("This field may not be null."));
        assert_eq!(
            errors.first("password"),
            Some("This field may not be blank.")
        );
        assert_eq!(
            errors.first("confirm_password"),
            Some("Null characters are not allowed.")
        );
    }

    #[test]
    fn a_patch_tells_absent_from_null_and_refuses_what_it_does_not_know() {
        let given = json!({"birth_date": null, "gender": "female", "age": 4, "rolle": "admin"});
        let but = ["age"];
        let errors =
            check::<PatientChange>(given.clone(), Source::Json, Unknown::Refuse { but: &but });
        assert_eq!(
            errors.unwrap_err().first("rolle"),
            Some("This field is not known here.")
        );
        let checked = check::<PatientChange>(given, Source::Json, Unknown::Ignore).unwrap();
        assert_eq!(checked, json!({"birth_date": null, "gender": "female"}));
    }

    #[test]
    fn dates_and_choices_are_checked() {
        for (given, message) in [
            (
                json!({"birth_date": "1.2.1980"}),
                "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
            ),
            (
                json!({"birth_date": "2001-02-30"}),
                "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
            ),
            (json!({"gender": "f"}), "\"f\" is not a valid choice."),
            (
                json!({"phone": "1".repeat(33)}),
                "Ensure this field has no more than 32 characters.",
            ),
        ] {
            let errors = check::<PatientChange>(given, Source::Json, Unknown::Ignore).unwrap_err();
            assert_eq!(errors.0.values().next().unwrap(), &[message.to_owned()]);
        }
    }

    #[test]
    fn what_does_not_look_as_it_should_is_told_beside_what_is_missing() {
        let given = json!({"email": "nowhere", "username": "no spaces", "password": "x"});
        let errors = check::<Register>(given, Source::Json, Unknown::Ignore).unwrap_err();
        assert_eq!(errors.first("email"), Some("Enter a valid email address."));
        assert_eq!(errors.first("username"), Some(accounts::WRONG_USERNAME));
        assert_eq!(
            errors.first("confirm_password"),
            Some("This field is required.")
        );
    }

    #[test]
    fn every_pattern_of_the_document_can_be_used() {
        fn patterns<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::Object(map) => {
                    found.extend(map.get("pattern").and_then(Value::as_str));
                    map.values().for_each(|value| patterns(value, found));
                }
                Value::Array(values) => values.iter().for_each(|value| patterns(value, found)),
                _ => {}
            }
        }
        let document = crate::api::document();
        let mut found = Vec::new();
        patterns(&document, &mut found);
        assert!(!found.is_empty());
        for pattern in found {
            assert!(Regex::new(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn classic_numbers_and_flags_may_come_as_words() {
        #[derive(poem_openapi::Object)]
        struct Loose {
            doctor: clinic_shared::classic::lenient::Id,
            times: Vec<clinic_shared::classic::lenient::Whole>,
            cancel: clinic_shared::classic::lenient::Flag,
        }
        for source in [Source::Json, Source::Form] {
            let given = json!({"doctor": "12", "times": ["3", 4], "cancel": "true"});
            check::<Loose>(given, source, Unknown::Ignore).unwrap();
        }
        let given = json!({"doctor": "x", "times": ["-3"], "cancel": 7});
        let errors = check::<Loose>(given, Source::Json, Unknown::Ignore).unwrap_err();
        assert_eq!(errors.first("doctor"), Some("A valid integer is required."));
        assert_eq!(errors.first("times"), Some("A valid integer is required."));
        assert_eq!(errors.first("cancel"), Some("Must be a valid boolean."));
        let given = json!({"doctor": -1, "times": [1_000_000_000], "cancel": null});
        let errors = check::<Loose>(given, Source::Json, Unknown::Ignore).unwrap_err();
        assert_eq!(errors.0.len(), 3, "{errors:?}");
    }

    #[test]
    fn an_empty_form_field_clears_a_date() {
        let checked =
            check::<PatientChange>(json!({"birth_date": ""}), Source::Form, Unknown::Ignore);
        assert_eq!(checked.unwrap(), json!({"birth_date": null}));
    }
}
