//! What admins decide, and the audit: questions, and what is decided.

use chrono::{DateTime, Utc};
use clinic_shared::Page;
use clinic_shared::client::{AuditQuery, Client, DecisionQuery, Error, Tagged, etag};
use clinic_shared::desk::audit;
use clinic_shared::desk::decisions::{
    Acceptance, Application, BugReport, Qualification, Rejection,
};
use clinic_shared::v1::qualifications::Decision;

use super::Reply;

/// Which of what an admin decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// Who wants to be a doctor.
    #[default]
    Applications,
    /// What doctors have learnt.
    Qualifications,
    /// What is wrong with the program.
    BugReports,
}

/// One of them.
#[derive(Clone, PartialEq, Eq)]
pub enum Matter {
    /// Somebody wants to be a doctor.
    Application(Application),
    /// A doctor has learnt something.
    Qualification(Qualification),
    /// Something is wrong with the program.
    BugReport(BugReport),
}

// They name people: they stay out of logs and panics.
impl std::fmt::Debug for Matter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.part(), self.id())
    }
}

impl Matter {
    /// Of which part it is.
    pub const fn part(&self) -> Part {
        match self {
            Matter::Application(_) => Part::Applications,
            Matter::Qualification(_) => Part::Qualifications,
            Matter::BugReport(_) => Part::BugReports,
        }
    }

    /// Its id among those of its part.
    pub const fn id(&self) -> i64 {
        match self {
            Matter::Application(one) => one.id,
            Matter::Qualification(one) => one.id,
            Matter::BugReport(one) => one.id,
        }
    }

    /// The version that is known.
    pub const fn version(&self) -> i64 {
        match self {
            Matter::Application(one) => one.version,
            Matter::Qualification(one) => one.version,
            Matter::BugReport(one) => one.version,
        }
    }

    /// What became of it.
    pub const fn status(&self) -> Decision {
        match self {
            Matter::Application(one) => one.status,
            Matter::Qualification(one) => one.status,
            Matter::BugReport(one) => one.status,
        }
    }

    /// When it came.
    pub const fn created_at(&self) -> DateTime<Utc> {
        match self {
            Matter::Application(one) => one.created_at,
            Matter::Qualification(one) => one.created_at,
            Matter::BugReport(one) => one.created_at,
        }
    }

    /// Who handed it in, as far as that is known.
    pub fn who(&self) -> &str {
        match self {
            Matter::Application(one) => &one.full_name,
            Matter::Qualification(one) => &one.full_name,
            Matter::BugReport(one) => one.email.as_deref().unwrap_or("somebody"),
        }
    }
}

/// What an admin decides about one of them. The version in it is the one that was on the screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Of which part it is.
    pub part: Part,
    /// Its id there.
    pub id: i64,
    /// The version the decision is about.
    pub version: i64,
    /// Why not; none: it is accepted.
    pub reject: Option<String>,
}

/// A question of an admin: the server is left as it was.
#[derive(Clone, PartialEq, Eq)]
pub enum AdminCall {
    /// A page of what is to be decided.
    Matters(Part, DecisionQuery),
    /// One of it.
    Matter(Part, i64),
    /// A page of the audit.
    Audit(Box<AuditQuery>),
}

/// What it was answered.
#[derive(Debug, Clone, PartialEq)]
pub enum AdminReply {
    /// What is to be decided, newest first: the rows, how many there are, and where the next page
    /// begins.
    Matters(Vec<Matter>, i64, Option<String>),
    /// One of it, also as it is after the decision.
    Matter(Box<Tagged<Matter>>),
    /// A page of the audit, newest first.
    Audit(Box<audit::Page>),
}

impl From<AdminReply> for Reply {
    fn from(reply: AdminReply) -> Self {
        Reply::Admin(reply)
    }
}

impl AdminCall {
    /// Its name, for the log.
    pub const fn name(&self) -> &'static str {
        match self {
            AdminCall::Matters(Part::Applications, _) => "list applications",
            AdminCall::Matters(Part::Qualifications, _) => "list qualifications",
            AdminCall::Matters(Part::BugReports, _) => "list bug reports",
            AdminCall::Matter(Part::Applications, _) => "read an application",
            AdminCall::Matter(Part::Qualifications, _) => "read a qualification",
            AdminCall::Matter(Part::BugReports, _) => "read a bug report",
            AdminCall::Audit(_) => "read the audit",
        }
    }

    /// Asks it.
    pub(super) async fn run(self, client: &Client) -> Result<Reply, Error> {
        let reply = match self {
            AdminCall::Matters(Part::Applications, query) => {
                rows(client.applications(&query).await?, Matter::Application)
            }
            AdminCall::Matters(Part::Qualifications, query) => rows(
                client.desk_qualifications(&query).await?,
                Matter::Qualification,
            ),
            AdminCall::Matters(Part::BugReports, query) => {
                rows(client.bug_reports(&query).await?, Matter::BugReport)
            }
            AdminCall::Matter(Part::Applications, id) => {
                one(client.application(id).await?, Matter::Application)
            }
            AdminCall::Matter(Part::Qualifications, id) => {
                one(client.desk_qualification(id).await?, Matter::Qualification)
            }
            AdminCall::Matter(Part::BugReports, id) => {
                one(client.bug_report(id).await?, Matter::BugReport)
            }
            AdminCall::Audit(query) => AdminReply::Audit(Box::new(client.audit(&query).await?)),
        };
        Ok(reply.into())
    }
}

impl Ruling {
    /// Its name, for the log.
    pub const fn name(&self) -> &'static str {
        match (self.part, &self.reject) {
            (Part::Applications, None) => "accept an application",
            (Part::Applications, Some(_)) => "reject an application",
            (Part::Qualifications, None) => "accept a qualification",
            (Part::Qualifications, Some(_)) => "reject a qualification",
            (Part::BugReports, None) => "accept a bug report",
            (Part::BugReports, Some(_)) => "reject a bug report",
        }
    }

    /// Has it decided.
    pub(super) async fn run(self, client: &Client) -> Result<Reply, Error> {
        let etag = etag(self.version);
        let (id, etag) = (self.id, Some(etag.as_str()));
        let why = |reason| Rejection {
            reason: Some(reason),
        };
        let reply = match (self.part, self.reject) {
            (Part::Applications, None) => {
                let body = Acceptance::default();
                let done = client.accept_application(id, &body, etag).await?;
                one(done, Matter::Application)
            }
            (Part::Applications, Some(reason)) => {
                let done = client.reject_application(id, &why(reason), etag).await?;
                one(done, Matter::Application)
            }
            (Part::Qualifications, None) => {
                let done = client.accept_qualification(id, etag).await?;
                one(done, Matter::Qualification)
            }
            (Part::Qualifications, Some(reason)) => {
                let done = client.reject_qualification(id, &why(reason), etag).await?;
                one(done, Matter::Qualification)
            }
            (Part::BugReports, None) => {
                one(client.accept_bug_report(id, etag).await?, Matter::BugReport)
            }
            (Part::BugReports, Some(reason)) => {
                let done = client.reject_bug_report(id, &why(reason), etag).await?;
                one(done, Matter::BugReport)
            }
        };
        Ok(reply.into())
    }
}

fn rows<T: clinic_shared::WireType>(page: Page<T>, as_matter: fn(T) -> Matter) -> AdminReply {
    let rows = page.results.into_iter().map(as_matter).collect();
    AdminReply::Matters(rows, page.count, page.next)
}

fn one<T>(tagged: Tagged<T>, as_matter: fn(T) -> Matter) -> AdminReply {
    AdminReply::Matter(Box::new(Tagged {
        value: as_matter(tagged.value),
        etag: tagged.etag,
    }))
}
