//! Values that classic's clients write in more than one way (API.md §1): whole numbers also as
//! digits in a string, yes and no also as words. The document says so (`oneOf`).

use serde::{Deserialize, Serialize};

/// A whole number from `MIN` to `MAX`, or its digits in a string. Written as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Spelled", into = "i64")]
pub struct Number<const MIN: i64, const MAX: i64>(pub i64);

/// An id: whether there is such a row is for the rules to say.
pub type Id = Number<0, { i64::MAX }>;

/// An amount of money in whole units, at most 999 999 999.
pub type Whole = Number<0, 999_999_999>;

/// Yes or no, also as `"true"`, `"false"`, `"1"`, `"0"`. Written as a boolean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "SpelledFlag", into = "bool")]
pub struct Flag(pub bool);

#[derive(Deserialize)]
#[serde(untagged)]
enum Spelled {
    Number(i64),
    Digits(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SpelledFlag {
    Flag(bool),
    Word(String),
}

impl<const MIN: i64, const MAX: i64> From<Spelled> for Number<MIN, MAX> {
    fn from(spelled: Spelled) -> Self {
        match spelled {
            Spelled::Number(number) => Number(number),
            // The server checks bodies against the schema first; elsewhere rubbish is no row's id.
            Spelled::Digits(digits) => Number(digits.parse().unwrap_or(-1)),
        }
    }
}

impl<const MIN: i64, const MAX: i64> From<Number<MIN, MAX>> for i64 {
    fn from(number: Number<MIN, MAX>) -> i64 {
        number.0
    }
}

impl<const MIN: i64, const MAX: i64> From<i64> for Number<MIN, MAX> {
    fn from(number: i64) -> Self {
        Number(number)
    }
}

impl From<SpelledFlag> for Flag {
    fn from(spelled: SpelledFlag) -> Self {
        match spelled {
            SpelledFlag::Flag(flag) => Flag(flag),
            SpelledFlag::Word(word) => Flag(matches!(word.as_str(), "true" | "1")),
        }
    }
}

impl From<Flag> for bool {
    fn from(flag: Flag) -> bool {
        flag.0
    }
}

/// Schemas and the conversions that poem-openapi asks for; the data goes through serde.
#[cfg(feature = "openapi")]
mod openapi {
    use std::borrow::Cow;

    use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
    use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
    use serde_json::Value;

    use super::{Flag, Number};

    /// The words of yes and of no.
    const FLAG_WORDS: [&str; 4] = ["true", "false", "1", "0"];

    fn inline(schema: MetaSchema) -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn one_of(schemas: Vec<MetaSchema>) -> MetaSchemaRef {
        inline(MetaSchema {
            one_of: schemas.into_iter().map(inline).collect(),
            ..MetaSchema::ANY
        })
    }

    /// As many digits as certainly fit.
    fn digits(max: i64) -> usize {
        max.checked_add(1).unwrap_or(max).ilog10() as usize
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds are small, or not written"
    )]
    fn number(min: i64, max: i64) -> MetaSchemaRef {
        let integer = MetaSchema {
            minimum: Some(min as f64),
            maximum: (max < i64::MAX).then_some(max as f64),
            ..MetaSchema::new_with_format("integer", "int64")
        };
        let text = MetaSchema {
            pattern: Some(format!("^[0-9]{{1,{}}}$", digits(max))),
            ..MetaSchema::new("string")
        };
        one_of(vec![integer, text])
    }

    fn flag() -> MetaSchemaRef {
        let words = MetaSchema {
            enum_items: FLAG_WORDS.iter().map(|word| Value::from(*word)).collect(),
            ..MetaSchema::new("string")
        };
        one_of(vec![MetaSchema::new("boolean"), words])
    }

    macro_rules! wire_type {
        ([$($generics:tt)*] $type:ty, $raw:ty, $name:literal, $schema:expr) => {
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
                    Some(<$raw>::from(*self).into())
                }
            }
        };
    }

    wire_type!([const MIN: i64, const MAX: i64] Number<MIN, MAX>, i64, "number_or_digits", number(MIN, MAX));
    wire_type!([] Flag, bool, "flag", flag());
}

#[cfg(test)]
mod tests {
    use super::{Flag, Id};

    #[test]
    fn digits_and_words_are_read_and_plain_values_written() {
        for text in ["7", "\"7\""] {
            assert_eq!(serde_json::from_str::<Id>(text).unwrap(), Id::from(7));
        }
        assert_eq!(serde_json::to_string(&Id::from(7)).unwrap(), "7");
        for (text, flag) in [("true", true), ("\"false\"", false), ("\"1\"", true)] {
            assert_eq!(
                serde_json::from_str::<Flag>(text).unwrap(),
                Flag(flag),
                "{text}"
            );
        }
    }
}
