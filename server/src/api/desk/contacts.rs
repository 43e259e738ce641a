//! `/v1/api/desk/contacts/`.

use clinic_shared::Page;
use clinic_shared::desk::contacts::{Contact, Status};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use crate::api::Tag;
use crate::api::answers::{Shown, Tagged};
use crate::api::call::Call;
use crate::api::paging::{Window, link};
use crate::clinic::paging::Paging;
use crate::clinic::{Answer, Clinic, Refusal, contacts};
use crate::store::contacts::ContactRow;

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/v1/api/desk/contacts", tag = "Tag::DeskContacts")]
impl Api {
    /// List contact requests
    ///
    /// Newest first.
    #[oai(path = "/", method = "get", operation_id = "desk_list_contacts")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Only those that stand so.
        status: Query<Option<Status>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Contact>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = Paging {
            page: window.page,
            cursor: cursor.0.filter(|cursor| !cursor.is_empty()),
            limit: window.limit,
        };
        let found = contacts::list(&clinic, &call.who, status.0, &paging).await?;
        let without_page = call.without("page");
        let by_number = paging.cursor.is_none();
        Ok(Shown(Page {
            count: found.count,
            next: found
                .next
                .map(|cursor| link(&without_page, "cursor", Some(cursor))),
            previous: window.previous(&call).filter(|_| by_number),
            results: found.rows.into_iter().map(wire).collect::<Answer<_>>()?,
        }))
    }

    /// Show a contact request
    #[oai(path = "/:id/", method = "get", operation_id = "desk_get_contact")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Tagged<Contact>> {
        let row = contacts::show(&clinic, &call.who, *id).await?;
        Ok(Tagged {
            version: row.version,
            value: wire(row)?,
        })
    }
}

fn wire(row: ContactRow) -> Answer<Contact> {
    Ok(Contact {
        id: row.id,
        name: row.name,
        phone: row.phone,
        email: row.email,
        subject: row.subject,
        message: row.message,
        // The table's own check keeps other words out.
        status: row
            .status
            .parse()
            .map_err(|word: String| Refusal::broken(word))?,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
