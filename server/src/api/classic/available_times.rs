//! `/available-time/`.

use clinic_shared::classic::available_times::{AvailableTime, AvailableTimeInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use crate::api::Tag;
use crate::api::answers::{Created, Written};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::filters;
use crate::api::lists::{self, List};
use crate::clinic::available_times::{self, Window};
use crate::clinic::{Answer, Clinic};

impl Input for AvailableTimeInput {}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/available-time", tag = "Tag::ClassicAvailableTimes")]
impl Api {
    /// List available times
    #[oai(path = "/", method = "get", operation_id = "list_available_times")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// Only those of these ids.
        id: Query<Option<Vec<String>>>,
    ) -> Answer<Written<Vec<AvailableTime>>> {
        let ids = filters::ids("id", id.0)?;
        let read = async || {
            let windows = available_times::list(&clinic, &ids).await?.into_iter();
            Ok(windows.map(shown).collect::<Vec<_>>())
        };
        let body = lists::body(&clinic, &call, Some(List::AvailableTimes), read).await?;
        Ok(Written::of(body))
    }

    /// Make an available time
    ///
    /// For admins. Hours are read from the label; it is offered every day.
    #[oai(path = "/", method = "post", operation_id = "create_available_time")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<AvailableTimeInput>,
    ) -> Answer<Created<AvailableTime>> {
        let (input, faults, _) = body.parts();
        let made = available_times::create(&clinic, &call.who, &input.time, faults).await?;
        let location = call.url(&format!("/available-time/?id={}", made.id));
        Ok(Created {
            value: shown(made),
            location,
            version: None,
        })
    }
}

fn shown(window: Window) -> AvailableTime {
    AvailableTime {
        id: window.id,
        time: window.name,
    }
}
