//! Calls for reports.

use chrono::NaiveDate;
use reqwest::Method;
use serde::Serialize;
use uuid::Uuid;

use super::{Client, Result};
use crate::desk::reports::{DayReport, Format};

#[derive(Serialize)]
struct Asked {
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doctor: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Format>,
}

impl Client {
    /// A day in numbers; today's without a date.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn day_report(&self, date: Option<NaiveDate>) -> Result<DayReport> {
        let asked = Asked {
            date,
            doctor: None,
            format: None,
        };
        self.get("v1/api/desk/reports/day/", &asked).await
    }

    /// A day in numbers, written for paper or for tables.
    ///
    /// # Errors
    /// See [`super::Error`].
    pub async fn written_day_report(
        &self,
        date: Option<NaiveDate>,
        format: Format,
    ) -> Result<String> {
        let asked = Asked {
            date,
            doctor: None,
            format: Some(format),
        };
        self.text("v1/api/desk/reports/day/", &asked).await
    }

    /// Who comes when, to print: of a day (today without one), of one doctor or of all.
    ///
    /// # Errors
    /// Refused with 404 if there is no such doctor.
    pub async fn day_sheet(&self, date: Option<NaiveDate>, doctor: Option<Uuid>) -> Result<String> {
        let asked = Asked {
            date,
            doctor,
            format: None,
        };
        self.text("v1/api/desk/reports/day-sheet/", &asked).await
    }

    async fn text(&self, path: &str, asked: &Asked) -> Result<String> {
        let request = self.request(Method::GET, path)?.query(asked);
        Ok(self.send(request).await?.text().await?)
    }
}
