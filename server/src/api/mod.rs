//! HTTP and nothing else.
//!
//! A request goes through [`outer`] (id, log, time limit, CORS), the [`gate`] (path, session,
//! policy, limits) and a handler that parses, calls one rule of [`crate::clinic`] and maps its
//! answer. The document at `/openapi.json` is made of the same tables.

mod answers;
mod body;
mod cached;
mod call;
mod classic;
mod desk;
mod document;
mod errors;
mod filters;
mod gate;
mod idempotent;
mod lists;
mod media;
mod operations;
mod outer;
mod paging;
mod schema;
mod system;
mod v1;

use std::sync::Arc;

use poem::{Endpoint, EndpointExt, Response, Route};
use poem_openapi::{OpenApiService, Tags};
use serde_json::Value;

use crate::auth::limits::Limiter;
use crate::clinic::Clinic;
use crate::config::Config;
use crate::infra::redis::Redis;
use gate::{Gate, Rules};
use operations::Operations;
use outer::{Manner, Outer};

pub use outer::Witness;

/// The families and their resources, as the document groups them.
#[derive(Tags)]
enum Tag {
    /// Classic: accounts and sign-in.
    #[oai(rename = "classic: accounts")]
    ClassicAccounts,
    /// Classic: profiles.
    #[oai(rename = "classic: profiles")]
    ClassicProfiles,
    /// Classic: patients.
    #[oai(rename = "classic: patients")]
    ClassicPatients,
    /// Classic: appointments.
    #[oai(rename = "classic: appointments")]
    ClassicAppointments,
    /// Classic: designations and specialisations.
    #[oai(rename = "classic: designations and specialisations")]
    ClassicTaxonomies,
    /// Classic: available times.
    #[oai(rename = "classic: available times")]
    ClassicAvailableTimes,
    /// Classic: doctors.
    #[oai(rename = "classic: doctors")]
    ClassicDoctors,
    /// Classic: reviews of doctors.
    #[oai(rename = "classic: reviews")]
    ClassicReviews,
    /// Classic: what the clinic offers.
    #[oai(rename = "classic: services")]
    ClassicServices,
    /// Classic: what people write to the clinic.
    #[oai(rename = "classic: contacts")]
    ClassicContacts,
    /// v1: the caller's account.
    #[oai(rename = "v1: user")]
    V1User,
    /// v1: appointments.
    #[oai(rename = "v1: appointments")]
    V1Appointments,
    /// v1: patients.
    #[oai(rename = "v1: patients")]
    V1Patients,
    /// v1: doctors, what they are and have learnt, and what is said of them.
    #[oai(rename = "v1: doctors")]
    V1Doctors,
    /// v1: what everybody may say and see.
    #[oai(rename = "v1: public portal")]
    V1Portal,
    /// v1: applying to become a doctor.
    #[oai(rename = "v1: operations")]
    V1Operations,
    /// v1: when doctors can be seen, what can still be booked, and asking for a time.
    #[oai(rename = "v1: available times")]
    V1AvailableTimes,
    /// v1: what happens, as it happens.
    #[oai(rename = "v1: events")]
    V1Events,
    /// Desk: patients' records.
    #[oai(rename = "desk: patients")]
    DeskPatients,
    /// Desk: appointments.
    #[oai(rename = "desk: appointments")]
    DeskAppointments,
    /// Desk: who is here and who is next.
    #[oai(rename = "desk: queue")]
    DeskQueue,
    /// Desk: doctors.
    #[oai(rename = "desk: doctors")]
    DeskDoctors,
    /// Desk: free slots, absences, closures, extra openings.
    #[oai(rename = "desk: availability")]
    DeskAvailability,
    /// Desk: who waits for an earlier time.
    #[oai(rename = "desk: waiting list")]
    DeskWaitlist,
    /// Desk: what people write to the clinic.
    #[oai(rename = "desk: contacts")]
    DeskContacts,
    /// Desk: days in numbers and on paper.
    #[oai(rename = "desk: reports")]
    DeskReports,
    /// Desk: what an admin decides.
    #[oai(rename = "desk: decisions")]
    DeskDecisions,
    /// Desk: accounts.
    #[oai(rename = "desk: users")]
    DeskUsers,
    /// Desk: who did or read what.
    #[oai(rename = "desk: audit")]
    DeskAudit,
    /// Pictures.
    #[oai(rename = "media")]
    Media,
}

type Apis = (classic::Apis, v1::Apis, desk::Apis, media::Api);

fn service(clinic: Option<&Clinic>) -> OpenApiService<Apis, ()> {
    // The document needs no clinic; the handlers find theirs among the request's data.
    let title = clinic.map_or("Clinic", |clinic| clinic.name.as_str());
    OpenApiService::new(
        (classic::APIS, v1::APIS, desk::APIS, media::Api),
        title,
        env!("CARGO_PKG_VERSION"),
    )
    .description("The front desk's API: the classic family, v1, and the desk.")
    .license("MIT OR Apache-2.0")
}

/// The OpenAPI document: `/openapi.json`, `clinicd openapi`.
pub fn document() -> Value {
    let written = service(None).spec();
    document::complete(serde_json::from_str(&written).unwrap_or_default())
}

/// All endpoints of a server.
pub fn endpoint(
    clinic: &Clinic,
    config: &Config,
    redis: &Redis,
    listen: String,
    witness: Option<Arc<dyn Witness>>,
) -> impl Endpoint<Output = Response> + use<> {
    let service = service(Some(clinic));
    let document = document();
    let rules = Rules {
        operations: Operations::of(&document),
        clinic: clinic.clone(),
        limiter: Limiter::new(config.limits, &clinic.clock, &clinic.hasher),
        redis: redis.clone(),
        trusted: config.trusted_proxies.clone(),
        public_url: config.public_url.clone(),
        listen,
        turns: Arc::default(),
        debug: config.debug,
    };
    let manner = Manner {
        origins: config.cors_origins.clone(),
        timeout: config.request_timeout,
        debug: config.debug,
        ids: clinic.ids.clone(),
        witness,
    };
    let page = swagger_page(&service, &document);
    let apis = Route::new()
        .nest("/", service)
        .data(clinic.clone())
        .map_to_response();
    let gated = Gate::new(Arc::new(rules), apis);
    Outer::new(
        manner,
        system::with_system_pages(clinic.clone(), redis.clone(), &document, page, gated),
    )
}

/// Swagger UI over the completed document.
fn swagger_page(service: &OpenApiService<Apis, ()>, document: &Value) -> String {
    service
        .swagger_ui_html()
        .replace(&service.spec(), &document.to_string())
}
