//! Who asks: carried from the gate through every rule to the audit.

use clinic_shared::Role;
use std::net::IpAddr;
use uuid::Uuid;

/// The signed-in account behind a request, or the operator at the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account's number; none for the command line and for anonymous callers.
    pub account: Option<Account>,
    /// The client's address, if there is one.
    pub address: Option<IpAddr>,
}

/// The account of an [`Actor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// The account's number.
    pub id: i64,
    /// The account's UUID.
    pub uid: Uuid,
    /// Its role when the request came in.
    pub role: Role,
    /// The session the request came with.
    pub session: Uuid,
    /// Whether the e-mail was proved.
    pub is_verified: bool,
}

impl Actor {
    /// Nobody in particular: a public request, or the operator's command line.
    pub const fn nobody(address: Option<IpAddr>) -> Self {
        Self {
            account: None,
            address,
        }
    }

    /// The account's number.
    pub fn account_id(&self) -> Option<i64> {
        self.account.map(|account| account.id)
    }

    /// The role, if signed in.
    pub fn role(&self) -> Option<Role> {
        self.account.map(|account| account.role)
    }

    /// Whether an admin or a receptionist asks.
    pub fn is_staff(&self) -> bool {
        self.role().is_some_and(Role::is_staff)
    }
}
