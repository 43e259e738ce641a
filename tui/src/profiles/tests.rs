use super::*;

fn load(text: &str) -> (tempfile::TempDir, Result<Profiles, ProfileError>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.toml");
    std::fs::write(&path, text).unwrap();
    let profiles = Profiles::load(&path);
    (directory, profiles)
}

const TWO: &str = r#"
default = "main"            # the big one
[[servers]]
url = "http://127.0.0.1:8000"
[[servers]]
name = "main"
url = "https://desk.example.org/"   # ask Ada
user = "eva"
[options]
ascii = true
keys = "keys.toml"
"#;

#[test]
fn without_a_file_the_local_server_is_meant() {
    let profiles = Profiles::load(Path::new("/nowhere/config.toml")).unwrap();
    assert_eq!(profiles.address(None), DEFAULT_SERVER);
    assert_eq!(profiles.last_user(DEFAULT_SERVER), None);
}

#[test]
fn a_server_is_found_by_name_address_or_default() {
    let (_directory, profiles) = load(TWO);
    let profiles = profiles.unwrap();
    assert_eq!(profiles.address(None), "https://desk.example.org");
    assert_eq!(profiles.address(Some("main")), "https://desk.example.org");
    assert_eq!(profiles.address(Some("http://other:1/")), "http://other:1");
    assert_eq!(profiles.last_user("https://desk.example.org"), Some("eva"));
}

#[test]
fn the_keys_file_lies_beside_the_configuration() {
    let (directory, profiles) = load(TWO);
    assert_eq!(
        profiles.unwrap().options.keys,
        Some(directory.path().join("keys.toml"))
    );
}

#[test]
fn a_sign_in_is_remembered_and_comments_survive() {
    let (_directory, profiles) = load(TWO);
    let mut profiles = profiles.unwrap();
    profiles
        .remember("https://desk.example.org", "ada")
        .unwrap();
    profiles.remember("http://new:8000/", "bob").unwrap();

    let text = std::fs::read_to_string(profiles.path()).unwrap();
    assert!(
        text.contains("# the big one") && text.contains("# ask Ada"),
        "{text}"
    );
    let again = Profiles::load(profiles.path()).unwrap();
    assert_eq!(again, profiles);
    assert_eq!(again.last_user("https://desk.example.org/"), Some("ada"));
    assert_eq!(again.last_user("http://new:8000"), Some("bob"));
}

#[test]
fn the_first_sign_in_makes_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("new/config.toml");
    let mut profiles = Profiles::load(&path).unwrap();
    profiles.remember(DEFAULT_SERVER, "eva").unwrap();
    assert_eq!(
        Profiles::load(&path).unwrap().last_user(DEFAULT_SERVER),
        Some("eva")
    );
}

#[test]
fn a_misspelt_option_is_pointed_at() {
    let (_directory, refused) = load("[options]\nmose = false\n");
    let sentence = refused.unwrap_err().to_string();
    assert!(
        sentence.contains("line 2") && sentence.contains("mose"),
        "{sentence}"
    );
}

#[test]
fn what_the_settings_change_is_written_and_comments_survive() {
    let (_directory, profiles) = load(TWO);
    let mut profiles = profiles.unwrap();
    let change = OptionsChange {
        theme: Some(Theme::HighContrast),
        ascii: Some(None),
        lock_minutes: Some(0),
        dates: Some(Format::Dots),
        ..OptionsChange::default()
    };
    profiles.change_options(&change).unwrap();
    let text = std::fs::read_to_string(profiles.path()).unwrap();
    assert!(
        text.contains("# the big one") && !text.contains("ascii"),
        "{text}"
    );
    let again = Profiles::load(profiles.path()).unwrap();
    assert_eq!(again, profiles);
    assert_eq!(again.options.theme.as_deref(), Some("high-contrast"));
    assert_eq!(again.options.lock_minutes, Some(0));
    assert_eq!(again.options.dates.as_deref(), Some("dots"));
}

#[test]
fn servers_are_changed_chosen_and_forgotten_in_the_file() {
    let (_directory, profiles) = load(TWO);
    let mut profiles = profiles.unwrap();
    let local = ServerProfile {
        name: Some("here".to_owned()),
        url: "http://127.0.0.1:9000/".to_owned(),
        user: None,
    };
    profiles.put_server(Some(DEFAULT_SERVER), &local).unwrap();
    profiles.set_default("http://127.0.0.1:9000").unwrap();
    let again = Profiles::load(profiles.path()).unwrap();
    assert_eq!(again, profiles);
    assert_eq!(again.address(None), "http://127.0.0.1:9000");
    assert_eq!(again.servers.len(), 2, "changed, not added");

    profiles.forget_server("http://127.0.0.1:9000").unwrap();
    let again = Profiles::load(profiles.path()).unwrap();
    assert_eq!(again, profiles);
    assert_eq!(again.default, None, "it was the usual one");
    let text = std::fs::read_to_string(profiles.path()).unwrap();
    assert!(text.contains("# ask Ada"), "{text}");
}
