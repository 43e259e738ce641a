//! A doctor's own profile on v1, and how an accepted applicant gets one (API.md §4).

use clinic_shared::v1::doctors::{OwnDoctorProfile, ProfileChange};
use clinic_shared::v1::qualifications::Qualification;
use serde_json::json;

use super::form::{Checked, Form};
use super::public::{self, PublicDoctor};
use super::{MISSING, OBJECT, make, retire, stale, table, update, verify};
use crate::clinic::{Actor, Answer, Clinic, Faults, Refusal, audit, pictures};
use crate::infra::media::Kind;
use crate::store::accounts::AccountRow;
use crate::store::doctors::DoctorRow;
use crate::store::qualifications::{self, QualificationRow};
use crate::store::{Session, Tx};

/// The photo's field on v1.
const FIELD: &str = "photo";

/// A doctor's profile as the doctor sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnProfile {
    /// The profile.
    pub row: DoctorRow,
    /// What everybody sees of it.
    pub public: PublicDoctor,
    /// What they have learnt, accepted or not.
    pub qualifications: Vec<QualificationRow>,
}

/// The caller's profile.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub async fn own_profile(clinic: &Clinic, who: &Actor) -> Answer<OwnProfile> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let mut reader = clinic.db.read().await?;
    let row = table::by_account(&mut reader, account).await?;
    profile(&mut reader, row.ok_or(MISSING)?).await
}

/// Changes the caller's profile, with another photo if one came, where any of the versions
/// `expected` will do.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Invalid`] with every faulty field, [`Refusal::Stale`],
/// [`Refusal::TooLarge`].
pub async fn change_own(
    clinic: &Clinic,
    who: &Actor,
    change: ProfileChange,
    expected: Option<&[i64]>,
    mut faults: Faults,
    picture: Option<Vec<u8>>,
) -> Answer<OwnProfile> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let seen = table::by_account(&mut clinic.db.read().await?, account).await?;
    let old = seen.ok_or(MISSING)?.photo;
    let cleared = pictures::is_cleared(&change.photo, old.as_deref(), FIELD, &mut faults);
    let is_cleared = cleared && picture.is_none();
    let form = Form::of_own(change, &mut faults);
    let form = match is_cleared {
        true => form.without_photo(),
        false => form,
    };
    let write = async |photo, faults| {
        let mut tx = clinic.db.begin().await?;
        let row = table::lock_account(&mut tx, account)
            .await?
            .ok_or(MISSING)?;
        let form = form.with_photo(photo).checked(&mut tx, faults).await?;
        // A request that would be refused anyway is refused for that (RFC 9110 §13.2.1).
        if expected.is_some_and(|versions| !versions.contains(&row.version)) {
            return Err(stale(clinic, &row));
        }
        update(clinic, &mut tx, who, &row, &form).await?;
        let row = table::by_id(&mut tx, row.id).await?.ok_or(MISSING)?;
        let changed = profile(&mut tx, row).await?;
        tx.commit().await?;
        Ok(changed)
    };
    let discarded = old.clone().filter(|_| is_cleared);
    let changed =
        pictures::replacing(clinic, Kind::Public, picture, FIELD, old, faults, write).await?;
    if let Some(key) = discarded {
        pictures::discard(clinic, &key).await;
    }
    Ok(changed)
}

/// Retires the caller's profile.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub async fn retire_own(clinic: &Clinic, who: &Actor) -> Answer<()> {
    let account = who.account_id().ok_or_else(Refusal::forbidden)?;
    let row = table::by_account(&mut clinic.db.read().await?, account).await?;
    retire(clinic, who, row.ok_or(MISSING)?.id).await
}

/// Makes a verified doctor of a locked account, or verifies the profile that it has; its role becomes
/// doctor. Answers the doctor's number, and whether sessions ended.
///
/// # Errors
/// The database's.
pub(in crate::clinic) async fn accept(
    clinic: &Clinic,
    tx: &mut Tx,
    who: &Actor,
    account: &AccountRow,
    fee_cents: Option<i64>,
) -> Answer<(i64, bool)> {
    let form = Checked::costing(fee_cents);
    let promoted = verify::promote(clinic, tx, who, account).await?;
    let Some(row) = table::lock_account(tx, account.id).await? else {
        let made = make::insert(clinic, tx, who, account, &form, true).await?;
        return Ok((made.number, promoted));
    };
    update(clinic, tx, who, &row, &form).await?;
    if table::verify(tx, row.id, clinic.clock.now()).await? {
        let detail = json!({ "account": account.id });
        audit::change_of(tx, clinic, who, "verify_doctor", OBJECT, row.id, detail).await?;
    }
    Ok((row.id, promoted))
}

async fn profile(session: &mut impl Session, row: DoctorRow) -> Answer<OwnProfile> {
    let qualifications = qualifications::of_doctor(session, row.id, None).await?;
    Ok(OwnProfile {
        public: public::one(session, &row).await?,
        qualifications,
        row,
    })
}

impl OwnProfile {
    /// The profile as its doctor sees it, with the URL of the photo and of each certificate.
    pub fn wire(
        self,
        photo: Option<String>,
        qualifications: Vec<Qualification>,
    ) -> OwnDoctorProfile {
        let doctor = self.public.wire(photo);
        OwnDoctorProfile {
            id: doctor.id,
            full_name: doctor.full_name,
            email: self.row.email,
            photo: doctor.photo,
            designation: doctor.designation,
            specialization: doctor.specialization,
            available_time: doctor.available_time,
            fee: doctor.fee,
            year_of_experience: doctor.year_of_experience,
            personal_status: doctor.personal_status,
            meet_link: self.row.meet_link,
            rating: doctor.rating,
            qualifications,
            verified_at: self.row.verified_at,
            version: self.row.version,
            created_at: self.row.created_at,
            updated_at: self.row.updated_at,
        }
    }
}
