//! A field of a PATCH body: absent, null, or a value.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field of a PATCH body. Absent keeps, null clears, a value sets (API.md §4, `patient/`).
///
/// Write `#[serde(default, skip_serializing_if = "Patch::is_keep")]` on the field: without it an
/// absent field would be an error, and a kept one would go out as null and clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The field was not there: leave it as it is.
    #[default]
    Keep,
    /// The field was null: clear it.
    Clear,
    /// The field had a value: set it.
    Set(T),
}

impl<T> Patch<T> {
    /// Whether the field was absent.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Patch::Keep)
    }

    /// What the field becomes, given what it was.
    pub fn apply(self, was: Option<T>) -> Option<T> {
        match self {
            Patch::Keep => was,
            Patch::Clear => None,
            Patch::Set(value) => Some(value),
        }
    }

    /// What a PUT says of the field: one that is absent is cleared.
    #[must_use]
    pub fn or_clear(self) -> Self {
        match self {
            Patch::Keep => Patch::Clear,
            said => said,
        }
    }

    /// `Set` for some, `Clear` for none: what a form that shows every field sends.
    pub fn from_option(value: Option<T>) -> Self {
        value.map_or(Patch::Clear, Patch::Set)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Patch::Set(value) => serializer.serialize_some(value),
            Patch::Keep | Patch::Clear => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Patch::Clear, Patch::Set))
    }
}

#[cfg(feature = "openapi")]
mod openapi {
    use std::borrow::Cow;

    use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
    use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
    use serde_json::Value;

    use super::Patch;

    impl<T: Type> Type for Patch<T> {
        const IS_REQUIRED: bool = false;
        type RawValueType = T::RawValueType;
        type RawElementValueType = T::RawElementValueType;

        fn name() -> Cow<'static, str> {
            format!("patch_{}", T::name()).into()
        }

        fn schema_ref() -> MetaSchemaRef {
            T::schema_ref().merge(MetaSchema {
                nullable: true,
                ..MetaSchema::ANY
            })
        }

        fn register(registry: &mut Registry) {
            T::register(registry);
        }

        fn as_raw_value(&self) -> Option<&Self::RawValueType> {
            match self {
                Patch::Set(value) => value.as_raw_value(),
                Patch::Keep | Patch::Clear => None,
            }
        }

        fn raw_element_iter<'a>(
            &'a self,
        ) -> Box<dyn Iterator<Item = &'a Self::RawElementValueType> + 'a> {
            match self {
                Patch::Set(value) => value.raw_element_iter(),
                Patch::Keep | Patch::Clear => Box::new(std::iter::empty()),
            }
        }
    }

    impl<T: ParseFromJSON> ParseFromJSON for Patch<T> {
        fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
            match value {
                None => Ok(Patch::Keep),
                Some(Value::Null) => Ok(Patch::Clear),
                Some(value) => T::parse_from_json(Some(value))
                    .map(Patch::Set)
                    .map_err(ParseError::propagate),
            }
        }
    }

    impl<T: ToJSON> ToJSON for Patch<T> {
        fn to_json(&self) -> Option<Value> {
            match self {
                Patch::Keep => None,
                Patch::Clear => Some(Value::Null),
                Patch::Set(value) => value.to_json(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Patch;

    #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
    struct Body {
        #[serde(default, skip_serializing_if = "Patch::is_keep")]
        phone: Patch<String>,
    }

    #[test]
    fn absent_null_and_value_survive_the_round_trip() {
        for text in ["{}", r#"{"phone":null}"#, r#"{"phone":"030 1"}"#] {
            let body: Body = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&body).unwrap(), text);
        }
    }

    #[test]
    fn a_kept_field_stays_a_cleared_one_goes() {
        assert_eq!(Patch::Keep.apply(Some(1)), Some(1));
        assert_eq!(Patch::Clear.apply(Some(1)), None);
        assert_eq!(Patch::Set(2).apply(Some(1)), Some(2));
    }
}
