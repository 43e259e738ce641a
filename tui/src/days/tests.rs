use super::*;

fn on(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

/// A Monday.
fn monday() -> NaiveDate {
    on(2026, 11, 23)
}

const WORDS: Format = Format::Words;

#[test]
fn a_day_to_go_to_is_typed_in_few_keys() {
    let today = monday();
    for (text, expected) in [
        ("3", on(2026, 12, 3)),
        ("23", today),
        ("31", on(2026, 12, 31)),
        ("3 12", on(2026, 12, 3)),
        ("3.12.", on(2026, 12, 3)),
        ("3/1", on(2027, 1, 3)),
        ("3 nov", on(2026, 11, 3)),
        ("3.12.27", on(2027, 12, 3)),
        ("2026-12-03", on(2026, 12, 3)),
        ("mon", on(2026, 11, 30)),
        ("this mon", today),
        ("last fri", on(2026, 11, 20)),
        ("last mon", on(2026, 11, 16)),
        ("Tuesday", on(2026, 11, 24)),
        ("tuesday morning", on(2026, 11, 24)),
        ("sun", on(2026, 11, 29)),
        ("+7", on(2026, 11, 30)),
        ("-1", on(2026, 11, 22)),
        ("+300", on(2027, 9, 19)),
        ("tomorrow", on(2026, 11, 24)),
        ("yesterday", on(2026, 11, 22)),
        ("2 weeks ago", on(2026, 11, 9)),
    ] {
        assert_eq!(any(text, today, WORDS), Ok(expected), "{text}");
    }
    let unreadable = Err(DayError::Unreadable(WORDS.days_ahead()));
    for text in ["", "soon", "x 12", "1.2.3.4", "+x", "mornings"] {
        assert_eq!(any(text, today, WORDS), unreadable, "{text}");
    }
    assert_eq!(any("31.2.", today, WORDS), Err(DayError::NoSuchDay));
    assert_eq!(any("45", today, WORDS), Err(DayError::NoSuchDay));
}

#[test]
fn days_are_read_as_people_say_them() {
    for (text, date) in [
        ("today", on(2026, 11, 23)),
        ("t", on(2026, 11, 23)),
        (" Tomorrow ", on(2026, 11, 24)),
        ("day after tomorrow", on(2026, 11, 25)),
        ("+3", on(2026, 11, 26)),
        ("+2w", on(2026, 12, 7)),
        ("in 3 days", on(2026, 11, 26)),
        ("in 2 weeks", on(2026, 12, 7)),
        ("2 weeks", on(2026, 12, 7)),
        ("in two weeks", on(2026, 12, 7)),
        ("in a week", on(2026, 11, 30)),
        ("in 1 month", on(2026, 12, 23)),
        ("next week", on(2026, 11, 30)),
        ("next month", on(2026, 12, 1)),
        ("mon", on(2026, 11, 23)),
        ("fri", on(2026, 11, 27)),
        ("fr", on(2026, 11, 27)),
        ("Friday", on(2026, 11, 27)),
        ("on friday", on(2026, 11, 27)),
        ("this friday", on(2026, 11, 27)),
        // The one of next week, not tomorrow.
        ("next tuesday", on(2026, 12, 1)),
        ("next fri", on(2026, 12, 4)),
        ("sun", on(2026, 11, 29)),
        ("4.12.", on(2026, 12, 4)),
        ("4 dec", on(2026, 12, 4)),
        ("12 dec", on(2026, 12, 12)),
        ("dec 12", on(2026, 12, 12)),
        ("12 december", on(2026, 12, 12)),
        ("12dec", on(2026, 12, 12)),
        ("the 12th of december", on(2026, 12, 12)),
        ("Dec 12, 2027", on(2027, 12, 12)),
        ("fri 4 dec", on(2026, 12, 4)),
        ("12", on(2026, 12, 12)),
        ("2 jan", on(2027, 1, 2)),
        ("22.11", on(2027, 11, 22)),
        ("4.12.26", on(2026, 12, 4)),
        ("4/12/2026", on(2026, 12, 4)),
        ("2026-12-04", on(2026, 12, 4)),
    ] {
        assert_eq!(day(text, monday(), WORDS), Ok(date), "{text}");
    }
}

#[test]
fn next_is_of_the_next_week_whatever_today_is() {
    let (friday, sunday) = (on(2026, 11, 27), on(2026, 11, 29));
    for today in [friday, sunday] {
        assert_eq!(day("next tuesday", today, WORDS), Ok(on(2026, 12, 1)));
    }
    assert_eq!(day("next sunday", sunday, WORDS), Ok(on(2026, 12, 6)));
    assert_eq!(day("this sunday", sunday, WORDS), Ok(sunday));
}

#[test]
fn only_a_hyphen_in_the_iso_way_puts_the_month_first() {
    let (december, august) = (on(2026, 12, 8), on(2027, 8, 12));
    for (format, hyphen) in [
        (Format::Iso, december),
        (Format::Words, august),
        (Format::Dots, august),
        (Format::Slashes, august),
    ] {
        let read = |text| day(text, monday(), format).unwrap();
        assert_eq!(read("12-08"), hyphen, "{format:?}");
        assert_eq!(read("12.08."), august, "{format:?}");
        assert_eq!(read("12/08"), august, "{format:?}");
        assert_eq!(read("12 08"), august, "{format:?}");
        assert_eq!(read("2026-12-08"), december, "{format:?}");
    }
    let iso = |text| day(text, monday(), Format::Iso);
    assert_eq!(iso("26-12-08"), Ok(december));
    assert_eq!(iso("8-dec"), Ok(december));
    assert_eq!(iso("13-08"), Err(DayError::NoSuchDay));
    assert_eq!(any("11-03", monday(), Format::Iso), Ok(on(2026, 11, 3)));
}

#[test]
fn a_day_without_a_year_is_the_next_one_also_over_new_year() {
    let last = on(2026, 12, 31);
    for (text, date) in [
        ("31 dec", last),
        ("30 dec", on(2027, 12, 30)),
        ("1 jan", on(2027, 1, 1)),
        ("tomorrow", on(2027, 1, 1)),
        ("31", last),
        ("1", on(2027, 1, 1)),
        ("next week", on(2027, 1, 4)),
        ("next month", on(2027, 1, 1)),
    ] {
        assert_eq!(day(text, last, WORDS), Ok(date), "{text}");
    }
    assert_eq!(any("30 dec", last, WORDS), Ok(on(2026, 12, 30)));
}

#[test]
fn the_day_of_leap_years_is_never_another_one() {
    let read = |text, today| day(text, today, WORDS);
    assert_eq!(read("29 feb", monday()), Err(DayError::LeapDay));
    assert_eq!(read("29 feb 2028", monday()), Ok(on(2028, 2, 29)));
    assert_eq!(read("29 feb 2027", monday()), Err(DayError::NoSuchDay));
    assert_eq!(read("29.2.", on(2027, 3, 1)), Ok(on(2028, 2, 29)));
    assert_eq!(read("29.2.", on(2028, 2, 29)), Ok(on(2028, 2, 29)));
    assert_eq!(read("in 1 month", on(2027, 1, 31)), Ok(on(2027, 2, 28)));
    assert_eq!(past("29 feb", on(2028, 3, 1), WORDS), Ok(on(2028, 2, 29)));
}

#[test]
fn who_books_says_a_part_of_the_day_too() {
    use PartOfDay::{Afternoon, Evening, Morning};
    let (today, tuesday) = (Some(monday()), Some(on(2026, 11, 24)));
    for (text, day, part) in [
        ("tuesday", tuesday, None),
        ("tuesday morning", tuesday, Some(Morning)),
        ("tue in the afternoon", tuesday, Some(Afternoon)),
        ("tomorrow afternoon", tuesday, Some(Afternoon)),
        ("tomorrow pm", tuesday, Some(Afternoon)),
        ("morning of 24 nov", tuesday, Some(Morning)),
        ("next tuesday evening", Some(on(2026, 12, 1)), Some(Evening)),
        ("12 dec am", Some(on(2026, 12, 12)), Some(Morning)),
        ("this afternoon", today, Some(Afternoon)),
        ("tonight", today, Some(Evening)),
        ("mornings", None, Some(Morning)),
        ("in the evening", None, Some(Evening)),
    ] {
        let expected = When { day, part };
        assert_eq!(when(text, monday(), WORDS), Ok(expected), "{text}");
    }
}

#[test]
fn days_of_the_audit_are_past() {
    let wednesday = on(2026, 11, 25);
    for (text, date) in [
        ("yesterday", on(2026, 11, 24)),
        ("today", wednesday),
        ("fri", on(2026, 11, 20)),
        ("wed", wednesday),
        ("last wed", on(2026, 11, 18)),
        ("4.12.", on(2025, 12, 4)),
        ("4 nov", on(2026, 11, 4)),
        ("24", on(2026, 11, 24)),
        ("30", on(2026, 10, 30)),
        ("3 days ago", on(2026, 11, 22)),
        ("2026-11-01", on(2026, 11, 1)),
    ] {
        assert_eq!(past(text, wednesday, WORDS), Ok(date), "{text}");
    }
    assert_eq!(past("11-04", wednesday, Format::Iso), Ok(on(2026, 11, 4)));
}

#[test]
fn what_is_no_day_says_what_is_one() {
    let read = |text| day(text, monday(), WORDS);
    assert_eq!(read("31.2.2027"), Err(DayError::NoSuchDay));
    assert_eq!(read("31 feb"), Err(DayError::NoSuchDay));
    assert_eq!(
        read("tue 23 nov").unwrap_err().to_string(),
        "That date is a Monday."
    );
    assert_eq!(
        read("tuesday morning"),
        Err(DayError::Part(PartOfDay::Morning))
    );
    for text in [
        "",
        "soon",
        "1.2.3.4",
        "+x",
        "1.2.345",
        "next",
        "next year",
        "3:12",
        "in 2",
    ] {
        let why = read(text).unwrap_err().to_string();
        let expected = "Not a day; type tomorrow, next tue, 4 dec or in 2 weeks.";
        assert_eq!(why, expected, "{text}");
    }
    let iso = day("soon", monday(), Format::Iso).unwrap_err().to_string();
    assert!(iso.contains("12-04"), "{iso}");
}
