//! Each call, as the client makes it.

use std::sync::Arc;

use clinic_shared::classic::taxonomies::Term;
use clinic_shared::client::{Client, Error};
use clinic_shared::desk::doctors::Named;
use clinic_shared::desk::reports::Format;

use super::runner::Desk;
use super::{Call, ConfigReply, Reply};

impl Desk {
    pub(super) async fn call(&self, call: Call) -> Result<Reply, Error> {
        match call {
            Call::SignIn {
                server,
                user,
                password,
            } => self.sign_in(&server, &user, &password).await,
            Call::Lock { server, user } => Ok(self.lock(server, user).await),
            Call::Report(date) => Ok(Reply::Report(
                self.client()?
                    .written_day_report(Some(date), Format::Text)
                    .await?,
            )),
            Call::Config(call) => {
                let (profiles, store) = (Arc::clone(&self.profiles), Arc::clone(&self.credentials));
                let done = tokio::task::spawn_blocking(move || call.run(&profiles, store.as_ref()));
                let reply = done
                    .await
                    .unwrap_or_else(|error| ConfigReply::Failed(error.to_string()));
                Ok(Reply::Config(Box::new(reply)))
            }
            Call::VerifyCode { server, user, otp } => {
                let client = Client::new(&server)?;
                client.verify_login_code(&user, &otp).await?;
                self.begun(client, &server, &user).await
            }
            Call::ResendCode { server, user } => {
                Client::new(&server)?.resend_login_code(&user).await?;
                Ok(Reply::CodeSent)
            }
            Call::Forgot { server, user } | Call::ResendReset { server, user } => {
                Client::new(&server)?.forgot_password(&user).await?;
                Ok(Reply::CodeSent)
            }
            Call::Reset {
                server,
                user,
                otp,
                password,
            } => {
                let client = Client::new(&server)?;
                client.reset_password(&user, &otp, &password).await?;
                Ok(Reply::PasswordSet)
            }
            Call::Users(query) => Ok(Reply::Users(Box::new(self.client()?.users(&query).await?))),
            Call::User(id) => Ok(Reply::User(Box::new(self.client()?.user(id).await?))),
            Call::Invite(invitation) => Ok(Reply::User(Box::new(
                self.client()?.invite_user(&invitation).await?,
            ))),
            Call::ChangeUser { id, change } => Ok(Reply::User(Box::new(
                self.client()?.change_user(id, &change, None).await?,
            ))),
            Call::EndUserSessions(id) => {
                self.client()?.end_user_sessions(id).await?;
                Ok(Reply::Done)
            }
            Call::Sessions => Ok(Reply::Sessions(self.client()?.sessions().await?)),
            Call::EndSession(id) => {
                self.client()?.end_session(id).await?;
                Ok(Reply::Done)
            }
            Call::Restore { server, user } => self.restore(server, user).await,
            Call::SignOut { server, user } => Ok(self.sign_out(server, user).await),
            Call::Me => Ok(Reply::Me(Box::new(self.client()?.me().await?))),
            Call::Patients(query) => Ok(Reply::Patients(Box::new(
                self.client()?.patients(&query).await?,
            ))),
            Call::Patient(id) => Ok(Reply::Patient(Box::new(self.client()?.patient(id).await?))),
            Call::Doctors(query) => Ok(Reply::Doctors(Box::new(
                self.client()?.doctors(&query).await?,
            ))),
            Call::Doctor(id) => Ok(Reply::Doctor(Box::new(self.client()?.doctor(id).await?))),
            Call::Verify(id) => Ok(Reply::Doctor(Box::new(
                self.client()?.verify_doctor(id).await?,
            ))),
            Call::Board(query) => Ok(Reply::Board(Box::new(self.client()?.board(&query).await?))),
            Call::Queue(doctor) => Ok(Reply::Queue(Box::new(self.client()?.queue(doctor).await?))),
            Call::Slots(query) => Ok(Reply::Slots(Box::new(
                self.client()?.free_slots(&query).await?,
            ))),
            Call::Check(form) => Ok(Reply::Check(Box::new(
                self.client()?.check_booking(&form).await?,
            ))),
            Call::Terms => {
                let terms = self.client()?.specialisations().await?.into_iter();
                let named = |term: Term| Named {
                    id: term.id,
                    name: term.name,
                };
                Ok(Reply::Terms(terms.map(named).collect()))
            }
            Call::Deed(deed) => deed.run(&self.client()?).await,
            Call::People(call) => call.run(&self.client()?).await,
            Call::Admin(call) => call.run(&self.client()?).await,
            Call::Leave(call) => {
                let reply = call.run(&self.client()?).await?;
                Ok(Reply::Leave(Box::new(reply)))
            }
            Call::Windows(call) => {
                let reply = call.run(&self.client()?).await?;
                Ok(Reply::Windows(Box::new(reply)))
            }
            Call::Appointment(id) => Ok(Reply::Appointment(Box::new(
                self.client()?.appointment(id).await?,
            ))),
            Call::Contacts(query) => Ok(Reply::Contacts(Box::new(
                self.client()?.contacts(&query).await?,
            ))),
            Call::Contact(id) => Ok(Reply::Contact(Box::new(self.client()?.contact(id).await?))),
            Call::Inbox(call) => call.run(&self.client()?).await,
            Call::Duplicates(draft) => Ok(Reply::Duplicates(
                self.client()?.possible_duplicates(&draft).await?,
            )),
            Call::Register(draft) => Ok(Reply::Saved(Box::new(
                self.client()?.register_patient(&draft).await?,
            ))),
            Call::Change { id, change, etag } => {
                let saved = self
                    .client()?
                    .change_patient(id, &change, etag.as_deref())
                    .await?;
                Ok(Reply::Saved(Box::new(saved)))
            }
        }
    }
}
