//! The fields of the form: what each holds, checks and sends.

use chrono::NaiveDate;
use clinic_shared::desk::patients::{Gender, Patient};
use tui_input::{Input, InputRequest};

use crate::ahead::Ahead;
use crate::dates::{self, Format};

/// Which field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    FullName,
    BirthDate,
    Gender,
    Phone,
    Email,
    Address,
    BloodGroup,
    Note,
}

impl Kind {
    /// In the order of the form.
    pub(crate) const ALL: [Kind; 8] = [
        Kind::FullName,
        Kind::BirthDate,
        Kind::Gender,
        Kind::Phone,
        Kind::Email,
        Kind::Address,
        Kind::BloodGroup,
        Kind::Note,
    ];

    /// Its name for a person.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Kind::FullName => "Full name",
            Kind::BirthDate => "Birth date",
            Kind::Gender => "Gender",
            Kind::Phone => "Phone",
            Kind::Email => "E-mail",
            Kind::Address => "Address",
            Kind::BloodGroup => "Blood group",
            Kind::Note => "Note",
        }
    }

    /// Its name on the wire.
    pub(crate) const fn wire(self) -> &'static str {
        match self {
            Kind::FullName => "full_name",
            Kind::BirthDate => "birth_date",
            Kind::Gender => "gender",
            Kind::Phone => "phone",
            Kind::Email => "email",
            Kind::Address => "address",
            Kind::BloodGroup => "blood_group",
            Kind::Note => "note",
        }
    }

    /// What could stand in it.
    pub(crate) const fn placeholder(self) -> &'static str {
        match self {
            Kind::FullName => "required",
            Kind::BirthDate => "e.g. 31.12.1990",
            Kind::Gender => "m, f or o",
            Kind::BloodGroup => "A+ A- B+ B- AB+ AB- O+ O-",
            _ => "",
        }
    }

    /// How many characters the server takes (the wire types say so).
    const fn longest(self) -> usize {
        match self {
            Kind::FullName => 255,
            Kind::BirthDate | Kind::Gender | Kind::Phone => 32,
            Kind::Email => 254,
            Kind::Address => 1000,
            Kind::BloodGroup => 5,
            Kind::Note => 5000,
        }
    }

    /// Whether it holds several lines.
    pub(crate) const fn has_breaks(self) -> bool {
        matches!(self, Kind::Address | Kind::Note)
    }

    /// Whether it helps to recognise a person.
    pub(crate) const fn tells_people_apart(self) -> bool {
        matches!(
            self,
            Kind::FullName | Kind::BirthDate | Kind::Phone | Kind::Email
        )
    }
}

/// A change that somebody else made while the form was open.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Elsewhere {
    /// The field was changed here too, and keeps what was typed. They made it this.
    Contested(String),
    /// The field was left alone here and now shows theirs. It was this.
    Adopted(String),
}

/// A field of the form.
#[derive(Debug)]
pub(crate) struct FormField {
    pub(crate) kind: Kind,
    pub(crate) input: Input,
    /// What was there when the form was opened, or last merged.
    pub(crate) base: String,
    /// What is wrong with what was typed.
    pub(crate) fault: Option<String>,
    /// What the server said about it.
    pub(crate) refusal: Option<String>,
    /// What somebody else made of it while the form was open.
    pub(crate) elsewhere: Option<Elsewhere>,
    /// What was typed last chose nothing of what can be chosen.
    pub(crate) chose_nothing: bool,
    /// What is typed to choose.
    ahead: Ahead,
}

impl FormField {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            input: Input::default(),
            base: String::new(),
            fault: None,
            refusal: None,
            elsewhere: None,
            chose_nothing: false,
            ahead: Ahead::default(),
        }
    }

    /// Fills in what the record holds: no change yet.
    pub(crate) fn begin_with(&mut self, text: String) {
        self.input = Input::new(text.clone());
        self.base = text;
        self.fault = None;
        self.refusal = None;
    }

    /// Takes over what the record holds by now, unless something else was typed here; remembers
    /// what became of it.
    pub(crate) fn merge(&mut self, theirs: String) {
        if theirs == self.base {
            return;
        }
        if self.is_changed() && self.trimmed() != theirs.trim() {
            self.base.clone_from(&theirs);
            self.elsewhere = Some(Elsewhere::Contested(theirs));
        } else {
            let before = std::mem::take(&mut self.base);
            self.begin_with(theirs);
            self.elsewhere = Some(Elsewhere::Adopted(before));
        }
    }

    /// Fills in what the person typed elsewhere: a change.
    pub(crate) fn type_in(&mut self, text: String) {
        self.input = Input::new(text);
    }

    /// What is typed.
    pub(crate) fn value(&self) -> &str {
        self.input.value()
    }

    /// What is sent: without spaces around it.
    pub(crate) fn trimmed(&self) -> &str {
        self.value().trim()
    }

    /// Whether nothing is typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.trimmed().is_empty()
    }

    /// Whether something else stands in it than at the beginning.
    pub(crate) fn is_changed(&self) -> bool {
        self.trimmed() != self.base.trim()
    }

    /// What is wrong, the server's word first.
    pub(crate) fn complaint(&self) -> Option<&str> {
        self.refusal.as_deref().or(self.fault.as_deref())
    }

    /// Changes the text.
    pub(crate) fn edit(&mut self, request: InputRequest) {
        if self.kind == Kind::Gender {
            self.choose(request);
            return;
        }
        self.input.handle(request);
        self.normalise();
    }

    /// Types a text at the cursor, all of it: what is too long is a fault, not cut.
    pub(crate) fn insert(&mut self, text: &str) {
        if self.kind == Kind::Gender {
            if let Some(letter) = text.trim_start().chars().next() {
                self.choose(InputRequest::InsertChar(letter));
            }
            return;
        }
        let cursor = self.input.cursor();
        let value = self.value();
        let joined: String = value
            .chars()
            .take(cursor)
            .chain(text.chars())
            .chain(value.chars().skip(cursor))
            .collect();
        self.input = Input::new(joined).with_cursor(cursor + text.chars().count());
        self.normalise();
    }

    /// Writes a blood group as the clinic does: upper case, the letter O, a plain minus.
    fn normalise(&mut self) {
        if self.kind != Kind::BloodGroup {
            return;
        }
        let written: String = self
            .value()
            .chars()
            .map(|c| match c {
                '0' => 'O',
                '\u{2212}' | '\u{2013}' => '-',
                c => c.to_ascii_uppercase(),
            })
            .collect();
        if written != self.value() {
            self.input = Input::new(written).with_cursor(self.input.cursor());
        }
    }

    /// The gender is chosen, not typed: by its first letter, or one after the other.
    fn choose(&mut self, request: InputRequest) {
        self.chose_nothing = false;
        let now = Gender::ALL
            .iter()
            .position(|gender| gender.as_str() == self.value());
        let chosen = match request {
            InputRequest::InsertChar(' ') if self.ahead.is_in_a_word() => {
                // No word of these has a space.
                self.ahead.clear();
                return;
            }
            InputRequest::InsertChar(' ') | InputRequest::GoToNextChar => {
                Gender::ALL.get(now.map_or(0, |at| at + 1))
            }
            InputRequest::GoToPrevChar => {
                let before = now.map_or(Some(Gender::ALL.len() - 1), |at| at.checked_sub(1));
                before.and_then(|at| Gender::ALL.get(at))
            }
            InputRequest::InsertChar(letter) => {
                let words = Gender::ALL.iter().map(|gender| gender.as_str());
                let Some(at) = self.ahead.press(letter, words, now) else {
                    self.chose_nothing = true;
                    return;
                };
                Gender::ALL.get(at)
            }
            InputRequest::DeletePrevChar
            | InputRequest::DeleteNextChar
            | InputRequest::DeletePrevWord
            | InputRequest::DeleteLine => None,
            _ => return,
        };
        if !matches!(request, InputRequest::InsertChar(letter) if letter != ' ') {
            self.ahead.clear();
        }
        self.input = Input::new(chosen.map_or_else(String::new, |gender| gender.to_string()));
    }

    /// Says what is wrong as far as that is sure while typing goes on.
    pub(crate) fn check(&mut self, today: NaiveDate) {
        self.fault = self.fault_while_typing(today);
    }

    fn fault_while_typing(&self, today: NaiveDate) -> Option<String> {
        let text = self.trimmed();
        // What the record held already is not the fault of whoever corrects something else.
        if text.is_empty() || !self.is_changed() {
            return None;
        }
        if let Some(fault) = self.too_long() {
            return Some(fault);
        }
        match self.kind {
            Kind::BirthDate => match dates::birth_date(text, today) {
                Ok(_) | Err(dates::DateError::Unreadable) => None,
                Err(error) => Some(error.to_string()),
            },
            Kind::BloodGroup if !BLOOD_GROUPS.iter().any(|group| group.starts_with(text)) => {
                Some(NO_BLOOD_GROUP.to_owned())
            }
            Kind::Phone if !text.chars().all(is_of_phones) => {
                Some("A phone number has digits, spaces, + - ( ) / . only.".to_owned())
            }
            _ => None,
        }
    }

    fn too_long(&self) -> Option<String> {
        let (longest, length) = (self.kind.longest(), self.trimmed().chars().count());
        (length > longest).then(|| format!("At most {longest} characters; these are {length}."))
    }

    /// Says what is wrong now that typing is over.
    pub(crate) fn leave(&mut self, today: NaiveDate) {
        self.chose_nothing = false;
        self.fault = self.fault_at_end(today);
    }

    fn fault_at_end(&self, today: NaiveDate) -> Option<String> {
        let text = self.trimmed();
        if let Some(fault) = self.fault_while_typing(today) {
            return Some(fault);
        }
        match self.kind {
            Kind::BloodGroup
                if !text.is_empty() && self.is_changed() && !BLOOD_GROUPS.contains(&text) =>
            {
                Some(NO_BLOOD_GROUP.to_owned())
            }
            Kind::FullName if text.is_empty() => Some("A name is needed.".to_owned()),
            Kind::BirthDate if !text.is_empty() => dates::birth_date(text, today)
                .err()
                .map(|error| error.to_string()),
            Kind::Email if !text.is_empty() && !looks_like_email(text) => {
                Some("An e-mail address looks like name@example.org.".to_owned())
            }
            Kind::Phone if !text.is_empty() && !text.chars().any(|c| c.is_ascii_digit()) => {
                Some("A phone number has digits.".to_owned())
            }
            _ => None,
        }
    }

    /// The birth date that is typed, if it is one.
    pub(crate) fn date(&self, today: NaiveDate) -> Option<NaiveDate> {
        dates::birth_date(self.trimmed(), today).ok()
    }
}

/// The groups there are, as they are written.
const BLOOD_GROUPS: [&str; 8] = ["A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-"];

const NO_BLOOD_GROUP: &str = "A blood group is A+, A-, B+, B-, AB+, AB-, O+ or O-.";

fn is_of_phones(c: char) -> bool {
    c.is_ascii_digit() || " +-()/.".contains(c)
}

fn looks_like_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    !name.is_empty()
        && !host.contains('@')
        && !text.contains(char::is_whitespace)
        && host.split('.').all(|part| !part.is_empty())
}

/// What a record holds in a field, as the form writes it.
pub(crate) fn text_of(kind: Kind, patient: &Patient, dates: Format) -> String {
    match kind {
        Kind::FullName => patient.full_name.clone(),
        Kind::BirthDate => dates.known(patient.birth_date),
        Kind::Gender => patient
            .gender
            .map(|gender| gender.to_string())
            .unwrap_or_default(),
        Kind::Phone => patient.phone.clone().unwrap_or_default(),
        Kind::Email => patient.email.clone().unwrap_or_default(),
        Kind::Address => patient.address.clone().unwrap_or_default(),
        Kind::BloodGroup => patient.blood_group.clone().unwrap_or_default(),
        Kind::Note => patient.note.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gender_is_chosen_by_letter_or_in_turn_and_can_be_taken_back() {
        let mut field = FormField::new(Kind::Gender);
        field.edit(InputRequest::InsertChar('F'));
        assert_eq!(field.value(), "female");
        field.edit(InputRequest::InsertChar('x'));
        assert_eq!((field.value(), field.chose_nothing), ("female", true));
        field.edit(InputRequest::GoToNextChar);
        assert!(!field.chose_nothing);
        assert_eq!(field.value(), "other");
        field.edit(InputRequest::GoToNextChar);
        assert_eq!(field.value(), "");
        field.edit(InputRequest::GoToPrevChar);
        assert_eq!(field.value(), "other");
        field.edit(InputRequest::DeletePrevChar);
        assert_eq!(field.value(), "");
    }

    #[test]
    fn an_unfinished_date_is_no_fault_until_the_field_is_left() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let mut field = FormField::new(Kind::BirthDate);
        field.type_in("31.1".to_owned());
        field.check(today);
        assert_eq!(field.complaint(), None);
        field.leave(today);
        assert!(field.complaint().unwrap().contains("Not a date"));
    }

    #[test]
    fn what_is_too_long_is_said_and_not_cut() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let mut field = FormField::new(Kind::Phone);
        field.insert(&"1".repeat(33));
        field.check(today);
        assert_eq!(field.value().len(), 33);
        assert_eq!(
            field.complaint(),
            Some("At most 32 characters; these are 33.")
        );
        field.edit(InputRequest::DeletePrevChar);
        field.check(today);
        assert_eq!(field.complaint(), None);
    }

    #[test]
    fn a_blood_group_is_written_one_way_and_nothing_else_passes() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        for (typed, written) in [
            ("ab+", "AB+"),
            ("0-", "O-"),
            ("o+", "O+"),
            ("b\u{2212}", "B-"),
        ] {
            let mut field = FormField::new(Kind::BloodGroup);
            for c in typed.chars() {
                field.edit(InputRequest::InsertChar(c));
                field.check(today);
                assert_eq!(field.complaint(), None, "{typed}");
            }
            field.leave(today);
            assert_eq!((field.value(), field.complaint()), (written, None));
        }
        for wrong in ["c", "A+ x", "A++", "rh"] {
            let mut field = FormField::new(Kind::BloodGroup);
            field.insert(wrong);
            field.check(today);
            assert_eq!(field.complaint(), Some(NO_BLOOD_GROUP), "{wrong}");
        }
        let mut half = FormField::new(Kind::BloodGroup);
        half.insert("ab");
        half.leave(today);
        assert_eq!(half.complaint(), Some(NO_BLOOD_GROUP));
    }

    #[test]
    fn what_a_record_held_already_is_no_fault() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let mut field = FormField::new(Kind::Phone);
        field.begin_with("030 12 ext. 4".to_owned());
        field.leave(today);
        assert_eq!(field.complaint(), None);
        field.edit(InputRequest::InsertChar('5'));
        field.check(today);
        assert!(field.complaint().is_some());
    }

    #[test]
    fn only_addresses_pass_as_addresses() {
        for good in ["a@b", "ada.l@example.org", "a+b@x.y.z"] {
            assert!(looks_like_email(good), "{good}");
        }
        for bad in ["ada", "@b", "a@", "a@b@c", "a b@c", "a@b..c"] {
            assert!(!looks_like_email(bad), "{bad}");
        }
    }
}
