//! What happens beside the screens while she works: a visitor writes, a colleague books.

use chrono::{Days, NaiveDate};
use clinic_shared::client::{BoardQuery, Client, SlotQuery};
use clinic_shared::desk::appointments::{NewAppointment, Person};
use clinic_shared::desk::slots::FreeSlot;
use clinic_shared::v1::portal::ContactUs;
use uuid::Uuid;

use super::receptionist::Receptionist;

impl Receptionist {
    /// Somebody writes to the clinic by its public form.
    pub(crate) async fn is_written_to(&self, written: &ContactUs) {
        let visitor = Client::new(&self.house.url()).unwrap();
        visitor.contact_us(written).await.unwrap();
    }

    /// A day so many days from today, a doctor, and times at which they are free then, at least two.
    pub(crate) async fn free_day(&self, days: u64) -> (NaiveDate, Person, Vec<FreeSlot>) {
        let today = self.admin.board(&BoardQuery::default()).await.unwrap().date;
        let query = SlotQuery {
            from: Some(today + Days::new(days)),
            limit: Some(500),
            ..SlotQuery::default()
        };
        let mut slots = self.admin.free_slots(&query).await.unwrap().slots;
        slots.retain(|slot| slot.starts_at.is_some());
        slots.sort_by_key(|slot| (slot.date, slot.doctor.full_name.clone(), slot.starts_at));
        let days = slots.chunk_by(|a, b| (a.date, a.doctor.id) == (b.date, b.doctor.id));
        let day = days.into_iter().find(|day| day.len() >= 2).unwrap();
        (day[0].date, day[0].doctor.clone(), day.to_vec())
    }

    /// A colleague books.
    pub(crate) async fn colleague_books(&self, patient: Uuid, slot: &FreeSlot, title: &str) -> i64 {
        let form = NewAppointment {
            patient: Some(patient),
            record_number: None,
            doctor: slot.doctor.id,
            date: None,
            available_time: None,
            starts_at: slot.starts_at,
            duration_minutes: None,
            appointment_type: None,
            title: Some(title.to_owned()),
            symptoms: None,
            overbook: None,
            outside_hours: None,
        };
        self.admin.book(&form).await.unwrap().value.id
    }
}
