//! `/v1/api/desk/contacts/`.

pub(super) mod steps;

use clinic_shared::Page;
use clinic_shared::desk::contacts::{Colleague, Contact, Show, Status, Step};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use crate::api::Tag;
use crate::api::answers::{Shown, Tagged};
use crate::api::call::Call;
use crate::api::paging::Window;
use crate::clinic::contacts::{self, Listing};
use crate::clinic::{Answer, Clinic};
use crate::store::inbox::InboxRow;

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
        /// Which: new ones, the caller's own that are not done, or all (so without it).
        show: Query<Option<Show>>,
        /// Only those that stand so.
        status: Query<Option<Status>>,
        /// Words in name, phone, e-mail, subject or message.
        search: Query<Option<String>>,
        /// The page's number, from 1; for deep scrolling use `cursor`.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Where the next page begins: taken from `next`.
        cursor: Query<Option<String>>,
    ) -> Answer<Shown<Page<Contact>>> {
        let listing = Listing {
            show: show.0,
            status: status.0,
            search: search.0,
        };
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let paging = window.at_cursor(cursor.0);
        let found = contacts::list(&clinic, &call.who, &listing, &paging).await?;
        Ok(Shown(window.scrolled(
            &call,
            &paging,
            found.map(contacts::wire),
        )))
    }

    /// List who can see to contact requests
    ///
    /// Everybody at the desk, by name.
    #[oai(
        path = "/assignees/",
        method = "get",
        operation_id = "desk_contact_assignees"
    )]
    async fn assignees(&self, clinic: Data<&Clinic>) -> Answer<Shown<Vec<Colleague>>> {
        Ok(Shown(contacts::assignees(&clinic).await?))
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
        Ok(tagged(row))
    }

    /// Show what was done about a contact request
    ///
    /// Oldest first: notes, replies, what was answered, and who did what.
    #[oai(
        path = "/:id/history/",
        method = "get",
        operation_id = "desk_contact_history"
    )]
    async fn history(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Shown<Vec<Step>>> {
        let steps = contacts::history(&clinic, &call.who, *id).await?;
        Ok(Shown(steps.into_iter().map(contacts::step_wire).collect()))
    }
}

fn tagged(row: InboxRow) -> Tagged<Contact> {
    Tagged {
        version: row.contact.version,
        value: contacts::wire(row),
    }
}
