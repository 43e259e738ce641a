//! Services: what the clinic offers, each with a picture that anybody may look at
//! (API.md §3 `/services/`).

use clinic_shared::classic::services::{NewService, ServiceChange, ServiceInput};
use serde_json::json;

use super::paging::{Listed, Paging};
use super::{Actor, Answer, Clinic, Faults, Refusal, audit, pictures, text};
use crate::infra::media::Kind;
use crate::store::services::{self as table, ServiceRow, Stored};

const MISSING: Refusal = Refusal::Missing("Service");
/// The picture's field in forms.
const FIELD: &str = "image";
/// The longest name, in characters.
const LONGEST_NAME: usize = 50;
/// The longest description, in characters.
const LONGEST_DESCRIPTION: usize = 10_000;

/// What a body says of a service: what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    name: Option<String>,
    description: Option<String>,
}

impl From<NewService> for Form {
    fn from(new: NewService) -> Self {
        Form {
            name: Some(new.name),
            description: Some(new.description),
        }
    }
}

impl From<ServiceInput> for Form {
    fn from(input: ServiceInput) -> Self {
        Form {
            name: Some(input.name),
            description: Some(input.description),
        }
    }
}

impl From<ServiceChange> for Form {
    fn from(change: ServiceChange) -> Self {
        Form {
            name: change.name,
            description: change.description,
        }
    }
}

impl Form {
    /// The same with every text trimmed.
    fn checked(self, faults: &mut Faults) -> Self {
        let name = self.name.map(|name| text::required(&name, LONGEST_NAME));
        let description = self
            .description
            .map(|description| text::prose(&description, LONGEST_DESCRIPTION));
        Form {
            name: name.and_then(|name| faults.take("name", name)),
            description: description.and_then(|text| faults.take("description", text)),
        }
    }
}

/// All services by number, for everybody.
///
/// # Errors
/// The database's.
pub async fn list(clinic: &Clinic) -> Answer<Vec<ServiceRow>> {
    Ok(table::all(&mut clinic.db.read().await?).await?)
}

/// A page of services by number, for everybody.
///
/// # Errors
/// [`Refusal::InvalidPage`], [`Refusal::Invalid`] on `cursor`.
pub async fn page(clinic: &Clinic, paging: &Paging) -> Answer<Listed<ServiceRow>> {
    let span = paging.span()?;
    let mut reader = clinic.db.read().await?;
    let count = table::count(&mut reader).await?;
    let after = span.after.unwrap_or(0);
    let rows = table::page(&mut reader, after, span.limit, span.offset).await?;
    paging.listed(count, rows, |row| row.id)
}

/// A service by its number, for everybody.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn show(clinic: &Clinic, id: i64) -> Answer<ServiceRow> {
    let row = table::by_id(&mut clinic.db.read().await?, id).await?;
    row.ok_or(MISSING)
}

/// Makes a service with its picture.
///
/// # Errors
/// [`Refusal::Invalid`] with every faulty field, [`Refusal::TooLarge`].
pub async fn create(
    clinic: &Clinic,
    who: &Actor,
    form: Form,
    faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<ServiceRow> {
    let insert = async |image: Option<String>, mut faults: Faults| {
        let form = form.checked(&mut faults);
        faults.refuse()?;
        let Some(image) = image else {
            return Err(Refusal::field(FIELD, "No file was submitted."));
        };
        insert(clinic, who, form, image).await
    };
    pictures::replacing(clinic, Kind::Public, picture, FIELD, None, faults, insert).await
}

async fn insert(clinic: &Clinic, who: &Actor, form: Form, image: String) -> Answer<ServiceRow> {
    let new = Stored {
        image,
        name: form.name.unwrap_or_default(),
        description: form.description.unwrap_or_default(),
    };
    let mut tx = clinic.db.begin().await?;
    let row = table::insert(&mut tx, &new, clinic.clock.now()).await?;
    let detail = json!({ "fields": ["image", "name", "description"] });
    audit::change_of(
        &mut tx,
        clinic,
        who,
        "create_service",
        "service",
        row.id,
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(row)
}

/// Changes a service and, if one came, its picture.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`] with every faulty field, [`Refusal::TooLarge`].
pub async fn change(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Form,
    faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<ServiceRow> {
    let old = Some(show(clinic, id).await?.image);
    let update = async |image, mut faults: Faults| {
        let form = form.checked(&mut faults);
        faults.refuse()?;
        update(clinic, who, id, form, image).await
    };
    pictures::replacing(clinic, Kind::Public, picture, FIELD, old, faults, update).await
}

async fn update(
    clinic: &Clinic,
    who: &Actor,
    id: i64,
    form: Form,
    image: Option<String>,
) -> Answer<ServiceRow> {
    let mut tx = clinic.db.begin().await?;
    let was = table::lock(&mut tx, id).await?.ok_or(MISSING)?;
    let is = Stored {
        image: image.unwrap_or_else(|| was.image.clone()),
        name: form.name.unwrap_or_else(|| was.name.clone()),
        description: form.description.unwrap_or_else(|| was.description.clone()),
    };
    let fields = changed(&was, &is);
    if fields.is_empty() {
        return Ok(was);
    }
    let row = table::update(&mut tx, id, &is, clinic.clock.now()).await?;
    let detail = json!({ "fields": fields });
    audit::change_of(
        &mut tx,
        clinic,
        who,
        "change_service",
        "service",
        id,
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(row)
}

fn changed(was: &ServiceRow, is: &Stored) -> Vec<&'static str> {
    audit::fields([
        ("image", was.image != is.image),
        ("name", was.name != is.name),
        ("description", was.description != is.description),
    ])
}

/// Deletes a service, and its picture once that is certain.
///
/// # Errors
/// [`Refusal::Missing`].
pub async fn delete(clinic: &Clinic, who: &Actor, id: i64) -> Answer<()> {
    let mut tx = clinic.db.begin().await?;
    let image = table::delete(&mut tx, id).await?.ok_or(MISSING)?;
    audit::change_of(
        &mut tx,
        clinic,
        who,
        "delete_service",
        "service",
        id,
        json!({}),
    )
    .await?;
    tx.commit().await?;
    pictures::discard(clinic, &image).await;
    Ok(())
}
