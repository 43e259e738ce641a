//! The four roles (API.md §1).

use crate::macros::wire_enum;

wire_enum! {
    /// What an account may do. Admin and receptionist are *staff*.
    pub enum Role {
        /// Runs the clinic: people, settings, audit.
        Admin = "admin",
        /// Works at the front desk.
        Receptionist = "receptionist",
        /// Sees patients.
        Doctor = "doctor",
        /// Is seen.
        Patient = "patient",
    }
}

impl Role {
    /// Admins and receptionists (`is_staff` on the wire).
    pub const fn is_staff(self) -> bool {
        matches!(self, Role::Admin | Role::Receptionist)
    }
}
