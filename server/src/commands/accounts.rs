//! `clinicd createsuperuser` and `clinicd user …`.

use std::io::Read;

use clap::{Args, Subcommand};
use clinic_server::clinic::accounts::{self, Newcomer};
use clinic_server::clinic::{Actor, Clinic};
use clinic_server::config::Config;
use clinic_shared::Role;

use super::{Done, Failure, clinic, say};

/// Make the first admin.
#[derive(Args)]
pub(super) struct Superuser {
    #[command(flatten)]
    person: Person,
}

/// What is said of a new account. The password comes on standard input, never in the arguments,
/// where every user of the machine could read it.
#[derive(Args)]
pub(super) struct Person {
    /// Sign-in name.
    #[arg(long)]
    username: String,
    /// E-mail.
    #[arg(long)]
    email: String,
    /// Given name.
    #[arg(long, default_value = "")]
    first_name: String,
    /// Family name.
    #[arg(long, default_value = "")]
    last_name: String,
    /// Read the password from standard input.
    #[arg(long, required = true)]
    password_stdin: bool,
}

/// Make, list and change accounts.
#[derive(Subcommand)]
pub(super) enum User {
    /// Make an account.
    Add {
        /// admin, receptionist, doctor or patient.
        #[arg(long)]
        role: Role,
        #[command(flatten)]
        person: Person,
    },
    /// List all accounts.
    List,
    /// Give an account another role; its sessions end.
    Role {
        /// Username or e-mail.
        name: String,
        /// admin, receptionist, doctor or patient.
        role: Role,
    },
    /// Disable an account; its sessions end.
    Disable {
        /// Username or e-mail.
        name: String,
    },
    /// Enable an account.
    Enable {
        /// Username or e-mail.
        name: String,
    },
    /// Take an account's e-mail as proved; its sessions end.
    Verify {
        /// Username or e-mail.
        name: String,
    },
    /// Set an account's password; its sessions end.
    Password {
        /// Username or e-mail.
        name: String,
        /// Read the password from standard input.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

/// The operator acts as nobody: the audit shows no account and no address.
const OPERATOR: Actor = Actor::nobody(None);

impl Superuser {
    /// Makes the account.
    pub(super) async fn run(self, config: &Config) -> Done {
        add(&clinic(config).await?, self.person, Role::Admin).await
    }
}

impl User {
    /// Does it.
    pub(super) async fn run(self, config: &Config) -> Done {
        let clinic = clinic(config).await?;
        match self {
            User::Add { role, person } => add(&clinic, person, role).await,
            User::List => list(&clinic).await,
            User::Role { name, role } => {
                accounts::set_role(&clinic, &OPERATOR, &name, role).await?;
                say(&format!("{name} is now {role}."))
            }
            User::Disable { name } => {
                accounts::set_active(&clinic, &OPERATOR, &name, false).await?;
                say(&format!("{name} is disabled."))
            }
            User::Enable { name } => {
                accounts::set_active(&clinic, &OPERATOR, &name, true).await?;
                say(&format!("{name} is enabled."))
            }
            User::Verify { name } => {
                accounts::set_verified(&clinic, &OPERATOR, &name).await?;
                say(&format!("The e-mail of {name} counts as proved."))
            }
            User::Password { name, .. } => {
                accounts::set_password(&clinic, &OPERATOR, &name, &password()?).await?;
                say(&format!("The password of {name} is set."))
            }
        }
    }
}

async fn add(clinic: &Clinic, person: Person, role: Role) -> Done {
    let newcomer = Newcomer {
        username: person.username,
        email: person.email,
        first_name: person.first_name,
        last_name: person.last_name,
        password: Some(password()?),
        role,
        is_verified: true,
        awaits_activation: false,
    };
    let made = accounts::create(clinic, &OPERATOR, newcomer).await?;
    say(&format!("{} ({role}) can sign in.", made.username))
}

async fn list(clinic: &Clinic) -> Done {
    for account in accounts::list(clinic).await? {
        let state = if account.is_active {
            "active"
        } else {
            "disabled"
        };
        say(&format!(
            "{:>6}  {:<13} {state:<9} {:<24} {}",
            account.id, account.role.0, account.username, account.email,
        ))?;
    }
    Ok(())
}

/// The password on standard input, without the line's end.
fn password() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    let password = text.trim_end_matches(['\n', '\r']).to_owned();
    if password.is_empty() {
        return Err(Failure::Other(
            "there is no password on standard input".to_owned(),
        ));
    }
    Ok(password)
}
