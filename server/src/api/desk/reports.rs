//! `/v1/api/desk/reports/`.

use clinic_shared::desk::reports::{DayReport, Format};
use poem::web::Data;
use poem::{IntoResponse, Response};
use poem_openapi::param::Query;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::Shown;
use crate::api::call::Call;
use crate::api::filters;
use crate::clinic::{Answer, Clinic, reports};

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/reports", tag = "Tag::DeskReports")]
impl Api {
    /// Show a day in numbers
    ///
    /// What became of the appointments of each doctor, how long people waited, and how late they were
    /// taken in.
    #[oai(path = "/day/", method = "get", operation_id = "desk_day_report")]
    async fn day(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The clinic's date, `YYYY-MM-DD`; today without it.
        date: Query<Option<String>>,
        /// How it is written; JSON without it.
        format: Query<Option<Format>>,
    ) -> Answer<Written> {
        let date = filters::date("date", date.as_deref())?;
        let report = reports::day(&clinic, &call.who, date).await?;
        Ok(match format.0.unwrap_or(Format::Json) {
            Format::Json => Written::Json(Box::new(report)),
            Format::Text => Written::Text(reports::report_text(&clinic, &report)),
            Format::Csv => Written::Csv(reports::csv(&report)),
        })
    }

    /// Print who comes when
    ///
    /// Plain text of 80 columns: the time, the patient with birth year and phone, how it stands and
    /// what it is about.
    #[oai(path = "/day-sheet/", method = "get", operation_id = "desk_day_sheet")]
    async fn day_sheet(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The clinic's date, `YYYY-MM-DD`; today without it.
        date: Query<Option<String>>,
        /// Only this doctor's.
        doctor: Query<Option<Uuid>>,
    ) -> Answer<Sheet> {
        let date = filters::date("date", date.as_deref())?;
        let text = reports::day_sheet(&clinic, &call.who, date, doctor.0).await?;
        Ok(Sheet(text))
    }
}

const TEXT: &str = "text/plain; charset=utf-8";
const CSV: &str = "text/csv; charset=utf-8";

/// A report, as it was asked for.
enum Written {
    Json(Box<DayReport>),
    Text(String),
    Csv(String),
}

/// A day sheet.
struct Sheet(String);

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        match self {
            Written::Json(report) => Shown(*report).into_response(),
            Written::Text(text) => plain(TEXT, text),
            Written::Csv(text) => plain(CSV, text),
        }
    }
}

impl IntoResponse for Sheet {
    fn into_response(self) -> Response {
        plain(TEXT, self.0)
    }
}

fn plain(content_type: &str, text: String) -> Response {
    Response::builder().content_type(content_type).body(text)
}

fn text_of(content_type: &'static str) -> MetaMediaType {
    MetaMediaType {
        content_type,
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
    }
}

fn meta(content: Vec<MetaMediaType>) -> MetaResponses {
    let response = MetaResponse {
        description: "Done.",
        status: Some(200),
        status_range: None,
        content,
        headers: Vec::new(),
    };
    MetaResponses {
        responses: vec![response],
    }
}

impl ApiResponse for Written {
    fn meta() -> MetaResponses {
        let json = MetaMediaType {
            content_type: "application/json",
            schema: DayReport::schema_ref(),
        };
        meta(vec![json, text_of(TEXT), text_of(CSV)])
    }

    fn register(registry: &mut Registry) {
        DayReport::register(registry);
    }
}

impl ApiResponse for Sheet {
    fn meta() -> MetaResponses {
        meta(vec![text_of(TEXT)])
    }

    fn register(_: &mut Registry) {}
}
