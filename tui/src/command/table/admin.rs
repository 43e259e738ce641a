//! Commands of what an admin decides, and of the audit.

use super::EVERYWHERE;
use crate::app::Model;
use crate::command::{Availability, Command, Scope, available};
use crate::effect::Part;
use crate::screens::users::act;
use crate::screens::{audit, decisions, filter};

fn can_decide(model: &Model) -> Availability {
    match act::is_admin(model) {
        Availability::Ok => available::can_go(model),
        Availability::Disabled(_) => Availability::Disabled("Only an admin decides that.".into()),
    }
}

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "go.decisions",
        title: "Go to decisions",
        doc: "Shows doctors' applications and qualifications, with certificates, to verify, accept or reject.",
        also: "applications applicants verify approve refuse",
        keys: &["g v"],
        available: can_decide,
        run: |model| decisions::go(model, Part::Applications),
        ..EVERYWHERE
    },
    Command {
        name: "go.bugs",
        title: "Go to bugs",
        doc: "Shows what people say is wrong with the program. For admins.",
        also: "reports errors faults",
        keys: &["g b"],
        available: can_decide,
        run: |model| decisions::go(model, Part::BugReports),
        ..EVERYWHERE
    },
    Command {
        name: "go.audit",
        title: "Go to the audit",
        doc: "Shows who did or read what, newest first. For admins.",
        also: "log journal history who read",
        keys: &["g j"],
        available: audit::can_go,
        run: audit::go,
        ..EVERYWHERE
    },
    // The three parts
    Command {
        name: "decisions.applications",
        title: "Applications",
        doc: "Shows who wants to be a doctor.",
        keys: &["1"],
        run: |model| decisions::go(model, Part::Applications),
        ..DECISIONS
    },
    Command {
        name: "decisions.qualifications",
        title: "Qualifications",
        doc: "Shows what doctors have learnt, with their certificates.",
        keys: &["2"],
        run: |model| decisions::go(model, Part::Qualifications),
        ..DECISIONS
    },
    Command {
        name: "decisions.bugs",
        title: "Bug reports",
        doc: "Shows what people say is wrong with the program.",
        keys: &["3"],
        run: |model| decisions::go(model, Part::BugReports),
        ..DECISIONS
    },
    Command {
        name: "decisions.filter",
        title: "Filter",
        doc: "Shows what was accepted; again, what was rejected; at last all of it.",
        keys: &["f"],
        footer: 5,
        run: |model| filter::turn(model, true),
        ..DECISIONS
    },
    Command {
        name: "decisions.filter_back",
        title: "Filter back",
        doc: "Goes back to the filter before.",
        keys: &["F"],
        run: |model| filter::turn(model, false),
        ..DECISIONS
    },
    // What is decided
    Command {
        name: "ruling.accept",
        title: "Accept",
        doc: "Accepts the application, the qualification or the report; asks first.",
        keys: &["a"],
        footer: 2,
        available: decisions::may,
        run: decisions::ask_accept,
        ..RULING
    },
    Command {
        name: "ruling.reject",
        title: "Reject",
        doc: "Rejects it; asks why.",
        keys: &["x"],
        footer: 3,
        available: decisions::may,
        run: decisions::ask_reject,
        ..RULING
    },
    // The audit
    Command {
        name: "audit.which",
        title: "Which rows",
        doc: "Asks for what somebody did, for one action, for some days.",
        keys: &["/"],
        footer: 2,
        run: audit::ask_which,
        ..AUDIT
    },
    Command {
        name: "audit.account",
        title: "Only theirs",
        doc: "Shows only what the person of the selected row did.",
        keys: &["t"],
        footer: 3,
        short: "Theirs",
        available: audit::has_account,
        run: audit::only_account,
        ..AUDIT
    },
    Command {
        name: "audit.patient",
        title: "Only this patient",
        doc: "Shows only what was done to the record of the patient in the selected row.",
        keys: &["p"],
        footer: 4,
        short: "Patient",
        available: audit::has_patient,
        run: audit::only_patient,
        ..AUDIT
    },
    Command {
        name: "audit.filter",
        title: "Filter",
        doc: "Shows changes only; again, what was read; again, who came in; at last all of it.",
        keys: &["f"],
        footer: 5,
        run: |model| filter::turn(model, true),
        ..AUDIT
    },
    Command {
        name: "audit.filter_back",
        title: "Filter back",
        doc: "Goes back to the filter before.",
        keys: &["F"],
        run: |model| filter::turn(model, false),
        ..AUDIT
    },
    Command {
        name: "audit_row.patient",
        title: "Patient",
        doc: "Opens the record of the patient the row is about.",
        keys: &["enter", "o"],
        footer: 2,
        available: audit::has_patient,
        run: audit::open_patient,
        ..AUDIT_ROW
    },
    Command {
        name: "record.audit",
        title: "Audit of it",
        doc: "Shows who read or changed this patient's record. For admins.",
        available: audit::can_go,
        run: audit::of_patient,
        scope: Scope::Patient,
        ..EVERYWHERE
    },
];

const DECISIONS: Command = Command {
    scope: Scope::Decisions,
    ..EVERYWHERE
};
const RULING: Command = Command {
    scope: Scope::Ruling,
    ..EVERYWHERE
};
const AUDIT: Command = Command {
    scope: Scope::Audit,
    ..EVERYWHERE
};
const AUDIT_ROW: Command = Command {
    scope: Scope::AuditRow,
    ..EVERYWHERE
};
