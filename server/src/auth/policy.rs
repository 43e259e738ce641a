//! The policy table: which role may call which operation (API.md §1). Unknown means denied.
//!
//! The gate asks this table before any handler runs; the OpenAPI document takes its security
//! requirements from it; a test walks the document and compares. Which *rows* a caller sees is the
//! rule's business, in `clinic/`.

use clinic_shared::Role;

use super::limits::Group;

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// Everybody, signed in or not.
    Anyone,
    /// Every signed-in account, whatever its role.
    SignedIn,
    /// Only these roles.
    Roles(&'static [Role]),
}

impl Allowed {
    /// Whether a caller with this role (none: not signed in) may.
    pub fn permits(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Allowed::Anyone, _) | (Allowed::SignedIn, Some(_)) => true,
            (Allowed::Roles(roles), Some(role)) => roles.contains(&role),
            (_, None) => false,
        }
    }
}

/// Whose sign-in takes a code from a mail as well (`LOGIN_OTP`); each account has a switch beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginCodes {
    /// Nobody's.
    Off,
    /// Admins' and receptionists'.
    Staff,
    /// Everybody's.
    All,
}

impl LoginCodes {
    /// Whether the setting says so for this role.
    pub const fn applies_to(self, role: Role) -> bool {
        match self {
            LoginCodes::Off => false,
            LoginCodes::Staff => role.is_staff(),
            LoginCodes::All => true,
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The `operationId`.
    pub operation: &'static str,
    /// Who may call it.
    pub allowed: Allowed,
    /// Which rate limit it counts against; none: by who calls (staff, user or public).
    pub limit: Option<Group>,
    /// Whether v1 lets those in who have not proved their e-mail address (API.md §4).
    pub unproved: bool,
}

use Allowed::{Anyone, Roles, SignedIn};

const ADMIN: Allowed = Roles(&[Role::Admin]);
const STAFF: Allowed = Roles(&[Role::Admin, Role::Receptionist]);
const DOCTOR: Allowed = Roles(&[Role::Doctor]);
const PATIENT: Allowed = Roles(&[Role::Patient]);
/// Who works with patients: staff, and doctors with their own.
const CARE: Allowed = Roles(&[Role::Admin, Role::Receptionist, Role::Doctor]);

const fn rule(operation: &'static str, allowed: Allowed) -> Rule {
    Rule {
        operation,
        allowed,
        limit: None,
        unproved: false,
    }
}

/// A sign-in operation: throttled tightly, by address.
const fn guarded(operation: &'static str, allowed: Allowed) -> Rule {
    Rule {
        operation,
        allowed,
        limit: Some(Group::Auth),
        unproved: false,
    }
}

/// The same, and it proves an address: who mistyped theirs when registering comes in by this.
const fn proving(operation: &'static str, allowed: Allowed) -> Rule {
    Rule {
        unproved: true,
        ..guarded(operation, allowed)
    }
}

/// What everybody may do, and is throttled as the public is, signed in or not.
const fn open(operation: &'static str) -> Rule {
    Rule {
        operation,
        allowed: Anyone,
        limit: Some(Group::Public),
        unproved: true,
    }
}

/// The whole table.
pub const POLICY: &[Rule] = &[
    // accounts (API.md §2, §3)
    guarded("register", Anyone),
    guarded("login", Anyone),
    rule("logout", Anyone),
    rule("refresh_token", Anyone),
    // v1 user (API.md §4)
    guarded("register_v1", Anyone),
    guarded("activate_account", Anyone),
    guarded("resend_activation_code", Anyone),
    guarded("login_v1", Anyone),
    guarded("verify_login_code", Anyone),
    guarded("resend_login_code", Anyone),
    rule("refresh_token_v1", Anyone),
    rule("verify_token", Anyone),
    rule("logout_v1", Anyone),
    guarded("forget_password", Anyone),
    guarded("send_reset_code", Anyone),
    guarded("resend_reset_code", Anyone),
    guarded("confirm_reset", Anyone),
    guarded("change_password", SignedIn),
    rule("me", SignedIn),
    rule("change_me", SignedIn),
    guarded("ask_email_change", SignedIn),
    proving("confirm_email_change", SignedIn),
    rule("list_sessions", SignedIn),
    rule("end_session", SignedIn),
    rule("list_users", ADMIN),
    // profiles
    rule("list_profiles", SignedIn),
    rule("create_profile", SignedIn),
    rule("my_profile", SignedIn),
    rule("get_profile", SignedIn),
    rule("replace_profile", SignedIn),
    rule("change_profile", SignedIn),
    rule("delete_profile", SignedIn),
    // classic patients
    rule("list_patients", SignedIn),
    rule("create_patient", SignedIn),
    rule("get_patient", SignedIn),
    rule("replace_patient", SignedIn),
    rule("change_patient", SignedIn),
    rule("delete_patient", SignedIn),
    // classic appointments
    rule("list_appointments", SignedIn),
    rule("create_appointment", SignedIn),
    rule("get_appointment", SignedIn),
    rule("replace_appointment", SignedIn),
    rule("change_appointment", SignedIn),
    rule("delete_appointment", SignedIn),
    // classic doctors, what they are and when they can be seen
    rule("list_designations", Anyone),
    rule("create_designation", ADMIN),
    rule("list_specialisations", Anyone),
    rule("create_specialisation", ADMIN),
    rule("list_available_times", Anyone),
    rule("create_available_time", ADMIN),
    rule("list_doctors", Anyone),
    rule("create_doctor", SignedIn),
    rule("get_doctor", Anyone),
    rule("replace_doctor", SignedIn),
    rule("change_doctor", SignedIn),
    rule("delete_doctor", SignedIn),
    // classic reviews
    rule("list_reviews", Anyone),
    rule("create_review", SignedIn),
    rule("get_review", Anyone),
    rule("replace_review", SignedIn),
    rule("change_review", SignedIn),
    rule("delete_review", SignedIn),
    // classic services
    rule("list_services", Anyone),
    rule("create_service", STAFF),
    rule("get_service", Anyone),
    rule("replace_service", STAFF),
    rule("change_service", STAFF),
    rule("delete_service", STAFF),
    // classic contacts
    rule("list_contacts", STAFF),
    rule("create_contact", Anyone),
    rule("get_contact", STAFF),
    rule("replace_contact", STAFF),
    rule("change_contact", STAFF),
    rule("delete_contact", STAFF),
    // v1 appointments
    rule("my_appointments", SignedIn),
    rule("book_appointment", SignedIn),
    rule("my_appointment", SignedIn),
    rule("cancel_my_appointment", SignedIn),
    rule("my_practice_appointments", DOCTOR),
    rule("book_for_patient", DOCTOR),
    rule("update_appointment_status", CARE),
    // v1 patients
    rule("list_patients_v1", SignedIn),
    rule("my_patient", SignedIn),
    rule("replace_my_patient", SignedIn),
    rule("change_my_patient", SignedIn),
    rule("close_my_account", SignedIn),
    rule("get_patient_v1", SignedIn),
    // v1 doctors
    rule("list_doctors_v1", Anyone),
    rule("get_doctor_v1", Anyone),
    rule("my_doctor", DOCTOR),
    rule("replace_my_doctor", DOCTOR),
    rule("change_my_doctor", DOCTOR),
    rule("delete_my_doctor", DOCTOR),
    rule("list_available_times_v1", CARE),
    rule("create_available_time_v1", CARE),
    rule("get_available_time_v1", CARE),
    rule("replace_available_time_v1", CARE),
    rule("change_available_time_v1", CARE),
    rule("delete_available_time_v1", CARE),
    rule("list_designations_v1", SignedIn),
    rule("create_designation_v1", ADMIN),
    rule("get_designation_v1", SignedIn),
    rule("replace_designation_v1", ADMIN),
    rule("change_designation_v1", ADMIN),
    rule("delete_designation_v1", ADMIN),
    rule("list_specializations", SignedIn),
    rule("create_specialization", ADMIN),
    rule("get_specialization", SignedIn),
    rule("replace_specialization", ADMIN),
    rule("change_specialization", ADMIN),
    rule("delete_specialization", ADMIN),
    rule("list_reviews_v1", Anyone),
    rule("create_review_v1", SignedIn),
    rule("get_review_v1", Anyone),
    rule("replace_review_v1", SignedIn),
    rule("change_review_v1", SignedIn),
    rule("delete_review_v1", SignedIn),
    rule("list_qualifications", SignedIn),
    rule("apply_qualification", DOCTOR),
    // v1 public portal
    open("contact_us"),
    open("report_bug"),
    open("public_doctors"),
    open("public_reviews"),
    open("public_services"),
    // v1 operations
    rule("apply_to_be_doctor", PATIENT),
    rule("my_doctor_applications", SignedIn),
    // v1 available times
    rule("list_open_times", SignedIn),
    rule("request_time", SignedIn),
    rule("get_requested_time", SignedIn),
    rule("withdraw_requested_time", SignedIn),
    // v1 events
    rule("follow_events", SignedIn),
    // desk: when people can be booked, and who waits
    rule("desk_find_slots", STAFF),
    rule("desk_list_openings", STAFF),
    rule("desk_open_hours", STAFF),
    rule("desk_close_hours", STAFF),
    rule("desk_list_absences", STAFF),
    rule("desk_enter_absence", STAFF),
    rule("desk_get_absence", STAFF),
    rule("desk_change_absence", STAFF),
    rule("desk_take_back_absence", STAFF),
    rule("desk_cancel_absence_appointments", STAFF),
    rule("desk_move_absence_appointments", STAFF),
    rule("desk_list_closures", STAFF),
    rule("desk_close_clinic", STAFF),
    rule("desk_get_closure", STAFF),
    rule("desk_change_closure", STAFF),
    rule("desk_take_back_closure", STAFF),
    rule("desk_cancel_closure_appointments", STAFF),
    rule("desk_move_closure_appointments", STAFF),
    rule("desk_list_waiting", STAFF),
    rule("desk_add_waiting", STAFF),
    rule("desk_waiting_candidates", STAFF),
    rule("desk_get_waiting", STAFF),
    rule("desk_change_waiting", STAFF),
    rule("desk_withdraw_waiting", STAFF),
    rule("desk_offer_waiting", STAFF),
    rule("desk_accept_waiting", STAFF),
    rule("desk_skip_waiting", STAFF),
    // desk
    rule("desk_list_applications", ADMIN),
    rule("desk_get_application", ADMIN),
    rule("desk_accept_application", ADMIN),
    rule("desk_reject_application", ADMIN),
    rule("desk_list_qualifications", ADMIN),
    rule("desk_get_qualification", ADMIN),
    rule("desk_accept_qualification", ADMIN),
    rule("desk_reject_qualification", ADMIN),
    rule("desk_list_bug_reports", ADMIN),
    rule("desk_get_bug_report", ADMIN),
    rule("desk_accept_bug_report", ADMIN),
    rule("desk_reject_bug_report", ADMIN),
    rule("desk_list_appointments", STAFF),
    rule("desk_get_appointment", CARE),
    rule("desk_book_appointment", STAFF),
    rule("desk_check_booking", STAFF),
    rule("desk_reschedule_appointment", STAFF),
    rule("desk_confirm_appointment", CARE),
    rule("desk_check_in_appointment", CARE),
    rule("desk_start_appointment", CARE),
    rule("desk_complete_appointment", CARE),
    rule("desk_send_appointment_back", CARE),
    rule("desk_cancel_appointment", CARE),
    rule("desk_miss_appointment", CARE),
    rule("desk_leave_appointment", CARE),
    rule("desk_undo_appointment", CARE),
    rule("desk_appointment_history", CARE),
    rule("desk_pay_appointment", STAFF),
    rule("desk_assign_room", CARE),
    rule("desk_prioritise_appointment", CARE),
    rule("desk_call_patient_in", CARE),
    rule("desk_board", STAFF),
    rule("desk_queue", CARE),
    rule("desk_take_walk_in", STAFF),
    rule("desk_get_running_late", CARE),
    rule("desk_set_running_late", CARE),
    rule("desk_search_patients", STAFF),
    rule("desk_register_patient", STAFF),
    rule("desk_possible_duplicates", STAFF),
    rule("desk_get_patient", STAFF),
    rule("desk_change_patient", STAFF),
    rule("desk_list_visits", STAFF),
    rule("desk_preview_merge", STAFF),
    rule("desk_merge_patients", STAFF),
    rule("desk_unmerge_patients", STAFF),
    rule("desk_list_merges", STAFF),
    rule("desk_link_account", STAFF),
    rule("desk_unlink_account", STAFF),
    rule("desk_list_doctors", STAFF),
    rule("desk_get_doctor", STAFF),
    rule("desk_change_doctor", STAFF),
    rule("desk_list_doctor_windows", STAFF),
    rule("desk_verify_doctor", ADMIN),
    rule("desk_list_contacts", STAFF),
    rule("desk_contact_assignees", STAFF),
    rule("desk_get_contact", STAFF),
    rule("desk_contact_history", STAFF),
    rule("desk_set_contact_status", STAFF),
    rule("desk_assign_contact", STAFF),
    rule("desk_note_contact", STAFF),
    rule("desk_reply_contact", STAFF),
    rule("desk_turn_contact_into_patient", STAFF),
    rule("desk_turn_contact_into_appointment", STAFF),
    rule("desk_day_report", STAFF),
    rule("desk_day_sheet", STAFF),
    rule("desk_list_users", ADMIN),
    rule("desk_invite_user", ADMIN),
    rule("desk_get_user", ADMIN),
    rule("desk_change_user", ADMIN),
    rule("desk_end_user_sessions", ADMIN),
    rule("desk_list_audit", ADMIN),
    rule("desk_export_audit", ADMIN),
    rule("desk_verify_audit", ADMIN),
    // media: the signature is the permission
    rule("get_media", Anyone),
];

/// The rule of an operation; none: denied to everybody.
pub fn rule_of(operation: &str) -> Option<&'static Rule> {
    POLICY.iter().find(|rule| rule.operation == operation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_stands_once() {
        let mut names: Vec<_> = POLICY.iter().map(|rule| rule.operation).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn unknown_operations_have_no_rule() {
        assert!(rule_of("drop_everything").is_none());
    }
}
