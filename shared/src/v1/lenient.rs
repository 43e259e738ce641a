//! Values that v1's clients write in more than one way: measures as numbers or as decimals in a
//! string, years as numbers, digits or dates, linked things by their id or as they were shown. The
//! document says so (`oneOf`).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A measure from 0.1 to `MAX`, to the hundredth: a number, or a decimal in a string. Written as a
/// number.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "SpelledMeasure", into = "f64")]
pub struct Measure<const MAX: i64>(pub f64);

/// A body height in centimetres.
pub type Centimetres = Measure<300>;

/// A body weight in kilograms.
pub type Kilograms = Measure<1000>;

/// A year of four digits: a number, its digits in a string, or a date of that year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "SpelledYear", into = "i64")]
pub struct Year(pub i64);

/// Something linked: its id, or an object that has the `id`, as GET shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "SpelledLink", into = "i64")]
pub struct LinkId(pub i64);

/// Somebody linked: their id, or an object that has the `id`, as GET shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "SpelledPerson", into = "Uuid")]
pub struct PersonId(pub Uuid);

#[derive(Deserialize)]
#[serde(untagged)]
enum SpelledMeasure {
    Number(f64),
    Decimal(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SpelledYear {
    Number(i64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SpelledLink {
    Id(i64),
    Shown { id: i64 },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SpelledPerson {
    Id(Uuid),
    Shown { id: Uuid },
}

impl<const MAX: i64> From<SpelledMeasure> for Measure<MAX> {
    fn from(spelled: SpelledMeasure) -> Self {
        match spelled {
            SpelledMeasure::Number(number) => Measure(number),
            // The server checks bodies against the schema first; elsewhere rubbish is no measure.
            SpelledMeasure::Decimal(text) => Measure(text.parse().unwrap_or(0.0)),
        }
    }
}

impl<const MAX: i64> From<Measure<MAX>> for f64 {
    fn from(measure: Measure<MAX>) -> f64 {
        measure.0
    }
}

impl From<SpelledYear> for Year {
    fn from(spelled: SpelledYear) -> Self {
        match spelled {
            SpelledYear::Number(year) => Year(year),
            SpelledYear::Text(text) => {
                let year = text.split('-').next().and_then(|year| year.parse().ok());
                Year(year.unwrap_or(0))
            }
        }
    }
}

impl From<Year> for i64 {
    fn from(year: Year) -> i64 {
        year.0
    }
}

impl From<SpelledLink> for LinkId {
    fn from(spelled: SpelledLink) -> Self {
        match spelled {
            SpelledLink::Id(id) | SpelledLink::Shown { id } => LinkId(id),
        }
    }
}

impl From<LinkId> for i64 {
    fn from(link: LinkId) -> i64 {
        link.0
    }
}

impl From<i64> for LinkId {
    fn from(id: i64) -> Self {
        LinkId(id)
    }
}

impl From<SpelledPerson> for PersonId {
    fn from(spelled: SpelledPerson) -> Self {
        match spelled {
            SpelledPerson::Id(id) | SpelledPerson::Shown { id } => PersonId(id),
        }
    }
}

impl From<PersonId> for Uuid {
    fn from(person: PersonId) -> Uuid {
        person.0
    }
}

/// Schemas and the conversions that poem-openapi asks for; the data goes through serde.
#[cfg(feature = "openapi")]
mod openapi {
    use std::borrow::Cow;

    use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
    use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
    use serde_json::Value;

    use super::{LinkId, Measure, PersonId, Year};

    fn one_of(schemas: Vec<MetaSchema>) -> MetaSchemaRef {
        let inline = |schema| MetaSchemaRef::Inline(Box::new(schema));
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            one_of: schemas.into_iter().map(inline).collect(),
            ..MetaSchema::ANY
        }))
    }

    fn text(pattern: &str) -> MetaSchema {
        MetaSchema {
            pattern: Some(pattern.to_owned()),
            ..MetaSchema::new("string")
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
    fn measure(max: i64) -> MetaSchemaRef {
        let number = MetaSchema {
            minimum: Some(0.1),
            maximum: Some(max as f64),
            ..MetaSchema::new_with_format("number", "double")
        };
        one_of(vec![number, text(r"^[0-9]{1,4}(\.[0-9]{1,2})?$")])
    }

    fn year() -> MetaSchemaRef {
        let number = MetaSchema {
            minimum: Some(1900.0),
            maximum: Some(9999.0),
            ..MetaSchema::new_with_format("integer", "int64")
        };
        let date = MetaSchema::new_with_format("string", "date");
        one_of(vec![number, text(r"^[0-9]{4}$"), date])
    }

    fn link() -> MetaSchemaRef {
        linked(MetaSchema::new_with_format("integer", "int64"))
    }

    fn person() -> MetaSchemaRef {
        linked(MetaSchema::new_with_format("string", "uuid"))
    }

    fn linked(id: MetaSchema) -> MetaSchemaRef {
        let shown = MetaSchema {
            required: vec!["id"],
            properties: vec![("id", MetaSchemaRef::Inline(Box::new(id.clone())))],
            ..MetaSchema::new("object")
        };
        one_of(vec![id, shown])
    }

    macro_rules! wire_type {
        ([$($generics:tt)*] $type:ty, $name:literal, $schema:expr) => {
            impl<$($generics)*> Type for $type {
                const IS_REQUIRED: bool = true;
                type RawValueType = Self;
                type RawElementValueType = Self;

                fn name() -> Cow<'static, str> {
                    $name.into()
                }

                fn schema_ref() -> MetaSchemaRef {
                    $schema
                }

                fn as_raw_value(&self) -> Option<&Self> {
                    Some(self)
                }

                fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                    Box::new(std::iter::once(self))
                }
            }

            impl<$($generics)*> ParseFromJSON for $type {
                fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
                    serde_json::from_value(value.unwrap_or_default()).map_err(ParseError::custom)
                }
            }

            impl<$($generics)*> ToJSON for $type {
                fn to_json(&self) -> Option<Value> {
                    serde_json::to_value(self).ok()
                }
            }
        };
    }

    wire_type!([const MAX: i64] Measure<MAX>, "measure", measure(MAX));
    wire_type!([] Year, "year", year());
    wire_type!([] LinkId, "link_id", link());
    wire_type!([] PersonId, "person_id", person());
}

#[cfg(test)]
mod tests {
    use super::{Kilograms, LinkId, Year};

    #[test]
    fn every_way_to_write_them_is_read() {
        for text in ["72.5", "\"72.5\""] {
            assert_eq!(
                serde_json::from_str::<Kilograms>(text).unwrap(),
                super::Measure(72.5)
            );
        }
        for text in ["2015", "\"2015\"", "\"2015-06-30\""] {
            assert_eq!(serde_json::from_str::<Year>(text).unwrap(), Year(2015));
        }
        for text in ["7", r#"{"id": 7, "name": "Cardiologist"}"#] {
            assert_eq!(serde_json::from_str::<LinkId>(text).unwrap(), LinkId(7));
        }
        assert_eq!(serde_json::to_string(&LinkId(7)).unwrap(), "7");
    }
}
