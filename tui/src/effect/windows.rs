//! A doctor's weekly hours: calls about the windows in which they can be booked.

use clinic_shared::client::{Client, Error, Tagged};
use clinic_shared::desk::doctors::DoctorWindow;
use clinic_shared::v1::available_times::{AvailableTime, AvailableTimeChange, AvailableTimeInput};
use uuid::Uuid;

/// A call about a doctor's weekly hours.
#[derive(Clone, PartialEq, Eq)]
pub enum WindowsCall {
    /// Those of a doctor.
    List(Uuid),
    /// New ones.
    Make(Box<AvailableTimeInput>),
    /// Others, if they are still of this version.
    Change(i64, Box<AvailableTimeChange>, Option<String>),
    /// They are offered no more.
    Retire(i64),
}

/// What a call about weekly hours answered.
#[derive(Debug, Clone, PartialEq)]
pub enum WindowsReply {
    /// A doctor's.
    List(Uuid, Vec<DoctorWindow>),
    /// One as it is after a change.
    Window(Tagged<AvailableTime>),
    /// It is offered no more.
    Retired,
}

impl std::fmt::Debug for WindowsCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl WindowsCall {
    /// Whether the server is left as it was.
    pub const fn is_read(&self) -> bool {
        matches!(self, WindowsCall::List(_))
    }

    /// Its name, for the log.
    pub const fn name(&self) -> &'static str {
        match self {
            WindowsCall::List(_) => "list a doctor's hours",
            WindowsCall::Make(_) => "enter a doctor's hours",
            WindowsCall::Change(..) => "change a doctor's hours",
            WindowsCall::Retire(_) => "retire a doctor's hours",
        }
    }

    /// Makes it.
    pub(super) async fn run(self, client: &Client) -> Result<WindowsReply, Error> {
        Ok(match self {
            WindowsCall::List(doctor) => {
                WindowsReply::List(doctor, client.doctor_windows(doctor).await?)
            }
            WindowsCall::Make(form) => {
                WindowsReply::Window(client.create_available_time(&form).await?)
            }
            WindowsCall::Change(id, change, etag) => {
                let changed = client.change_available_time(id, &change, etag.as_deref());
                WindowsReply::Window(changed.await?)
            }
            WindowsCall::Retire(id) => {
                client.delete_available_time(id).await?;
                WindowsReply::Retired
            }
        })
    }
}
