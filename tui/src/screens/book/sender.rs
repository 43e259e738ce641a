//! Who wrote to the clinic, where a contact request leads to a booking: what they said stays in sight,
//! and who books for somebody else is asked whether that is meant.

use clinic_shared::desk::contacts::Contact;
use uuid::Uuid;

use super::{Book, Whom, confirm, top, top_mut};
use crate::app::Model;
use crate::effect::Effect;
use crate::layers::Layer;
use crate::screens::contacts;
use crate::screens::dialog::{Choice, Dialog};
use crate::text;

/// Fewer digits say nothing about whose phone it is.
const DIGITS: usize = 6;

/// Who wrote, and what.
#[derive(Debug)]
pub(crate) struct Sender {
    /// The contact request.
    pub(super) contact: i64,
    /// Its version as it was on the screen.
    pub(super) version: i64,
    pub(super) name: String,
    phone: String,
    email: String,
    message: String,
    /// The patient that it led to already, or who was said to be meant though somebody else wrote.
    meant: Option<Uuid>,
}

impl From<&Contact> for Sender {
    fn from(contact: &Contact) -> Self {
        Self {
            contact: contact.id,
            version: contact.version,
            name: contact.name.clone(),
            phone: contact.phone.clone(),
            email: contact.email.clone().unwrap_or_default(),
            message: contact.message.clone(),
            meant: contact.patient.as_ref().map(|person| person.id),
        }
    }
}

impl Sender {
    /// How they can be reached: phone and e-mail.
    pub(super) fn reached(&self) -> (String, String) {
        (self.phone.clone(), self.email.clone())
    }

    /// Who it is, and how what they wrote begins: as much as is seen in so many columns.
    pub(super) fn line(&self, columns: u16) -> String {
        // A message may be long: no more of it is looked at than can be seen.
        let seen = usize::from(columns) * 4 + 1;
        let message: String = self.message.chars().take(seen).collect();
        format!("{}: {}", self.name, text::line(&message))
    }

    /// Whether this is plainly somebody else than who wrote: no part of the names is the same, nor
    /// the phone, nor the e-mail address.
    fn is_other(&self, whom: &Whom) -> bool {
        let phone = whom.phone.as_deref().unwrap_or_default();
        let email = whom.email.as_deref().unwrap_or_default().trim();
        let is_same = share_a_word(&self.name, &whom.full_name)
            || is_same_phone(&self.phone, phone)
            || (!email.is_empty() && text::folded(email) == text::folded(self.email.trim()));
        !is_same
    }
}

/// Whether a part of the one name is a part of the other one.
fn share_a_word(one: &str, other: &str) -> bool {
    let other = text::words(other);
    text::words(one).iter().any(|word| other.contains(word))
}

/// Whether these are the same phone, with the country before it or without.
fn is_same_phone(one: &str, other: &str) -> bool {
    let digits = |phone: &str| {
        let digits = phone.chars().filter(char::is_ascii_digit);
        let digits: String = digits.collect();
        digits.trim_start_matches('0').to_owned()
    };
    let (one, other) = (digits(one), digits(other));
    let is_long = one.len().min(other.len()) >= DIGITS;
    is_long && (one.ends_with(&other) || other.ends_with(&one))
}

impl Book {
    /// Who wrote and for whom else it is, where that was not said to be meant.
    pub(super) fn others(&self) -> Option<(&Sender, &Whom)> {
        let (sender, whom) = (self.sender.as_ref()?, self.whom.as_ref()?);
        let is_meant = sender.meant == Some(whom.id);
        (!is_meant && sender.is_other(whom)).then_some((sender, whom))
    }
}

/// Asks whether it is for somebody else than who wrote; answers whether that has to be asked.
pub(super) fn ask(model: &mut Model) -> bool {
    let Some((sender, whom)) = top(model).and_then(Book::others) else {
        return false;
    };
    let text = format!(
        "{} wrote; you are booking for {}.",
        sender.name, whom.full_name
    );
    let choices = vec![
        Choice::keep("Do not book"),
        Choice::new("Book it", 'b', agree),
    ];
    let dialog = Dialog::new("Book for somebody else?", &text, choices);
    model.layers.push(Layer::Dialog(dialog));
    true
}

/// It is meant so: books.
fn agree(model: &mut Model) -> Vec<Effect> {
    if let Some(book) = top_mut(model) {
        let whom = book.whom.as_ref().map(|whom| whom.id);
        if let Some(sender) = &mut book.sender {
            sender.meant = whom;
        }
    }
    confirm::send(model)
}

/// The version of the contact request that is known by now.
pub(super) fn version(model: &Model) -> Option<i64> {
    let sender = top(model)?.sender.as_ref()?;
    let (id, was) = (sender.contact, sender.version);
    Some(contacts::acts::version(model, id, was))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender() -> Sender {
        Sender {
            contact: 1,
            version: 1,
            name: "Zoë Berg".to_owned(),
            phone: "+49 30 555 0017".to_owned(),
            email: "zoe@example.org".to_owned(),
            message: String::new(),
            meant: None,
        }
    }

    fn whom(full_name: &str, phone: &str, email: &str) -> Whom {
        Whom {
            phone: Some(phone.to_owned()),
            email: Some(email.to_owned()),
            ..Whom::named(Uuid::from_u128(1), full_name)
        }
    }

    #[test]
    fn a_name_a_phone_or_an_address_in_common_is_enough() {
        for (name, phone, email) in [
            ("BERG, Ida", "", ""),
            ("Zoe Holm", "", ""),
            ("Ida Holm", "030 5550017", ""),
            ("Ida Holm", "", "Zoe@example.org"),
        ] {
            assert!(!sender().is_other(&whom(name, phone, email)), "{name}");
        }
    }

    #[test]
    fn nothing_in_common_is_somebody_else() {
        for (name, phone, email) in [
            ("Ida Holm", "", ""),
            ("Ida Holm", "030 5550018", "ida@example.org"),
            // Too short to say anything, and a part of a word is none.
            ("Ida Bergmann", "0017", ""),
        ] {
            assert!(sender().is_other(&whom(name, phone, email)), "{name}");
        }
    }
}
