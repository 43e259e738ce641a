//! Which scopes count together, and which of them are typed in.

use super::Scope;

impl Scope {
    /// The scopes whose keys count with this one on top, the innermost first; `is_searching`: the
    /// list's search field has the cursor, `is_of_board`: the board lies beneath.
    pub(crate) fn stack(self, is_searching: bool, is_of_board: bool) -> Vec<Scope> {
        // What is done with an appointment of the day, or about a contact request, is done in the
        // record as in the list; with an appointment also in its patient's record.
        let acts = match self {
            Scope::Today | Scope::Queue | Scope::Appointment | Scope::Visit => Some(Scope::Deeds),
            Scope::Contacts | Scope::Contact => Some(Scope::Inbox),
            Scope::Decisions => Some(Scope::Ruling),
            _ => None,
        };
        let is_of_board = is_of_board && self == Scope::Appointment;
        is_searching
            .then_some(Scope::Search)
            .into_iter()
            .chain([self])
            .chain(self.beneath())
            .chain(acts)
            .chain(is_of_board.then_some(Scope::Today))
            .chain([Scope::Global])
            .collect()
    }

    /// Every set of scopes that can count together.
    pub(crate) fn stacks() -> Vec<Vec<Scope>> {
        let every = Scope::ALL.iter().filter(|scope| **scope != Scope::Global);
        let stacks = every.flat_map(|scope| {
            let searching = scope.has_search().then(|| scope.stack(true, false));
            searching.into_iter().chain([scope.stack(false, true)])
        });
        stacks.collect()
    }

    /// Whether a search field stands over the list.
    const fn has_search(self) -> bool {
        matches!(
            self,
            Scope::Today | Scope::Patients | Scope::Doctors | Scope::Contacts | Scope::Users
        )
    }

    /// Whether a field has the cursor as long as these keys count, so that characters are typed.
    pub(crate) const fn is_typed_in(self) -> bool {
        matches!(
            self,
            Scope::Search
                | Scope::Form
                | Scope::SignIn
                | Scope::Ask
                | Scope::Prompt
                | Scope::Letter
                | Scope::Staff
                | Scope::Arrival
                | Scope::Wait
                | Scope::Picker
        )
    }
}
