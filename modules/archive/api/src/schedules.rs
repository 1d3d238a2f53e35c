//! Retention schedules (جداول مدد الاستبقاء): how long documents are kept, and what follows.

use chrono::{Datelike, Months, NaiveDate};
use diwan_kernel::{Named, codes, dto};

/// The longest period, in years.
pub const YEARS_MAX: i32 = 200;

codes! {
    /// From when the period of a schedule runs.
    pub enum RetentionStart {
        /// From the day on which the document was filed.
        Filed = "filed",
        /// From the day that the document bears.
        Dated = "dated",
        /// From the day on which its file (ملف) was closed.
        FileClosed = "file_closed",
        /// From a day that somebody enters: a contract has ended, an employee has left.
        Event = "event",
    }

    /// What follows when the period is over (المصير).
    pub enum Fate {
        /// حفظ دائم: it is kept for ever.
        Keep = "keep",
        /// مراجعة: people decide.
        Review = "review",
        /// إتلاف: it is destroyed by a committee.
        Destroy = "destroy",
    }
}

dto! {
    /// A retention schedule.
    #[derive(Eq)]
    pub struct Schedule {
        /// Its id.
        pub id: i64,
        /// Its short code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// From when its period runs.
        pub starts: RetentionStart,
        /// Years of the period.
        pub years: i32,
        /// Further months.
        pub months: i32,
        /// Whether the period ends on the first of January that follows.
        pub new_year: bool,
        /// What follows.
        pub action: Fate,
        /// The legal text it rests on.
        pub mandate: String,
        /// It may be given to classes from this day.
        pub valid_from: NaiveDate,
        /// And until this day.
        pub valid_to: Option<NaiveDate>,
        /// Whether documents without a class are under it.
        pub fallback: bool,
        /// How many classes have it.
        pub classes: i64,
        /// For `If-Match`.
        pub version: i64,
    }

    /// A retention schedule as it is written.
    #[derive(Eq)]
    pub struct ScheduleInput {
        /// Its short code.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// From when its period runs.
        pub starts: RetentionStart,
        /// Years of the period.
        pub years: i32,
        /// Further months.
        pub months: i32,
        /// Whether the period ends on the first of January that follows.
        pub new_year: bool,
        /// What follows.
        pub action: Fate,
        /// The legal text it rests on.
        pub mandate: String,
        /// It may be given to classes from this day.
        pub valid_from: NaiveDate,
        /// And until this day.
        #[serde(default)]
        pub valid_to: Option<NaiveDate>,
    }
}

/// A period of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Years.
    pub years: i32,
    /// Further months.
    pub months: i32,
    /// Whether it ends on the first of January that follows.
    pub new_year: bool,
}

impl Period {
    /// The day on which a period that began on `start` is over; none beyond the calendar.
    pub fn end(self, start: NaiveDate) -> Option<NaiveDate> {
        let months = u32::try_from(self.years.checked_mul(12)?.checked_add(self.months)?).ok()?;
        let end = start.checked_add_months(Months::new(months))?;
        if self.new_year { NaiveDate::from_ymd_opt(end.year().checked_add(1)?, 1, 1) } else { Some(end) }
    }
}

/// A schedule that an agency begins with.
#[derive(Debug, Clone, Copy)]
pub struct StandardSchedule {
    /// Its code.
    pub code: &'static str,
    /// Its Arabic name.
    pub ar: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// From when it runs.
    pub starts: RetentionStart,
    /// Years of its period.
    pub years: i32,
    /// What follows.
    pub action: Fate,
}

/// What documents without a class are under.
pub const FALLBACK: &str = "0";
/// What the classes of an older list are under until somebody decides.
pub const UNDECIDED: &str = "R10";

/// The schedules an agency begins with; each rests on the National Documents Law until its own text is entered.
pub const STANDARD_SCHEDULES: &[StandardSchedule] = {
    use Fate::{Destroy, Keep, Review};
    use RetentionStart::{Dated, Event, FileClosed, Filed};
    const fn of(
        (code, ar, en): (&'static str, &'static str, &'static str),
        starts: RetentionStart,
        years: i32,
        action: Fate,
    ) -> StandardSchedule {
        StandardSchedule { code, ar, en, starts, years, action }
    }
    &[
        of((FALLBACK, "تُحفظ إلى أن تُصنَّف", "Kept until classified"), Filed, 0, Keep),
        of(("P", "حفظ دائم", "Permanent"), Filed, 0, Keep),
        of((UNDECIDED, "عشر سنوات ثم المراجعة", "Ten years, then review"), Dated, 10, Review),
        of(("D5", "خمس سنوات ثم الإتلاف", "Five years, then destruction"), Dated, 5, Destroy),
        of(
            ("F10", "عشر سنوات من إغلاق الملف ثم الإتلاف", "Ten years after the file is closed, then destruction"),
            FileClosed,
            10,
            Destroy,
        ),
        of(
            (
                "E15",
                "خمس عشرة سنة من انتهاء الخدمة أو العقد ثم المراجعة",
                "Fifteen years after service or contract ended, then review",
            ),
            Event,
            15,
            Review,
        ),
    ]
};

/// The law that the standard schedules rest on.
pub const STANDARD_MANDATE: &str = "قانون الوثائق الوطنية رقم 9 لسنة 2017";

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_ends_on_its_day_or_on_the_new_year_after_it() {
        let end = |years, months, new_year, start| Period { years, months, new_year }.end(day(start));
        assert_eq!(end(5, 0, false, "2020-02-29"), Some(day("2025-02-28")));
        assert_eq!(end(5, 0, true, "2020-05-03"), Some(day("2026-01-01")));
        assert_eq!(end(0, 0, true, "2020-12-31"), Some(day("2021-01-01")));
        assert_eq!(end(0, 6, false, "2020-08-31"), Some(day("2021-02-28")));
        assert_eq!(end(0, 0, false, "2020-05-03"), Some(day("2020-05-03")));
        assert_eq!(Period { years: i32::MAX, months: 0, new_year: false }.end(day("2020-01-01")), None);
    }

    #[test]
    fn one_standard_schedule_catches_what_has_no_class() {
        assert_eq!(STANDARD_SCHEDULES.iter().filter(|schedule| schedule.code == FALLBACK).count(), 1);
        assert!(STANDARD_SCHEDULES.iter().any(|schedule| schedule.code == UNDECIDED));
    }
}
