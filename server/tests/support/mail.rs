//! The mails that a test server wrote.

use std::path::PathBuf;
use std::time::Duration;

use clinic_server::infra::mail::Way;

use super::server::TestServer;

/// A mail as it stands in its file.
#[derive(Debug, Clone)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// About what.
    pub subject: String,
    /// The whole file.
    pub raw: String,
}

impl Mail {
    /// The code on a line of its own.
    pub fn code(&self) -> String {
        let mut lines = self.raw.lines().map(str::trim);
        let code = lines.find(|line| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit()));
        code.unwrap_or_else(|| panic!("no code in {}", self.raw))
            .to_owned()
    }

    fn read(raw: String) -> Self {
        let header = |name: &str| {
            let line = raw.lines().find(|line| line.starts_with(name));
            line.unwrap_or_default()[name.len()..].trim().to_owned()
        };
        Mail {
            to: header("To:"),
            subject: header("Subject:"),
            raw,
        }
    }
}

impl TestServer {
    /// Where mails go.
    pub fn mail_dir(&self) -> PathBuf {
        match &self.config.mail {
            Way::Files(path) => path.clone(),
            Way::Smtp(_) => panic!("this server has no mail directory"),
        }
    }

    /// Every mail so far, oldest first, once all jobs that are due have been done.
    pub async fn mails(&self) -> Vec<Mail> {
        self.settle().await;
        let mut names: Vec<_> = std::fs::read_dir(self.mail_dir())
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
            .collect();
        names.sort();
        names
            .iter()
            .map(|path| Mail::read(std::fs::read_to_string(path).unwrap()))
            .collect()
    }

    /// Every mail to an address.
    pub async fn mails_to(&self, address: &str) -> Vec<Mail> {
        let mut mails = self.mails().await;
        mails.retain(|mail| mail.to == address);
        mails
    }

    /// The code in the newest mail to an address that has one.
    pub async fn code_to(&self, address: &str) -> String {
        let mails = self.mails_to(address).await;
        let with_code = |mail: &&Mail| {
            mail.subject.contains("code")
                || mail.subject.contains("Confirm")
                || mail.subject.contains("Your account")
        };
        mails
            .iter()
            .rfind(with_code)
            .unwrap_or_else(|| panic!("no code to {address}"))
            .code()
    }

    /// Waits until no job is due or being done.
    pub async fn settle(&self) {
        let clinic = &self.server.clinic;
        for _ in 0..2000 {
            clinic_server::clinic::jobs::run_due(clinic).await.unwrap();
            // A claim that is being made hides its job from run_due, and is not running yet. Asked in
            // the order in which jobs go, so that none slips from one list to the other unseen.
            let (now, mut rests) = (clinic.clock.now(), true);
            for status in ["waiting", "running"] {
                let rows = clinic_server::clinic::jobs::list(clinic, Some(status), 100).await;
                let mut rows = rows.unwrap().into_iter();
                rests &= !rows.any(|row| status == "running" || row.run_at <= now);
            }
            if rests {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("jobs do not come to an end");
    }
}
