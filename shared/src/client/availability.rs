//! Calls about when people can be booked: free slots, absences, closures, extra openings.

use chrono::NaiveDate;
use reqwest::Method;
use serde::Serialize;
use uuid::Uuid;

use super::{Client, Result, Tagged};
use crate::classic::taxonomies::Term;
use crate::desk::absences::{
    Absence, AbsenceChange, AbsenceDetail, CancelHits, HitResult, MoveHits, NewAbsence, NewClosure,
};
use crate::desk::openings::{NewOpening, Opening};
use crate::desk::slots::{FreeSlots, PartOfDay};

const DESK: &str = "v1/api/desk/";

/// What to search: `GET /v1/api/desk/slots/`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SlotQuery {
    /// Only this doctor's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Uuid>,
    /// Only of doctors of this specialisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialisation: Option<i64>,
    /// For this patient, who may be busy themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<Uuid>,
    /// From this date of the clinic on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Up to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Only in this part of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of_day: Option<PartOfDay>,
    /// As long as this, in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which absences or openings to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DatesQuery {
    /// Only of this doctor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Uuid>,
    /// Not over before this date of the clinic; today without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Begun by this date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// Which of the two is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// A doctor is away.
    Absence,
    /// The clinic is closed.
    Closure,
}

impl Off {
    const fn path(self) -> &'static str {
        match self {
            Off::Absence => "v1/api/desk/absences/",
            Off::Closure => "v1/api/desk/closures/",
        }
    }
}

impl Client {
    /// What doctors are for.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn specialisations(&self) -> Result<Vec<Term>> {
        self.get("specialisations/", &()).await
    }

    /// The next free slots.
    ///
    /// # Errors
    /// Refused with 400 on the parameters.
    pub async fn free_slots(&self, query: &SlotQuery) -> Result<FreeSlots> {
        self.get(&format!("{DESK}slots/"), query).await
    }

    /// Absences of doctors, or closures of the clinic, in the order of time.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn absences(&self, off: Off, query: &DatesQuery) -> Result<Vec<Absence>> {
        self.get(off.path(), query).await
    }

    /// One of them, with the appointments that it hits.
    ///
    /// # Errors
    /// Refused with 404 if there is none.
    pub async fn absence(&self, off: Off, id: i64) -> Result<Tagged<AbsenceDetail>> {
        let request = self.request(Method::GET, &format!("{}{id}/", off.path()))?;
        super::tagged(self.send(request).await?).await
    }

    /// Enters a doctor's absence; the answer lists what it hits.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn enter_absence(&self, form: &NewAbsence) -> Result<Tagged<AbsenceDetail>> {
        let path = Off::Absence.path().to_owned();
        self.changed((Method::POST, path), form, None).await
    }

    /// Closes the clinic; the answer lists what that hits.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn close_clinic(&self, form: &NewClosure) -> Result<Tagged<AbsenceDetail>> {
        let path = Off::Closure.path().to_owned();
        self.changed((Method::POST, path), form, None).await
    }

    /// Changes one; `etag` makes it fail (412) if somebody else was faster.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields, 404 or 412.
    pub async fn change_absence(
        &self,
        (off, id): (Off, i64),
        change: &AbsenceChange,
        etag: Option<&str>,
    ) -> Result<Tagged<AbsenceDetail>> {
        let path = format!("{}{id}/", off.path());
        self.changed((Method::PATCH, path), change, etag).await
    }

    /// Takes one back: its time can be booked again.
    ///
    /// # Errors
    /// Refused with 404.
    pub async fn take_back_absence(&self, (off, id): (Off, i64)) -> Result<()> {
        let request = self.request(Method::DELETE, &format!("{}{id}/", off.path()))?;
        self.send(request).await?;
        Ok(())
    }

    /// Calls off what one hits, and answers what became of each.
    ///
    /// # Errors
    /// Refused with 400 or 404.
    pub async fn cancel_hits(
        &self,
        (off, id): (Off, i64),
        form: &CancelHits,
    ) -> Result<Vec<HitResult>> {
        let path = format!("{}{id}/cancel-appointments/", off.path());
        self.send_json(Method::POST, &path, form).await
    }

    /// Moves what one hits, and answers what became of each.
    ///
    /// # Errors
    /// Refused with 400 or 404.
    pub async fn move_hits(
        &self,
        (off, id): (Off, i64),
        form: &MoveHits,
    ) -> Result<Vec<HitResult>> {
        let path = format!("{}{id}/move-appointments/", off.path());
        self.send_json(Method::POST, &path, form).await
    }

    /// Extra openings, in the order of time.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn openings(&self, query: &DatesQuery) -> Result<Vec<Opening>> {
        self.get(&format!("{DESK}openings/"), query).await
    }

    /// Opens extra hours of a doctor's on one day.
    ///
    /// # Errors
    /// Refused with 400 and the faulty fields.
    pub async fn open_hours(&self, form: &NewOpening) -> Result<Opening> {
        let path = format!("{DESK}openings/");
        self.send_json(Method::POST, &path, form).await
    }

    /// Closes extra hours again; what is booked stays.
    ///
    /// # Errors
    /// Refused with 404.
    pub async fn close_hours(&self, id: i64) -> Result<()> {
        let path = format!("{DESK}openings/{id}/");
        self.send(self.request(Method::DELETE, &path)?).await?;
        Ok(())
    }
}
