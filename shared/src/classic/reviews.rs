//! `/reviews/`: what patients say of their doctors (API.md §3).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::lenient::Id;

/// What a star looks like.
const STAR: char = '⭐';

/// One to five stars, written `⭐` to `⭐⭐⭐⭐⭐`; read from stars, from a number and from its digit.
/// What is none of these is no star at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Spelled", into = "String")]
pub struct Stars(u8);

/// [`Stars`] as clients may send them: the schema lists every way to write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating(pub Stars);

#[derive(Deserialize)]
#[serde(untagged)]
enum Spelled {
    Number(i64),
    Text(String),
}

impl Stars {
    /// The fewest.
    pub const MIN: u8 = 1;
    /// The most.
    pub const MAX: u8 = 5;

    /// So many stars, none unless that is 1 to 5.
    pub fn new(count: i64) -> Option<Self> {
        let count = u8::try_from(count).ok()?;
        (Self::MIN..=Self::MAX)
            .contains(&count)
            .then_some(Self(count))
    }

    /// Reads stars, or the digit 1 to 5.
    pub fn parse(text: &str) -> Option<Self> {
        (Self::MIN..=Self::MAX)
            .map(Self)
            .find(|stars| stars.to_string() == text || stars.0.to_string() == text)
    }

    /// Every text that [`Stars::parse`] takes.
    pub fn spellings() -> Vec<String> {
        let all = (Self::MIN..=Self::MAX).map(Self);
        let stars = all.clone().map(|stars| stars.to_string());
        stars.chain(all.map(|stars| stars.0.to_string())).collect()
    }

    /// How many.
    pub fn count(self) -> i64 {
        i64::from(self.0)
    }
}

impl std::fmt::Display for Stars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stars: String = std::iter::repeat_n(STAR, usize::from(self.0)).collect();
        f.pad(&stars)
    }
}

impl From<Stars> for String {
    fn from(stars: Stars) -> String {
        stars.to_string()
    }
}

impl From<Spelled> for Stars {
    fn from(spelled: Spelled) -> Self {
        let stars = match spelled {
            Spelled::Number(count) => Stars::new(count),
            Spelled::Text(text) => Stars::parse(&text),
        };
        // The server checks bodies against the schema first.
        stars.unwrap_or(Stars(0))
    }
}

/// A review as classic shows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicReview")
)]
pub struct Review {
    /// The review's number.
    pub id: i64,
    /// The name of who wrote it.
    pub reviewer: String,
    /// The name of the doctor it is about.
    pub doctor_name: String,
    /// What they wrote.
    pub body: String,
    /// The clinic's date of the day it was written.
    pub created_on: NaiveDate,
    /// `⭐` to `⭐⭐⭐⭐⭐`.
    pub rating: Stars,
}

/// Body of POST and PUT on reviews.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicReviewInput")
)]
pub struct ReviewInput {
    /// The doctor's number.
    pub doctor: Id,
    /// At most 5000 characters.
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub body: String,
    /// Stars, or how many.
    pub rating: Rating,
}

/// Body of PATCH on reviews: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(rename = "ClassicReviewChange")
)]
pub struct ReviewChange {
    /// The doctor's number, which can't change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Id>,
    /// At most 5000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", oai(validator(min_length = 1, max_length = 5000)))]
    pub body: Option<String>,
    /// Stars, or how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
}

/// Schemas and the conversions that poem-openapi asks for; the data goes through serde.
#[cfg(feature = "openapi")]
mod openapi {
    use std::borrow::Cow;

    use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
    use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
    use serde_json::Value;

    use super::{Rating, Stars};

    fn inline(schema: MetaSchema) -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn words(words: impl IntoIterator<Item = String>) -> MetaSchema {
        MetaSchema {
            enum_items: words.into_iter().map(Value::from).collect(),
            ..MetaSchema::new("string")
        }
    }

    fn shown() -> MetaSchemaRef {
        let stars = (Stars::MIN..=Stars::MAX).map(|count| Stars(count).to_string());
        inline(words(stars))
    }

    fn taken() -> MetaSchemaRef {
        let number = MetaSchema {
            minimum: Some(f64::from(Stars::MIN)),
            maximum: Some(f64::from(Stars::MAX)),
            ..MetaSchema::new("integer")
        };
        inline(MetaSchema {
            one_of: vec![inline(number), inline(words(Stars::spellings()))],
            ..MetaSchema::ANY
        })
    }

    macro_rules! wire_type {
        ($type:ty, $name:literal, $schema:expr, $value:expr) => {
            impl Type for $type {
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

            impl ParseFromJSON for $type {
                fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
                    serde_json::from_value(value.unwrap_or_default()).map_err(ParseError::custom)
                }
            }

            impl ToJSON for $type {
                fn to_json(&self) -> Option<Value> {
                    let value: fn(&Self) -> Stars = $value;
                    Some(value(self).to_string().into())
                }
            }
        };
    }

    wire_type!(Stars, "stars", shown(), |stars| *stars);
    wire_type!(Rating, "stars_or_number", taken(), |rating| rating.0);
}

#[cfg(test)]
mod tests {
    use super::Stars;

    #[test]
    fn stars_numbers_and_digits_are_read_and_stars_are_written() {
        for text in ["3", "\"3\"", "\"⭐⭐⭐\""] {
            let stars: Stars = serde_json::from_str(text).unwrap();
            assert_eq!(stars.count(), 3, "{text}");
            assert_eq!(serde_json::to_string(&stars).unwrap(), "\"⭐⭐⭐\"");
        }
    }

    #[test]
    fn there_are_one_to_five() {
        assert_eq!(Stars::new(0), None);
        assert_eq!(Stars::new(6), None);
        for text in ["", "0", "6", "03", "⭐⭐⭐⭐⭐⭐", "⭐3", " 3"] {
            assert_eq!(Stars::parse(text), None, "{text}");
        }
    }
}
