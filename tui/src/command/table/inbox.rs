//! Commands of the inbox: its parts, what is done about a contact request, and the forms for that.

use clinic_shared::desk::contacts::Show;

use super::{EVERYWHERE, moved};
use crate::command::{Command, Scope, available};
use crate::screens::contacts::acts::{self, Act};
use crate::screens::{anywhere, contacts, letter, patient_form, staff};

pub(super) static COMMANDS: &[Command] = &[
    Command {
        name: "contacts.new",
        title: "New ones",
        doc: "Shows what nobody has taken yet.",
        keys: &["1"],
        run: |model| contacts::view(model, Show::New),
        ..CONTACTS
    },
    Command {
        name: "contacts.mine",
        title: "My own",
        doc: "Shows what is yours and not done.",
        keys: &["2"],
        run: |model| contacts::view(model, Show::Mine),
        ..CONTACTS
    },
    Command {
        name: "contacts.all",
        title: "All of them",
        doc: "Shows all of them, done or not.",
        keys: &["3"],
        run: |model| contacts::view(model, Show::All),
        ..CONTACTS
    },
    // What is done about one
    Command {
        name: "inbox.answer",
        title: "Answer",
        doc: "Answers by mail; who left no e-mail address is called: it shows the phone.",
        keys: &["a"],
        footer: 2,
        label: acts::answer_label,
        available: |model| acts::may(model, Act::Answer),
        run: |model| acts::act(model, Act::Answer),
        ..INBOX
    },
    Command {
        name: "inbox.take",
        title: "Take",
        doc: "Makes it yours: you see to it.",
        keys: &["m"],
        footer: 3,
        available: |model| acts::may(model, Act::Take),
        run: |model| acts::act(model, Act::Take),
        ..INBOX
    },
    Command {
        name: "inbox.give",
        title: "Give",
        doc: "Gives it to somebody at the desk, or to nobody.",
        keys: &["t"],
        available: |model| acts::may(model, Act::Give),
        run: |model| acts::act(model, Act::Give),
        ..INBOX
    },
    Command {
        name: "inbox.note",
        title: "Note",
        doc: "Notes something for the desk; whoever wrote never sees it.",
        keys: &["n"],
        available: |model| acts::may(model, Act::Note),
        run: |model| acts::act(model, Act::Note),
        ..INBOX
    },
    Command {
        name: "inbox.resolve",
        title: "Resolve",
        doc: "Says that nothing else is to do.",
        keys: &["r"],
        footer: 5,
        available: |model| acts::may(model, Act::Resolve),
        run: |model| acts::act(model, Act::Resolve),
        ..INBOX
    },
    Command {
        name: "inbox.spam",
        title: "Spam",
        doc: "Marks it as not meant for the clinic.",
        keys: &["x"],
        available: |model| acts::may(model, Act::Spam),
        run: |model| acts::act(model, Act::Spam),
        ..INBOX
    },
    Command {
        name: "inbox.reopen",
        title: "Reopen",
        doc: "Opens again what was resolved, or marked as spam.",
        keys: &["o"],
        available: |model| acts::may(model, Act::Reopen),
        run: |model| acts::act(model, Act::Reopen),
        ..INBOX
    },
    Command {
        name: "inbox.patient",
        title: "Make a patient",
        doc: "Registers who wrote, or finds their record, and links it.",
        keys: &["p"],
        available: |model| acts::may(model, Act::Patient),
        run: |model| acts::act(model, Act::Patient),
        ..INBOX
    },
    Command {
        name: "inbox.book",
        title: "Book for them",
        doc: "Books an appointment for who wrote, and links it.",
        keys: &["b"],
        footer: 4,
        label: |_| Some("Book"),
        available: anywhere::can_book,
        run: anywhere::book,
        ..INBOX
    },
    // A patient's record over the form that makes a patient
    Command {
        name: "record.link",
        title: "It is them",
        doc: "Links the contact request to this record, instead of registering who wrote.",
        keys: &["t"],
        footer: 5,
        available: patient_form::can_link,
        run: patient_form::link_open,
        ..PATIENT
    },
    // An answer or a note
    Command {
        name: "letter.send",
        title: "Send",
        doc: "Mails the answer, or keeps the note.",
        keys: &["ctrl-s"],
        footer: 1,
        label: letter::send_label,
        available: acts::can_send,
        run: letter::send,
        ..LETTER
    },
    Command {
        name: "letter.leave",
        title: "Back",
        doc: "Closes the form; asks first if something would be lost. While it is sent, waits no longer.",
        keys: &["esc"],
        footer: 2,
        run: letter::leave,
        ..LETTER
    },
    Command {
        name: "letter.resolve",
        title: "Resolve too",
        doc: "Says that nothing else is to do once it is answered, or takes that back.",
        keys: &["tab"],
        footer: 3,
        available: letter::is_answer,
        run: letter::toggle,
        ..LETTER
    },
    Command {
        name: "letter.break",
        title: "New line",
        doc: "Begins a new line.",
        keys: &["enter"],
        is_motion: true,
        run: |model| letter::edit(model, tui_input::InputRequest::InsertChar('\n')),
        ..LETTER
    },
    Command {
        name: "letter.down",
        title: "Down",
        doc: "Goes a line down.",
        keys: &["down", "ctrl-n", "alt-j"],
        is_motion: true,
        run: |model| moved(model, |model| letter::step(model, 1)),
        ..LETTER
    },
    Command {
        name: "letter.up",
        title: "Up",
        doc: "Goes a line up.",
        keys: &["up", "alt-k"],
        is_motion: true,
        run: |model| moved(model, |model| letter::step(model, -1)),
        ..LETTER
    },
    // Who sees to it
    Command {
        name: "staff.give",
        title: "Give",
        doc: "Gives it to the selected one.",
        keys: &["enter"],
        footer: 1,
        available: available::has_colleague,
        run: staff::enter,
        ..STAFF
    },
    Command {
        name: "staff.down",
        title: "Down",
        doc: "Selects the next one.",
        keys: &["down", "ctrl-n", "alt-j"],
        is_motion: true,
        run: |model| moved(model, |model| staff::step(model, 1)),
        ..STAFF
    },
    Command {
        name: "staff.up",
        title: "Up",
        doc: "Selects the one before.",
        keys: &["up", "alt-k"],
        is_motion: true,
        run: |model| moved(model, |model| staff::step(model, -1)),
        ..STAFF
    },
    Command {
        name: "staff.close",
        title: "Back",
        doc: "Closes the list; nothing happens.",
        keys: &["esc"],
        footer: 2,
        run: staff::close,
        ..STAFF
    },
];

const CONTACTS: Command = Command {
    scope: Scope::Contacts,
    ..EVERYWHERE
};
const INBOX: Command = Command {
    scope: Scope::Inbox,
    ..EVERYWHERE
};
const PATIENT: Command = Command {
    scope: Scope::Patient,
    ..EVERYWHERE
};
const LETTER: Command = Command {
    scope: Scope::Letter,
    ..EVERYWHERE
};
const STAFF: Command = Command {
    scope: Scope::Staff,
    ..EVERYWHERE
};
