//! Request bodies: JSON or multipart, checked against the schema that the document shows.

use bytes::Bytes;
use clinic_shared::FieldErrors;
use futures_util::{Stream, TryStreamExt};
use poem::http::header::CONTENT_TYPE;
use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::errors::BodyError;
use super::schema::{Schema, Source, Unknown};
use crate::clinic::{Answer, Faults, Refusal};
use crate::infra::media;

/// The largest JSON body, and the most that a form's text fields may hold together.
const MAX_JSON: usize = 1024 * 1024;
/// What a form may hold beside its file.
const MAX_FORM: u64 = media::MAX_BYTES as u64 + 256 * 1024;
/// The largest form of all: five pictures and the fields beside them.
const MAX_WHOLE: usize = 5 * media::MAX_BYTES + 256 * 1024;
/// What is let go by of a body that is too large.
const PATIENCE: usize = 16 * 1024 * 1024;
/// The most parts of a form.
const MAX_PARTS: usize = 100;

/// A type that can be a request body.
pub(super) trait Input: Type + DeserializeOwned + Send {
    /// The one file field of its multipart form; none: JSON only.
    const FILE: Option<&'static str> = None;
    /// Whether that file must be there, which makes the body multipart only.
    const FILE_REQUIRED: bool = false;
    /// How many files that field may hold.
    const MOST_FILES: usize = 1;
    /// Fields of the object that v1 and desk take back and ignore (API.md §1).
    const READ_ONLY: &'static [&'static str] = &[];
}

/// A body checked against its schema, and the file that came with it.
pub(super) struct Body<T> {
    fields: T,
    faults: FieldErrors,
    /// The file's bytes; sniffed and checked by the rule that takes them.
    pub(super) file: Option<Vec<u8>>,
    /// What came beyond the first, where a form takes several.
    more: Vec<Vec<u8>>,
}

impl<T> Body<T> {
    /// As [`Body::parts`], with every file.
    pub(super) fn parts_with_files(self) -> (T, Faults, Vec<Vec<u8>>) {
        let files = self.file.into_iter().chain(self.more).collect();
        (self.fields, Faults::found(self.faults), files)
    }

    /// The fields, if nothing is wrong with any.
    ///
    /// # Errors
    /// [`Refusal::Invalid`].
    pub(super) fn sound(self) -> Answer<T> {
        Faults::found(self.faults).refuse()?;
        Ok(self.fields)
    }

    /// The fields, with what is wrong already, for a rule that checks the rest and then refuses.
    pub(super) fn parts(self) -> (T, Faults, Option<Vec<u8>>) {
        (self.fields, Faults::found(self.faults), self.file)
    }
}

impl<'a, T: Input> ApiExtractor<'a> for Body<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
        if let Some(schema) = registry.schemas.get_mut(&*T::name()) {
            add_read_only::<T>(schema);
        }
    }

    fn request_meta() -> Option<MetaRequest> {
        let mut content = Vec::new();
        if !T::FILE_REQUIRED {
            content.push(MetaMediaType {
                content_type: "application/json",
                schema: T::schema_ref(),
            });
        }
        if let Some(file) = T::FILE {
            content.push(MetaMediaType {
                content_type: "multipart/form-data",
                schema: form_schema::<T>(file, T::MOST_FILES),
            });
        }
        let required = T::FILE_REQUIRED || Schema::of::<T>().requires_any();
        Some(MetaRequest {
            description: None,
            content,
            required,
        })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        read::<T>(request, body).await.map_err(Into::into)
    }
}

/// Says that what GET gave may come back with the rest, whatever it is. Of JSON only: nobody sends
/// lists and objects back in a form.
fn add_read_only<T: Input>(schema: &mut MetaSchema) {
    for name in T::READ_ONLY {
        if schema.properties.iter().all(|(known, _)| known != name) {
            let ignored = MetaSchema {
                read_only: true,
                description: Some("Taken back and ignored."),
                ..MetaSchema::ANY
            };
            let ignored = MetaSchemaRef::Inline(Box::new(ignored));
            schema.properties.push((name, ignored));
        }
    }
}

async fn read<T: Input>(request: &Request, body: &mut RequestBody) -> Result<Body<T>, BodyError> {
    let schema = Schema::of::<T>();
    let body = body.take().map_err(|_| BodyError::Broken)?;
    let is_empty = body.is_empty();
    let mut bytes = Box::pin(body.into_bytes_stream());
    let given = match content_type(request).as_deref() {
        // Some clients send nothing at all for a form without parts.
        Some("multipart/form-data") if T::FILE.is_some() && is_empty => {
            Ok(Given::nothing(Source::Form))
        }
        Some("multipart/form-data") if T::FILE.is_some() => {
            form(request, &mut bytes, (T::FILE, T::MOST_FILES), &schema).await
        }
        Some("application/json") | None if !T::FILE_REQUIRED => json(request, &mut bytes).await,
        other => return Err(BodyError::MediaType(other.unwrap_or_default().to_owned())),
    };
    if matches!(given, Err(BodyError::Refused(Refusal::TooLarge(_)))) {
        discard(&mut bytes).await;
    }
    let given = given?;
    let unknown = match request.uri().path().starts_with("/v1/") {
        true => Unknown::Refuse { but: T::READ_ONLY },
        false => Unknown::Ignore,
    };
    let (checked, mut faults) = schema.check(given.fields, given.source, unknown);
    let is_missing = T::FILE_REQUIRED && given.file.is_none() && given.faults.is_empty();
    if let Some(field) = T::FILE.filter(|_| is_missing) {
        faults.add(field, "No file was submitted.");
    }
    for (field, message) in given.faults {
        faults.add(&field, message);
    }
    let fields = match serde_json::from_value(checked) {
        Ok(fields) => fields,
        // Faulty beyond blanks: what was found is told.
        Err(_) if !faults.is_empty() => {
            return Err(BodyError::Refused(Refusal::Invalid(faults)));
        }
        Err(error) => {
            let fault = Refusal::field(FieldErrors::CROSS_FIELD, error.to_string());
            return Err(BodyError::Refused(fault));
        }
    };
    Ok(Body {
        fields,
        faults,
        file: given.file,
        more: given.more,
    })
}

struct Given {
    fields: Map<String, Value>,
    source: Source,
    file: Option<Vec<u8>>,
    more: Vec<Vec<u8>>,
    /// What is wrong with the file.
    faults: Vec<(String, &'static str)>,
}

impl Given {
    fn nothing(source: Source) -> Self {
        Given {
            fields: Map::new(),
            source,
            file: None,
            more: Vec::new(),
            faults: Vec::new(),
        }
    }
}

fn content_type(request: &Request) -> Option<String> {
    let value = request.headers().get(CONTENT_TYPE)?.to_str().unwrap_or("?");
    let essence = value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    Some(essence)
}

async fn json(
    request: &Request,
    body: impl Stream<Item = std::io::Result<Bytes>> + Unpin,
) -> Result<Given, BodyError> {
    let announced = request
        .headers()
        .get("content-length")
        .and_then(|v| v.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > MAX_JSON) {
        return Err(too_large(MAX_JSON as u64));
    }
    let bytes = limited(body, MAX_JSON).await?;
    let value = match bytes.iter().all(u8::is_ascii_whitespace) {
        true => Value::Object(Map::new()),
        false => {
            serde_json::from_slice(&bytes).map_err(|error| BodyError::Json(error.to_string()))?
        }
    };
    match value {
        Value::Object(fields) => Ok(Given {
            fields,
            source: Source::Json,
            file: None,
            more: Vec::new(),
            faults: Vec::new(),
        }),
        other => {
            let what = match other {
                Value::Array(_) => "list",
                Value::String(_) => "str",
                Value::Bool(_) => "bool",
                Value::Null => "null",
                _ => "int",
            };
            Err(BodyError::Refused(Refusal::field(
                FieldErrors::CROSS_FIELD,
                format!("Invalid data. Expected a dictionary, but got {what}."),
            )))
        }
    }
}

/// The whole body, for who must know it before the handler does. Empty where there is none.
///
/// # Errors
/// [`BodyError`] if it is too large for any handler, or ended early.
pub(super) async fn whole(request: &mut Request) -> Result<Bytes, BodyError> {
    let most = match content_type(request).as_deref() {
        Some("multipart/form-data") => MAX_WHOLE,
        _ => MAX_JSON,
    };
    let mut bytes = Box::pin(request.take_body().into_bytes_stream());
    let read = limited(&mut bytes, most).await;
    if matches!(read, Err(BodyError::Refused(Refusal::TooLarge(_)))) {
        discard(&mut bytes).await;
    }
    read.map(Bytes::from)
}

async fn limited(
    mut stream: impl Stream<Item = std::io::Result<Bytes>> + Unpin,
    most: usize,
) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.try_next().await.map_err(|_| BodyError::Broken)? {
        if bytes.len() + chunk.len() > most {
            return Err(too_large(most as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Lets the rest of a body that is too large go by, so that a client who is still sending hears the
/// answer instead of a broken connection; but not for ever.
async fn discard(mut stream: impl Stream<Item = std::io::Result<Bytes>> + Unpin) {
    let mut left = PATIENCE;
    while let Ok(Some(chunk)) = stream.try_next().await {
        match left.checked_sub(chunk.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

/// Reads a form while it streams in, never holding more than its limits allow.
async fn form(
    request: &Request,
    body: impl Stream<Item = std::io::Result<Bytes>> + Unpin + Send,
    (file, most): (Option<&'static str>, usize),
    schema: &Schema,
) -> Result<Given, BodyError> {
    let content_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let boundary = multer::parse_boundary(content_type.unwrap_or_default())
        .map_err(|error| BodyError::Form(error.to_string()))?;
    let limits = multer::SizeLimit::new()
        .whole_stream(MAX_FORM + (most as u64 - 1) * media::MAX_BYTES as u64)
        .per_field(media::MAX_BYTES as u64 + 1);
    let constraints = multer::Constraints::new().size_limit(limits);
    let mut form = multer::Multipart::with_constraints(body, boundary, constraints);

    let mut given = Given::nothing(Source::Form);
    let mut parts = 0;
    while let Some(field) = form.next_field().await.map_err(of_form)? {
        parts += 1;
        if parts > MAX_PARTS {
            return Err(BodyError::Form(format!("more than {MAX_PARTS} parts")));
        }
        let Some(name) = field.name().map(str::to_owned) else {
            continue;
        };
        // A page's form without a chosen file sends an empty part with an empty file name.
        let is_file = field.file_name().is_some_and(|name| !name.is_empty());
        let bytes = field.bytes().await.map_err(of_form)?;
        if file == Some(name.as_str()) {
            match (is_file, bytes.is_empty()) {
                (true, true) => given.faults.push((name, "The submitted file is empty.")),
                (true, false) if given.file.is_some() && given.more.len() + 1 < most => {
                    given.more.push(bytes.to_vec());
                }
                (true, false) if given.file.is_some() => given.faults.push((
                    name,
                    match most {
                        1 => "Send one file only.",
                        _ => "These are too many files.",
                    },
                )),
                (true, false) => given.file = Some(bytes.to_vec()),
                // An empty text field in a file's place is how a page's form says "no file".
                (false, true) => {}
                (false, false) => given.faults.push((
                    name,
                    "The submitted data was not a file. Check the encoding type on the form.",
                )),
            }
            continue;
        }
        let text = match String::from_utf8(bytes.to_vec()) {
            Ok(text) => text,
            Err(_) if !schema.knows(&name) => String::new(),
            Err(_) => return Err(BodyError::Form(format!("the field {name} is not UTF-8"))),
        };
        match given.fields.get_mut(&name) {
            // Repeated keys make an array (API.md §1).
            Some(Value::Array(values)) => values.push(Value::String(text)),
            Some(value) => *value = Value::Array(vec![value.take(), Value::String(text)]),
            None => {
                given.fields.insert(name, Value::String(text));
            }
        }
    }
    Ok(given)
}

fn of_form(error: multer::Error) -> BodyError {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            too_large(media::MAX_BYTES as u64)
        }
        multer::Error::StreamReadFailed(_) => BodyError::Broken,
        error => BodyError::Form(error.to_string()),
    }
}

fn too_large(most: u64) -> BodyError {
    BodyError::Refused(Refusal::TooLarge(format!(
        "The body is too large; at most {} KiB are taken.",
        most / 1024
    )))
}

/// Of a list whose items may be written in several ways, a form takes the first.
fn without_objects(property: &mut MetaSchemaRef) {
    if let MetaSchemaRef::Inline(schema) = property
        && let Some(MetaSchemaRef::Inline(item)) = schema.items.as_deref_mut()
        && !item.one_of.is_empty()
    {
        let first = item.one_of.swap_remove(0);
        schema.items = Some(Box::new(first));
    }
}

/// The form's schema: the type's fields and the file.
fn form_schema<T: Input>(file: &'static str, most: usize) -> MetaSchemaRef {
    let mut registry = Registry::new();
    T::register(&mut registry);
    let mut schema = match T::schema_ref() {
        MetaSchemaRef::Reference(name) => registry
            .schemas
            .remove(&name)
            .unwrap_or_else(|| MetaSchema::new("object")),
        MetaSchemaRef::Inline(schema) => *schema,
    };
    schema.rust_typename = None;
    let binary = MetaSchema {
        format: Some("binary"),
        ..MetaSchema::new("string")
    };
    // What JSON says of a file (null clears it) a form says with a file, and forms hold no objects.
    schema.properties.retain(|(name, _)| *name != file);
    for (_, property) in &mut schema.properties {
        without_objects(property);
    }
    let binary = match most {
        1 => binary,
        most => MetaSchema {
            max_items: Some(most),
            items: Some(Box::new(MetaSchemaRef::Inline(Box::new(binary)))),
            ..MetaSchema::new("array")
        },
    };
    schema
        .properties
        .push((file, MetaSchemaRef::Inline(Box::new(binary))));
    if T::FILE_REQUIRED {
        schema.required.push(file);
    }
    MetaSchemaRef::Inline(Box::new(schema))
}
