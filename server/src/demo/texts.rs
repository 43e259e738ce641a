//! What people in an invented clinic say and write.

/// Why they come.
pub(super) const SYMPTOMS: [&str; 20] = [
    "Sore throat since Monday.",
    "Blood pressure check.",
    "Lower back pain after gardening.",
    "Follow-up on the last blood test.",
    "Headaches in the afternoon.",
    "Rash on both forearms.",
    "Prescription renewal.",
    "Cough that does not go away.",
    "Knee hurts on stairs.",
    "Vaccination before a journey.",
    "Tired all the time.",
    "Palpitations at night.",
    "Earache, left side.",
    "Yearly check-up.",
    "A mole that has changed.",
    "Fever since last night.",
    "Stomach ache after meals.",
    "Wrist pain from typing.",
    "Shortness of breath when climbing stairs.",
    "Asking for a second opinion.",
];

/// Why a patient calls off.
pub(super) const OFF_BY_PATIENT: [&str; 5] = [
    "Feeling better.",
    "Has to work.",
    "No transport.",
    "Is travelling.",
    "Found an earlier appointment.",
];

/// Why the clinic does.
pub(super) const OFF_BY_CLINIC: [&str; 4] = [
    "The doctor is ill.",
    "An emergency came in.",
    "The examination room is being repaired.",
    "The laboratory results are not back yet.",
];

/// Why somebody is seen beside another one.
pub(super) const BESIDE: [&str; 5] = [
    "In pain.",
    "The only time they can come.",
    "Sent by the doctor on the phone.",
    "A small child with fever.",
    "Only a short look at the wound.",
];

/// What a visit is thought of, by stars from one to five.
pub(super) const REVIEWS: [&[&str]; 5] = [
    &[
        "Waited an hour and was seen for three minutes.",
        "Nobody called me back.",
    ],
    &[
        "Friendly, but I left with my questions.",
        "The wait was long.",
    ],
    &[
        "All right. The waiting room was full.",
        "Good doctor, hard to get an appointment.",
    ],
    &[
        "Took time to explain everything.",
        "Competent and calm.",
        "Helpful, even though it was a busy day.",
        "Good advice, clear plan.",
    ],
    &[
        "Listened carefully and found what it was.",
        "Best doctor I have been to.",
        "My daughter was not afraid at all.",
        "On time, thorough, kind.",
        "Explained every step. Thank you!",
    ],
];

/// A service: name, what it is, picture.
pub(super) const SERVICES: [(&str, &str, &[u8]); 5] = [
    (
        "Health check-up",
        "Examination, blood pressure, blood and urine tests, and a talk about the results.",
        include_bytes!("pictures/service-check-up.png"),
    ),
    (
        "Heart check",
        "Electrocardiogram at rest and under strain, ultrasound, and advice on risks.",
        include_bytes!("pictures/service-heart.png"),
    ),
    (
        "Children's clinic",
        "Check-ups from the first week on, vaccinations, and help on the same day.",
        include_bytes!("pictures/service-children.png"),
    ),
    (
        "Skin check",
        "All moles looked at through a dermatoscope, photographed and compared next year.",
        include_bytes!("pictures/service-skin.png"),
    ),
    (
        "Laboratory",
        "Blood is taken from 8 in the morning; most results are there by noon.",
        include_bytes!("pictures/service-laboratory.png"),
    ),
];

/// A contact request, oldest first: hours ago, status, name, e-mail, phone, subject, message.
pub(super) type Request = (
    i64,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    Option<&'static str>,
    &'static str,
);

pub(super) const CONTACTS: [Request; 12] = [
    (
        310,
        "resolved",
        "Marta Nilsen",
        None,
        "+47 22 555 0114",
        None,
        "Do you treat children under one year?",
    ),
    (
        286,
        "spam",
        "SEO Experts",
        Some("rank@example.org"),
        "",
        Some("Be first in every search"),
        "We make your clinic number one in search results. Answer today for half the price!",
    ),
    (
        240,
        "resolved",
        "Jonas Weber",
        Some("jonas.weber@example.org"),
        "+49 30 555 0187",
        Some("Invoice"),
        "My invoice of last month has the wrong address on it. Could you send it again?",
    ),
    (
        190,
        "in_progress",
        "Aylin Demir",
        None,
        "+90 212 555 0142",
        None,
        "I would like my records sent to my new doctor in Izmir.",
    ),
    (
        166,
        "resolved",
        "Tom Brady-Ellis",
        Some("tom@example.org"),
        "",
        Some("Parking"),
        "Is there a place to park for wheelchair users?",
    ),
    (
        120,
        "in_progress",
        "Ines Carvalho",
        None,
        "+351 21 555 0199",
        None,
        "My mother needs an interpreter for Portuguese. Is that possible?",
    ),
    (
        97,
        "spam",
        "Lucky Winner",
        None,
        "555 0100",
        None,
        "You have been chosen. Call us for your prize.",
    ),
    (
        71,
        "in_progress",
        "Kwame Mensah",
        Some("kwame@example.org"),
        "+233 30 555 0121",
        Some("Vaccinations"),
        "Which vaccinations do I need for my journey in January, and do you have them?",
    ),
    (
        44,
        "new",
        "Olga Petrova",
        None,
        "+7 495 555 0173",
        None,
        "Please call me about the results of my blood test.",
    ),
    (
        21,
        "new",
        "Ben Howard",
        Some("ben.howard@example.org"),
        "",
        Some("Video visit"),
        "Can a follow-up with Dr. Lindqvist be by video?",
    ),
    (
        5,
        "new",
        "Sofia Rossi",
        None,
        "+39 06 555 0135",
        None,
        "I lost the prescription from yesterday. Can I collect a new one?",
    ),
    (
        1,
        "new",
        "Chidi Eze",
        Some("chidi@example.org"),
        "+234 1 555 0162",
        Some("Appointment"),
        "Is there anything free this afternoon? My back again.",
    ),
];
