//! Invented people, one after the other.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::dice::Dice;
use super::names::{Family, ORIGINS, Origin};
use crate::clinic::text;

/// The first one was registered then, and about one an hour since.
const OPENED: DateTime<Utc> = match DateTime::from_timestamp(1_483_257_600, 0) {
    Some(at) => at,
    None => DateTime::UNIX_EPOCH,
};
/// Nobody of them is born before.
const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(1930, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};
/// 1930 to the end of 2024.
const BIRTHDAYS: usize = 95 * 365;

/// An invented person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// UUID v7 of [`Person::registered`].
    pub uid: Uuid,
    /// Full name.
    pub full_name: String,
    /// `female` or `male`, none for some.
    pub gender: Option<&'static str>,
    /// Birth date, none for very few.
    pub birth_date: Option<NaiveDate>,
    /// Phone as somebody might type it.
    pub phone: Option<String>,
    /// E-mail at `example.org`.
    pub email: Option<String>,
    /// Blood group.
    pub blood_group: Option<&'static str>,
    /// When they were registered.
    pub registered: DateTime<Utc>,
}

/// An endless row of people, the same for the same seed.
#[derive(Debug, Clone)]
pub struct People {
    dice: Dice,
    made: u64,
    last: Option<Person>,
}

impl People {
    /// The people of a seed.
    pub fn of_seed(seed: u64) -> Self {
        // Neighbouring seeds would otherwise begin alike.
        let mut dice = Dice::new(seed);
        dice.roll();
        People {
            dice: Dice::new(dice.roll()),
            made: 0,
            last: None,
        }
    }

    fn person(&mut self) -> Person {
        let dice = &mut self.dice;
        let origin = origin(dice);
        let is_woman = dice.chance(51);
        let given = if is_woman { origin.women } else { origin.men };
        let mut first = dice.common(given).to_owned();
        if dice.chance(15) {
            let second = dice.common(given);
            let joint = if dice.chance(30) { "-" } else { " " };
            if second != first {
                first = format!("{first}{joint}{second}");
            }
        }
        let full_name = format!("{first} {}", family(dice, origin));
        let born = EARLIEST.checked_add_days(Days::new(dice.below(BIRTHDAYS) as u64));
        let phone = dice.chance(90).then(|| phone(dice, origin.phone));
        let email = dice.chance(40).then(|| {
            let words = text::words(&full_name);
            let end = dice.below(1000);
            format!("{}{end}@example.org", words.join("."))
        });
        Person {
            uid: Uuid::nil(),
            gender: dice
                .chance(97)
                .then_some(if is_woman { "female" } else { "male" }),
            birth_date: born.filter(|_| dice.chance(99)),
            phone,
            email: email.filter(|email| text::is_email(email)),
            blood_group: dice
                .chance(30)
                .then(|| dice.any(&["A+", "0+", "B+", "AB+", "A-", "0-", "B-", "AB-"])),
            registered: OPENED,
            full_name,
        }
    }

    /// The one before once more, as a second desk might register them: a letter slipped, without
    /// e-mail.
    fn once_more(&mut self, who: &Person) -> Person {
        let mut letters: Vec<char> = who.full_name.chars().collect();
        let at = 1 + self.dice.below(letters.len().saturating_sub(2));
        if self.dice.chance(50) {
            letters.swap(at, at - 1);
        } else {
            letters.remove(at);
        }
        let slipped: String = letters.into_iter().collect();
        Person {
            full_name: slipped.trim().to_owned(),
            email: None,
            ..who.clone()
        }
    }
}

impl Iterator for People {
    type Item = Person;

    fn next(&mut self) -> Option<Person> {
        let mut person = match self.last.take() {
            Some(last) if self.dice.chance(1) => self.once_more(&last),
            // A family: the same name at the end, the same phone.
            Some(last) if self.dice.chance(12) => Person {
                phone: last.phone,
                ..self.person()
            },
            _ => self.person(),
        };
        self.made += 1;
        let minutes = i64::try_from(self.made).unwrap_or(i64::MAX);
        let since = TimeDelta::try_minutes(minutes).unwrap_or(TimeDelta::zero());
        person.registered = OPENED.checked_add_signed(since).unwrap_or(OPENED);
        let millis = u64::try_from(person.registered.timestamp_millis()).unwrap_or(0);
        let (high, low) = (
            self.dice.roll().to_be_bytes(),
            self.dice.roll().to_be_bytes(),
        );
        let mut chance = [0; 10];
        for (to, from) in chance.iter_mut().zip(high.into_iter().chain(low)) {
            *to = from;
        }
        person.uid = uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid();
        self.last = Some(person.clone());
        Some(person)
    }
}

fn origin(dice: &mut Dice) -> &'static Origin {
    let all: usize = ORIGINS.iter().map(|origin| origin.share).sum();
    let mut at = dice.below(all);
    let chosen = ORIGINS
        .iter()
        .find(|origin| match at.checked_sub(origin.share) {
            Some(rest) => {
                at = rest;
                false
            }
            None => true,
        });
    let [first, ..] = &ORIGINS;
    chosen.unwrap_or(first)
}

fn family(dice: &mut Dice, origin: &Origin) -> String {
    let mut name = match &origin.families {
        Family::Listed(names) => dice.common(names).to_owned(),
        Family::Made(stems, endings) => format!("{}{}", dice.common(stems), dice.common(endings)),
        Family::Two(names) => {
            let (father, mother) = (dice.common(names), dice.common(names));
            let joint = if dice.chance(10) { "-" } else { " " };
            format!("{father}{joint}{mother}")
        }
    };
    if matches!(origin.families, Family::Made(..)) && dice.chance(4) {
        let married = family(dice, origin);
        if !married.contains(['-', ' ']) {
            name = format!("{name}-{married}");
        }
    }
    match origin.particles {
        [] => name,
        particles if dice.chance(8) => match dice.any(particles) {
            "d'" => format!("d'{name}"),
            particle => format!("{particle} {name}"),
        },
        _ => name,
    }
}

fn phone(dice: &mut Dice, before: &str) -> String {
    let number = dice.below(100_000);
    let written = format!("{before}{number:05}");
    match dice.below(4) {
        // Some type no spaces, some a local number.
        0 => written
            .chars()
            .filter(|c| *c == '+' || c.is_ascii_digit())
            .collect(),
        1 => written.replacen(' ', " (0) ", 1),
        _ => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_seed_makes_the_same_people_and_another_seed_others() {
        let people = |seed| People::of_seed(seed).take(500).collect::<Vec<_>>();
        assert_eq!(people(1), people(1));
        assert_ne!(people(1), people(2));
    }

    #[test]
    fn people_are_of_many_names_and_can_not_be_reached() {
        let people: Vec<Person> = People::of_seed(7).take(20_000).collect();
        let names: HashSet<&str> = people.iter().map(|person| &*person.full_name).collect();
        assert!(names.len() > 15_000, "{} different names", names.len());
        assert!(people.iter().any(|person| person.full_name.contains('-')));
        assert!(
            people
                .iter()
                .any(|person| person.full_name.contains("van der "))
        );
        for person in &people {
            assert!(!text::name_key(&person.full_name).is_empty(), "{person:?}");
            assert!(
                person
                    .email
                    .as_ref()
                    .is_none_or(|email| email.ends_with("@example.org"))
            );
            let phone = person.phone.as_deref().unwrap_or("555");
            assert!(text::digits(phone).contains("555"), "{phone}");
            assert!(phone.chars().count() <= 32, "{phone}");
        }
        let uids: HashSet<Uuid> = people.iter().map(|person| person.uid).collect();
        assert_eq!(uids.len(), people.len());
    }
}
