//! Which passwords are taken (API.md §2).

use std::collections::HashSet;
use std::sync::LazyLock;

use clinic_shared::Role;

use super::normal;

/// The rules for a new password. Lengths are in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The least for patients (`PASSWORD_MIN_LENGTH`).
    pub patient_min: usize,
    /// The least for staff and doctors (`STAFF_PASSWORD_MIN_LENGTH`).
    pub staff_min: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            patient_min: 8,
            staff_min: 12,
        }
    }
}

/// The most for anyone, in characters.
pub const MAX_LENGTH: usize = 256;

impl Policy {
    /// Everything that is wrong with a new password, each as a sentence for its field; empty when
    /// it is taken.
    pub fn faults(&self, role: Role, password: &str, username: &str, email: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let min = match role {
            Role::Patient => self.patient_min,
            Role::Admin | Role::Receptionist | Role::Doctor => self.staff_min,
        };
        let length = password.chars().count();
        if length < min {
            faults.push(format!(
                "This password is too short. It must contain at least {min} characters."
            ));
        }
        if length > MAX_LENGTH {
            faults.push(format!(
                "This password is too long. It must contain at most {MAX_LENGTH} characters."
            ));
        }
        let folded = fold(password);
        if BLOCKLIST.contains(folded.as_str()) {
            faults.push("This password is too common.".to_owned());
        }
        if is_same(&folded, username) {
            faults.push("The password is too similar to the username.".to_owned());
        }
        let local_part = email.rsplit_once('@').map_or("", |(local, _)| local);
        if is_same(&folded, email) || is_same(&folded, local_part) {
            faults.push("The password is too similar to the email address.".to_owned());
        }
        faults
    }
}

fn fold(text: &str) -> String {
    normal(text).to_lowercase()
}

fn is_same(folded_password: &str, name: &str) -> bool {
    let name = fold(name.trim());
    !name.is_empty() && folded_password == name
}

/// Passwords that everybody tries first, lower-case, one a line; `#` lines explain the families.
static BLOCKLIST: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../blocklist.txt")
        .lines()
        .filter(|line| !line.starts_with("# "))
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(role: Role, password: &str) -> Vec<String> {
        Policy::default().faults(role, password, "Maria.Silva", "msilva1980@example.com")
    }

    #[test]
    fn the_worked_example_of_the_document_registers() {
        assert_eq!(faults(Role::Patient, "Pass1234"), Vec::<String>::new());
    }

    #[test]
    fn length_depends_on_the_role_and_counts_characters() {
        let short = |min| {
            vec![format!(
                "This password is too short. It must contain at least {min} characters."
            )]
        };
        assert_eq!(faults(Role::Patient, "kÿ7ŵqzö"), short(8));
        assert_eq!(faults(Role::Patient, "kÿ7ŵqzöx"), Vec::<String>::new());
        for role in [Role::Doctor, Role::Receptionist, Role::Admin] {
            assert_eq!(faults(role, "kÿ7ŵqzöxmr4"), short(12), "{role}");
            assert_eq!(faults(role, "kÿ7ŵqzöxmr4v"), Vec::<String>::new(), "{role}");
        }
        let patterned = |length| "kq7 ".chars().cycle().take(length).collect::<String>();
        assert_eq!(faults(Role::Patient, &patterned(256)), Vec::<String>::new());
        let long = faults(Role::Patient, &patterned(257));
        assert_eq!(
            long,
            ["This password is too long. It must contain at most 256 characters."]
        );
    }

    #[test]
    fn what_everybody_tries_first_is_refused_in_any_case() {
        for common in [
            "12345678",
            "123456789",
            "1234567890",
            "password",
            "Password1",
            "PASSWORD123",
            "p@ssw0rd",
            "passw0rd",
            "iloveyou",
            "qwertyuiop",
            "qwerty123",
            "1q2w3e4r",
            "sunshine",
            "princess",
            "football",
            "baseball",
            "superman",
            "letmein123",
            "welcome1",
            "welcome123",
            "admin123",
            "administrator",
            "receptionist",
            "changeme",
            "trustno1",
            "11111111",
            "abcd1234",
            "asdfghjkl",
            "zxcvbnm1",
            "qazwsxedc",
            "clinic2026",
            "hospital123",
            "summer2026",
            "passwordpassword",
            "qwertyuiop123",
            "correcthorsebatterystaple",
        ] {
            let faults = faults(Role::Patient, common);
            assert_eq!(faults, ["This password is too common."], "{common}");
        }
    }

    #[test]
    fn ones_own_name_is_no_password() {
        let similar = |what| vec![format!("The password is too similar to the {what}.")];
        assert_eq!(faults(Role::Patient, "maria.silva"), similar("username"));
        assert_eq!(faults(Role::Patient, "MARIA.SILVA"), similar("username"));
        assert_eq!(
            faults(Role::Patient, "MSilva1980@Example.com"),
            similar("email address")
        );
        assert_eq!(
            faults(Role::Patient, "mSilva1980"),
            similar("email address")
        );
        // An account without them is not refused for it.
        assert!(
            Policy::default()
                .faults(Role::Patient, "kq7 wzxm", "", "")
                .is_empty()
        );
    }

    #[test]
    fn all_faults_come_at_once() {
        let faults = Policy::default().faults(Role::Doctor, "superman", "SuperMan", "");
        assert_eq!(faults.len(), 3, "{faults:?}");
    }

    #[test]
    fn the_blocklist_has_only_what_could_be_chosen_and_compares() {
        assert!(BLOCKLIST.len() > 3_000, "{}", BLOCKLIST.len());
        for word in BLOCKLIST.iter() {
            assert!(
                word.chars().count() >= 8 && *word == fold(word.trim()),
                "{word:?}"
            );
        }
    }
}
