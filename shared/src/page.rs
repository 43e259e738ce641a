//! The envelopes of paged lists (API.md §1, "Pagination").

use serde::{Deserialize, Serialize};

/// One page of a list. `next` and `previous` are absolute URLs, null at the ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(poem_openapi::Object),
    oai(read_only_all = false)
)]
pub struct Page<T>
where
    T: WireType,
{
    /// How many items there are in all.
    pub count: i64,
    /// The next page's URL.
    pub next: Option<String>,
    /// The previous page's URL.
    pub previous: Option<String>,
    /// The items of this page.
    pub results: Vec<T>,
}

/// One page of a search at the desk, where a total beyond a thousand helps nobody and costs much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(poem_openapi::Object))]
pub struct SearchPage<T>
where
    T: WireType,
{
    /// How many items match; stops at 1000 for a search.
    pub count: i64,
    /// True when there are more than `count`.
    pub count_capped: bool,
    /// The next page's URL (keyset: it carries `cursor`).
    pub next: Option<String>,
    /// The previous page's URL; null when paging by cursor.
    pub previous: Option<String>,
    /// Words that stood in no record and what they were taken for, as `typed → used`.
    pub corrections: Vec<String>,
    /// The items of this page, best match first.
    pub results: Vec<T>,
}

/// What a type needs to be an item of a page: nothing, or its OpenAPI schema.
#[cfg(not(feature = "openapi"))]
pub trait WireType {}
#[cfg(not(feature = "openapi"))]
impl<T> WireType for T {}

/// What a type needs to be an item of a page: nothing, or its OpenAPI schema.
#[cfg(feature = "openapi")]
pub trait WireType:
    poem_openapi::types::Type
    + poem_openapi::types::ParseFromJSON
    + poem_openapi::types::ToJSON
    + Send
    + Sync
{
}
#[cfg(feature = "openapi")]
impl<T> WireType for T where
    T: poem_openapi::types::Type
        + poem_openapi::types::ParseFromJSON
        + poem_openapi::types::ToJSON
        + Send
        + Sync
{
}
