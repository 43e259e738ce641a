//! `/v1/api/desk/audit/`: who did or read what, for admins.

use clinic_shared::desk::audit::{Broken, Fault, Format, Kind, Outcome, Page, Verdict};
use futures_util::stream;
use poem::http::header::CONTENT_DISPOSITION;
use poem::web::Data;
use poem::{Body, IntoResponse, Response};
use poem_openapi::param::Query;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use crate::api::Tag;
use crate::api::answers::Shown;
use crate::api::call::Call;
use crate::api::filters;
use crate::api::paging::Window;
use crate::clinic::audit::{self, Asked, Export, MOST_COUNTED, Wrong};
use crate::clinic::{Answer, Clinic, Refusal};

/// Rows checked by one request: a second or two.
const MOST_CHECKED: i64 = 100_000;

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/audit", tag = "Tag::DeskAudit")]
impl Api {
    /// List the audit
    ///
    /// Newest first. For admins; the reading is audited too.
    #[oai(path = "/", method = "get", operation_id = "desk_list_audit")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Whose doing: a username, an e-mail or an account's id.
        who: Query<Option<String>>,
        /// What was done, e.g. `change_patient`.
        action: Query<Option<String>>,
        /// Only changes, reads or sign-ins.
        kind: Query<Option<Kind>>,
        /// What kind of thing it was done to, e.g. `appointment`.
        object_type: Query<Option<String>>,
        /// Which one, by its number.
        object_id: Query<Option<i64>>,
        /// Whose record.
        patient: Query<Option<Uuid>>,
        /// Only what was done, or refused.
        outcome: Query<Option<Outcome>>,
        /// From this day of the clinic's on (`YYYY-MM-DD`).
        from: Query<Option<String>>,
        /// Up to the end of this day.
        to: Query<Option<String>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page>> {
        let dates = filters::dates(from.as_deref(), to.as_deref())?;
        let asked = Asked {
            who: who.0,
            action: action.0,
            kind: kind.0,
            object_type: object_type.0,
            object_id: object_id.0,
            patient: patient.0,
            outcome: outcome.0,
            from: dates.0,
            to: dates.1,
        };
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found = audit::list(&clinic, &call.who, &asked, &paging).await?;
        let page = window.scrolled(&call, &paging, found);
        Ok(Shown(Page {
            count: page.count.min(MOST_COUNTED),
            count_capped: page.count > MOST_COUNTED,
            next: page.next,
            previous: page.previous,
            results: page.results,
        }))
    }

    /// Export the audit
    ///
    /// Oldest first, all of it, line by line as it is read. For admins; the export is audited.
    #[oai(path = "/export/", method = "get", operation_id = "desk_export_audit")]
    async fn export(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// `jsonl` (the default) or `csv`.
        format: Query<Option<Format>>,
        /// Whose doing: a username, an e-mail or an account's id.
        who: Query<Option<String>>,
        /// What was done, e.g. `change_patient`.
        action: Query<Option<String>>,
        /// Only changes, reads or sign-ins.
        kind: Query<Option<Kind>>,
        /// What kind of thing it was done to, e.g. `appointment`.
        object_type: Query<Option<String>>,
        /// Which one, by its number.
        object_id: Query<Option<i64>>,
        /// Whose record.
        patient: Query<Option<Uuid>>,
        /// Only what was done, or refused.
        outcome: Query<Option<Outcome>>,
        /// From this day of the clinic's on (`YYYY-MM-DD`).
        from: Query<Option<String>>,
        /// Up to the end of this day.
        to: Query<Option<String>>,
    ) -> Answer<Lines> {
        let dates = filters::dates(from.as_deref(), to.as_deref())?;
        let asked = Asked {
            who: who.0,
            action: action.0,
            kind: kind.0,
            object_type: object_type.0,
            object_id: object_id.0,
            patient: patient.0,
            outcome: outcome.0,
            from: dates.0,
            to: dates.1,
        };
        let format = format.0.unwrap_or(Format::Jsonl);
        let export = audit::export(&clinic, &call.who, &asked, format).await?;
        Ok(Lines { export, format })
    }

    /// Check that the audit is as it was sealed
    ///
    /// Walks the chain of seals from its beginning, 100 000 rows a request; where `is_complete` is
    /// false, go on with `after`. For admins. `clinicd audit verify` walks all of it.
    #[oai(path = "/verify/", method = "get", operation_id = "desk_verify_audit")]
    async fn verify(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Go on after this seal: the last answer's `checked_up_to`.
        after: Query<Option<i64>>,
    ) -> Answer<Shown<Verdict>> {
        let most = Some(MOST_CHECKED);
        let found = audit::verify(&clinic, &call.who, after.0, most, None).await?;
        Ok(Shown(Verdict {
            sealed_up_to: found.state.seal,
            hash: found.state.hash,
            purged_up_to: found.state.purged,
            unsealed: found.state.unsealed,
            unsealed_since: found.state.unsealed_since,
            checked: found.checked.rows,
            checked_up_to: found.checked.up_to,
            is_complete: found.checked.is_complete,
            first_broken: found.broken.map(|broken| Broken {
                fault: match broken.wrong {
                    Wrong::Changed | Wrong::Remade => Fault::Changed,
                    Wrong::Missing => Fault::Missing,
                    Wrong::Inserted => Fault::Inserted,
                },
                row: broken.row,
                seal: broken.seal,
                detail: broken.to_string(),
            }),
        }))
    }
}

/// An export, written while it is read.
pub(in crate::api) struct Lines {
    export: Export,
    format: Format,
}

impl IntoResponse for Lines {
    fn into_response(self) -> Response {
        let (content_type, file) = match self.format {
            Format::Csv => ("text/csv; charset=utf-8", "audit.csv"),
            Format::Jsonl => ("application/x-ndjson", "audit.jsonl"),
        };
        let parts = stream::try_unfold(self.export, |mut export| async move {
            let lines = audit::lines(&mut export).await;
            // The answer has begun: a broken connection is how its reader learns of a failure.
            let lines = lines.map_err(|refusal: Refusal| {
                tracing::error!(%refusal, "an export of the audit broke off");
                std::io::Error::other("the export broke off")
            })?;
            Ok::<_, std::io::Error>(lines.map(|lines| (lines.into_bytes(), export)))
        });
        Response::builder()
            .content_type(content_type)
            .header(
                CONTENT_DISPOSITION,
                format!("attachment; filename=\"{file}\""),
            )
            .body(Body::from_bytes_stream(parts))
    }
}

impl ApiResponse for Lines {
    fn meta() -> MetaResponses {
        let text = || MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")));
        let content = ["application/x-ndjson", "text/csv"].map(|content_type| MetaMediaType {
            content_type,
            schema: text(),
        });
        let response = MetaResponse {
            description: "The rows, one a line.",
            status: Some(200),
            status_range: None,
            content: content.into(),
            headers: Vec::new(),
        };
        MetaResponses {
            responses: vec![response],
        }
    }

    fn register(_: &mut Registry) {}
}
