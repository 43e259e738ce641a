//! `/api/user/profiles/`.

use clinic_shared::Page;
use clinic_shared::classic::accounts::User;
use clinic_shared::classic::profiles::{Profile, ProfileInput};
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use crate::api::Tag;
use crate::api::answers::{Created, Gone, Shown};
use crate::api::body::{Body, Input};
use crate::api::call::Call;
use crate::api::media::picture_url;
use crate::api::paging::Window;
use crate::clinic::{Answer, Clinic, profiles};
use crate::store::profiles::ProfileOfAccount;

impl Input for ProfileInput {
    const FILE: Option<&'static str> = Some("profile_picture");
}

pub(in crate::api) struct Api;

#[OpenApi(prefix_path = "/api/user/profiles", tag = "Tag::ClassicProfiles")]
impl Api {
    /// List profiles
    ///
    /// Staff see all, others their own.
    #[oai(path = "/", method = "get", operation_id = "list_profiles")]
    async fn list(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        /// The page's number, from 1.
        page: Query<Option<String>>,
        /// Rows a page: 100, at most 1000.
        limits: Query<Option<String>>,
        /// Words in username, e-mail, first or last name.
        search: Query<Option<String>>,
    ) -> Answer<Shown<Page<Profile>>> {
        let window = Window::read(page.as_deref(), limits.as_deref())?;
        let (limit, offset) = (window.limit, window.offset);
        let found = profiles::list(&clinic, &call.who, search.as_deref(), limit, offset).await?;
        let rows = found
            .rows
            .into_iter()
            .map(|row| shown(&clinic, &call, row))
            .collect();
        window.page(&call, found.count, rows).map(Shown)
    }

    /// Make a profile
    ///
    /// The caller's own, if it is missing. Staff may name a new `username` and `email`, which makes
    /// that person's account too.
    #[oai(path = "/", method = "post", operation_id = "create_profile")]
    async fn create(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        body: Body<ProfileInput>,
    ) -> Answer<Created<Profile>> {
        let made = profiles::create(&clinic, &call.who, body.parts()).await?;
        let location = call.url(&format!("/api/user/profiles/{}/", made.profile.id));
        Ok(Created {
            value: shown(&clinic, &call, made),
            location,
            version: None,
        })
    }

    /// Show the caller's profile
    #[oai(path = "/me/", method = "get", operation_id = "my_profile")]
    async fn mine(&self, clinic: Data<&Clinic>, call: Data<&Call>) -> Answer<Shown<Profile>> {
        let profile = profiles::mine(&clinic, &call.who).await?;
        Ok(Shown(shown(&clinic, &call, profile)))
    }

    /// Show a profile
    #[oai(path = "/:id/", method = "get", operation_id = "get_profile")]
    async fn get(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Shown<Profile>> {
        let profile = profiles::show(&clinic, &call.who, *id).await?;
        Ok(Shown(shown(&clinic, &call, profile)))
    }

    /// Change a profile
    ///
    /// No field is required. One's own new e-mail is taken only after a code sent to it.
    #[oai(path = "/:id/", method = "put", operation_id = "replace_profile")]
    async fn replace(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<ProfileInput>,
    ) -> Answer<Shown<Profile>> {
        let profile = profiles::change(&clinic, &call.who, *id, body.parts()).await?;
        Ok(Shown(shown(&clinic, &call, profile)))
    }

    /// Change some fields of a profile
    #[oai(path = "/:id/", method = "patch", operation_id = "change_profile")]
    async fn change(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
        body: Body<ProfileInput>,
    ) -> Answer<Shown<Profile>> {
        let profile = profiles::change(&clinic, &call.who, *id, body.parts()).await?;
        Ok(Shown(shown(&clinic, &call, profile)))
    }

    /// Remove a profile
    ///
    /// The account stays.
    #[oai(path = "/:id/", method = "delete", operation_id = "delete_profile")]
    async fn delete(
        &self,
        clinic: Data<&Clinic>,
        call: Data<&Call>,
        id: Path<i64>,
    ) -> Answer<Gone> {
        profiles::delete(&clinic, &call.who, *id).await?;
        Ok(Gone)
    }
}

fn shown(clinic: &Clinic, call: &Call, row: ProfileOfAccount) -> Profile {
    let profile = row.profile;
    Profile {
        id: profile.id,
        user: User {
            id: profile.account_id,
            username: row.username,
            email: row.email,
            first_name: row.first_name,
            last_name: row.last_name,
            is_staff: row.role.0.is_staff(),
            is_active: row.is_active,
            date_joined: row.date_joined,
        },
        bio: profile.bio,
        address: profile.address,
        date_of_birth: profile.date_of_birth,
        profile_picture: profile.picture.map(|key| picture_url(clinic, call, &key)),
        created_at: profile.created_at,
        updated_at: profile.updated_at,
    }
}
