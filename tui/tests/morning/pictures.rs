//! The guide's pictures. They are compared with the screens as snapshots are: what the guide shows
//! is what Clinic shows. `PICTURES_UPDATE=always` writes them anew.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::support::terminal::Person;
use super::svg;

/// How long a screen may take to become what its picture shows.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it must stay the same to be made a picture of.
const STILL: Duration = Duration::from_millis(1500);
/// Stands for the server's address, which is another at every run; as long as that.
const ADDRESS: &str = "https://clinic.example";

/// The pictures of one run.
pub(crate) struct Pictures {
    /// The server's address.
    url: String,
    taken: RefCell<BTreeSet<String>>,
    updates: bool,
}

fn book() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"))
}

impl Pictures {
    pub(crate) fn of(url: &str) -> Self {
        assert_eq!(url.len(), ADDRESS.len(), "{url} would move what follows it");
        Self {
            url: url.to_owned(),
            taken: RefCell::default(),
            updates: std::env::var_os("PICTURES_UPDATE").is_some_and(|how| how == "always"),
        }
    }

    /// Takes the picture `name` of the screen.
    pub(crate) async fn take(&self, person: &Person, name: &str, title: &str, shows: &str) {
        assert!(
            self.taken.borrow_mut().insert(name.to_owned()),
            "{name} twice"
        );
        let file = book().join(format!("images/front-desk/{name}.svg"));
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        let draw = || person.with(|screen| svg::draw(screen, (&self.url, ADDRESS), title, shows));
        let begun = Instant::now();
        let (mut drawn, mut since) = (draw(), begun);
        // Answers may be on their way: a screen is compared until it is the one that was meant.
        while drawn != kept {
            if self.updates && since.elapsed() > STILL {
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(&file, &drawn).unwrap();
                return;
            }
            assert!(
                self.updates || begun.elapsed() < PATIENCE,
                "{} is not what the screen shows; PICTURES_UPDATE=always writes all pictures anew, \
                 and then look at them. The screen:\n{}",
                file.display(),
                person.text()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
            let now = draw();
            if now != drawn {
                (drawn, since) = (now, Instant::now());
            }
        }
    }

    /// Asserts that there are no others, and that the guide shows each.
    pub(crate) fn are_all_in_the_guide(&self) {
        let files = std::fs::read_dir(book().join("images/front-desk")).unwrap();
        let kept: BTreeSet<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .map(|file| file.trim_end_matches(".svg").to_owned())
            .collect();
        assert_eq!(
            kept,
            *self.taken.borrow(),
            "pictures that nobody takes, or the other way"
        );
        let guide = std::fs::read_to_string(book().join("front-desk.md")).unwrap();
        for name in &kept {
            let path = format!("](images/front-desk/{name}.svg)");
            assert!(guide.contains(&path), "the guide does not show {name}");
        }
    }
}
