//! With whom: a doctor, whoever is for something, or anybody.

use clinic_shared::client::{DoctorQuery, Error};
use uuid::Uuid;

use super::{Book, top_mut};
use crate::app::Model;
use crate::effect::{Call, Effect, Reply, Slot};
use crate::text;

/// With whom.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Goal {
    Doctor {
        id: Uuid,
        name: String,
    },
    /// Whoever is for this.
    Term {
        id: i64,
        name: String,
    },
    Anybody,
}

impl Goal {
    /// In words.
    pub(crate) fn text(&self) -> String {
        match self {
            Goal::Doctor { name, .. } => name.clone(),
            Goal::Term { name, .. } => format!("anybody for {name}"),
            Goal::Anybody => "anybody".to_owned(),
        }
    }
}

/// Whether a word calls who works in it by the name of a trade: `cardiologist`, of `cardiology`.
fn is_of_the_trade(trade: &str, word: &str) -> bool {
    let stem = [
        "ologist", "ologists", "ician", "icians", "iatrist", "iatrists", "ist", "ists",
    ]
    .into_iter()
    .find_map(|ending| word.strip_suffix(ending));
    stem.is_some_and(|stem| stem.len() >= 4 && trade.starts_with(stem))
}

impl Book {
    /// Who can be chosen: what is typed narrows it.
    pub(crate) fn goals(&self) -> Vec<Goal> {
        let wanted = text::words(self.with.value());
        let fits = |text: &str| {
            let words = text::words(text);
            let is_one = |wanted: &String| {
                let mut words = words.iter();
                words.any(|word| word.starts_with(wanted) || is_of_the_trade(word, wanted))
            };
            wanted.iter().all(is_one)
        };
        let doctors = self.doctors.iter().flatten().map(|doctor| {
            let text = format!("{} {}", doctor.full_name, doctor.specialisations.join(" "));
            let goal = Goal::Doctor {
                id: doctor.id,
                name: doctor.full_name.clone(),
            };
            (text, goal)
        });
        let terms = self.terms.iter().map(|term| {
            let goal = Goal::Term {
                id: term.id,
                name: term.name.clone(),
            };
            (format!("{} anybody", term.name), goal)
        });
        let anybody = ("anybody".to_owned(), Goal::Anybody);
        let mut goals: Vec<(String, Goal)> = doctors.chain(terms).chain([anybody]).collect();
        goals.retain(|(text, _)| fits(text));
        // Who is called so comes before who is for that.
        goals.sort_by_key(|(_, goal)| match goal {
            Goal::Doctor { name, .. } => !fits(name),
            Goal::Term { .. } | Goal::Anybody => false,
        });
        let is_doctor = |(_, goal): &(String, Goal)| !matches!(goal, Goal::Doctor { .. });
        goals.sort_by_key(is_doctor);
        goals.into_iter().map(|(_, goal)| goal).collect()
    }

    /// What a doctor is for.
    pub(crate) fn specialisations(&self, id: Uuid) -> String {
        let mut doctors = self.doctors.iter().flatten();
        let doctor = doctors.find(|doctor| doctor.id == id);
        doctor.map_or_else(String::new, |doctor| doctor.specialisations.join(", "))
    }
}

/// Asks who can be booked, and what for.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let query = DoctorQuery {
        verified: Some(true),
        limits: Some(1000),
        ..DoctorQuery::default()
    };
    vec![
        model.call(Slot::Bookable, Call::Doctors(query)),
        model.call(Slot::Terms, Call::Terms),
    ]
}

/// Takes in who can be booked.
pub(super) fn doctors_landed(model: &mut Model, result: Result<Reply, Error>) {
    let Some(book) = top_mut(model) else { return };
    match result {
        Ok(Reply::Doctors(page)) => book.doctors = Some(page.results),
        Err(error @ Error::Refused(_)) => book.message = Some(error.to_string()),
        _ => {}
    }
}

/// Takes in what doctors are for.
pub(super) fn terms_landed(model: &mut Model, result: Result<Reply, Error>) {
    if let (Some(book), Ok(Reply::Terms(terms))) = (top_mut(model), result) {
        book.terms = terms;
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_the_trade;

    #[test]
    fn who_works_in_it_is_called_by_the_trade() {
        for (trade, word) in [
            ("cardiology", "cardiologist"),
            ("dermatology", "dermatologists"),
            ("paediatrics", "paediatrician"),
            ("psychiatry", "psychiatrist"),
        ] {
            assert!(is_of_the_trade(trade, word), "{word}");
        }
        assert!(!is_of_the_trade("cardiology", "dermatologist"));
        assert!(!is_of_the_trade("cardiology", "list"));
    }
}
