//! `clinicd check`: configuration, database, schema, keys, mail, pictures, clock; each line says what
//! is so.

use clinic_server::config::{Config, Database, without_password};
use clinic_server::infra::{Clock, Ids, media::Media};
use clinic_server::store::{health, migrate, replica};

use clinic_server::infra::mail::{Mailer, Way};
use clinic_server::infra::redis::{Redis, Standing};

use super::media::whole;
use super::{Done, Failure, say};

/// Checks everything that a server needs to start, without changing the schema.
pub(super) async fn run(config: &Config) -> Done {
    say("settings   ok")?;
    if let Database::Sqlite(path) = &config.database
        && !path.exists()
    {
        return Err(Failure::Other(format!(
            "there is no database at {} yet; `clinicd migrate` or `clinicd serve` makes its schema",
            path.display()
        )));
    }
    let db = clinic_server::open_database(config)
        .await
        .map_err(clinic_server::StartError::from)?;
    if !health::answers(&db).await {
        return Err(Failure::Other(
            "the database opens but does not answer".to_owned(),
        ));
    }
    let place = match &config.database {
        Database::Sqlite(path) => path.display().to_string(),
        Database::Postgres(url) => without_password(url),
    };
    say(&format!("database   ok: {place}"))?;
    if let Some(url) = &config.replica {
        let place = without_password(url);
        // Nothing needs it: a server without it reads from the database itself.
        match replica::fault(&db).await {
            None => say(&format!("replica    ok: {place}"))?,
            Some(fault) => say(&format!("replica    not used: {fault}: {place}"))?,
        }
    }
    let status = migrate::status(&db)
        .await
        .map_err(clinic_server::clinic::Refusal::from)?;
    match status.pending.len() {
        0 => say(&format!(
            "schema     ok: {} of {}",
            status.applied, status.known
        ))?,
        _ => say(&format!(
            "schema     pending: {}; run `clinicd migrate`",
            status.pending.join(", ")
        ))?,
    }
    match &config.secret_key {
        Some(_) => say("key        ok: SECRET_KEY")?,
        None => say("key        ok: kept in the data directory")?,
    }
    mail(config).await?;
    pictures(config).await?;
    redis(config).await?;
    let now = Clock::system().now();
    say(&format!(
        "clock      {} UTC, {} in {}",
        now.format("%F %T"),
        now.with_timezone(&config.zone).format("%F %T"),
        config.zone
    ))?;
    db.close().await;
    if !status.pending.is_empty() {
        return Err(Failure::Other("the schema is not up to date".to_owned()));
    }
    Ok(())
}

/// Whether Redis answers; the server starts without it too.
async fn redis(config: &Config) -> Done {
    let Some(address) = &config.redis else {
        return Ok(());
    };
    let place = address.place();
    match Redis::start(Some(address)).await.standing() {
        Some(Standing::Answers) => say(&format!("redis      ok: {place}")),
        _ => say(&format!(
            "redis      away: {place}; servers work without it, each counting for itself"
        )),
    }
}

/// Whether mail could go now; nothing is sent.
async fn mail(config: &Config) -> Done {
    let place = match &config.mail {
        Way::Files(path) => format!("files in {}", path.display()),
        Way::Smtp(smtp) => format!("{}:{}", smtp.host, smtp.port),
    };
    let mailer = Mailer::new(
        &config.mail,
        config.mail_from.clone(),
        config.mail_reply_to.clone(),
    )
    .map_err(clinic_server::StartError::from)?;
    match mailer.check().await {
        Ok(()) => say(&format!("mail       ok: {place}")),
        Err(error) => Err(Failure::Other(format!("mail by {place}: {error}"))),
    }
}

/// Whether pictures can be stored, read and removed; what is tried is gone afterwards.
async fn pictures(config: &Config) -> Done {
    let place = &config.media;
    let fault = |error| Failure::Other(format!("pictures in {place}: {}", whole(&error)));
    let media = Media::open(place, Clock::system(), Ids::system()).map_err(fault)?;
    media.check().await.map_err(fault)?;
    say(&format!("pictures   ok: {place}"))
}
