//! The audit as admins read it.

use chrono::{DateTime, Days, NaiveDate, Utc};
use clinic_shared::desk::audit::{Account, Kind, Outcome, Person, Row};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clinic::available_times::first_moment;
use crate::clinic::paging::{Listed, Paging, foreign_cursor};
use crate::clinic::{Actor, Answer, Clinic, Refusal};
use crate::store::audit_lists::{self as lists, Filter, NamedRow, Place};
use crate::store::{Reader, accounts, patients};

/// Where counting stops.
pub const MOST_COUNTED: i64 = 1000;

/// Which rows: all that is given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Whose doing: a username, an e-mail or an account's id.
    pub who: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// What sort of thing.
    pub kind: Option<Kind>,
    /// What kind of thing it was done to.
    pub object_type: Option<String>,
    /// Which one, by its number.
    pub object_id: Option<i64>,
    /// Whose record.
    pub patient: Option<Uuid>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// From this day of the clinic's on.
    pub from: Option<NaiveDate>,
    /// Up to the end of this one.
    pub to: Option<NaiveDate>,
}

/// The rows that are meant; none: of somebody who is not there.
pub(super) struct Meant {
    pub(super) filter: Filter,
    pub(super) between: (Place, Place),
}

impl Asked {
    /// As the store knows it.
    pub(super) async fn meant(
        &self,
        clinic: &Clinic,
        reader: &mut Reader,
    ) -> Answer<Option<Meant>> {
        let mut filter = Filter {
            action: said(self.action.as_deref()),
            kind: self.kind.map(Kind::as_str),
            outcome: self.outcome.map(Outcome::as_str),
            object_type: said(self.object_type.as_deref()),
            object_id: self.object_id,
            ..Filter::default()
        };
        if let Some(who) = said(self.who.as_deref()) {
            let account = match who.parse() {
                Ok(uid) => accounts::by_uid(reader, uid).await?,
                Err(_) => accounts::by_login(reader, &who).await?,
            };
            let Some(account) = account else {
                return Ok(None);
            };
            filter.account = Some(account.id);
        }
        if let Some(uid) = self.patient {
            let Some(patient) = patients::by_uid(reader, uid).await? else {
                return Ok(None);
            };
            filter.patient = Some(patient.id);
        }
        let from = self.from.and_then(|day| first_moment(day, clinic.zone));
        let to = self
            .to
            .and_then(|day| first_moment(day.checked_add_days(Days::new(1))?, clinic.zone));
        let between = (
            (from.unwrap_or(DateTime::UNIX_EPOCH), i64::MIN),
            (to.unwrap_or_else(end_of_time), i64::MIN),
        );
        Ok(Some(Meant { filter, between }))
    }

    /// What the audit says of a question: which filters, never what was typed into them.
    pub(super) fn told(&self) -> Value {
        let filters = super::fields([
            ("who", self.who.is_some()),
            ("action", self.action.is_some()),
            ("object_type", self.object_type.is_some()),
            ("object_id", self.object_id.is_some()),
            ("patient", self.patient.is_some()),
        ]);
        json!({
            "filters": filters,
            "kind": self.kind,
            "outcome": self.outcome,
            "from": self.from,
            "to": self.to,
        })
    }
}

/// Later than anything: years have four digits on the wire and in SQLite.
fn end_of_time() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn said(text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(str::to_owned)
}

/// A page of the audit, newest first; counting stops at [`MOST_COUNTED`] and one. The policy lets
/// admins in only.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn list(
    clinic: &Clinic,
    who: &Actor,
    asked: &Asked,
    paging: &Paging,
) -> Answer<Listed<Row>> {
    let span = paging.span()?;
    let mut reader = clinic.db.read_behind().await?;
    let meant = asked.meant(clinic, &mut reader).await?;
    let patient = meant.as_ref().and_then(|meant| meant.filter.patient);
    let (count, rows) = match meant {
        None => (0, Vec::new()),
        Some(Meant { filter, between }) => {
            let most = MOST_COUNTED + 1;
            let count = lists::count(&mut reader, &filter, between, most).await?;
            let (after, mut before) = between;
            if let Some(id) = span.after {
                let at = lists::time_of(&mut reader, id).await?;
                before = before.min((at.ok_or_else(foreign_cursor)?, id));
            }
            let between = (after, before);
            let rows =
                lists::newest(&mut reader, &filter, between, span.limit, span.offset).await?;
            (count, rows)
        }
    };
    drop(reader);
    let detail = json!({ "count": count });
    clinic.reads.note(who, "list_audit", patient, detail).await;
    let page = paging.listed(count, rows, |row| row.id)?;
    let Listed { count, next, rows } = page;
    let rows = rows.into_iter().map(wire).collect::<Answer<_>>()?;
    Ok(Listed { count, next, rows })
}

/// A row as admins see it.
pub(super) fn wire(row: NamedRow) -> Answer<Row> {
    let word = |word: String| Refusal::broken(word);
    Ok(Row {
        id: row.id,
        at: row.at,
        // The table's own checks keep other words out.
        kind: row.kind.parse().map_err(word)?,
        action: row.action,
        outcome: row.outcome.parse().map_err(word)?,
        account: row.account_id.map(|number| Account {
            number,
            id: row.account_uid,
            username: row.username,
        }),
        role: row.role.and_then(|role| role.parse().ok()),
        session: row.session_id,
        address: row.address,
        object_type: row.object_type,
        object_id: row.object_id,
        patient: row.patient_id.map(|number| Person {
            number,
            id: row.patient_uid,
            full_name: row.full_name,
        }),
        detail: row.detail.0,
    })
}
