//! The days on which a template is due.

use chrono::{Datelike, Months, NaiveDate};
use diwan_finance_api::{VoucherEvery, VoucherSchedule};
use diwan_kernel::FieldError;
use diwan_platform::Fields;
use diwan_print::{Language, calendar};

/// Checks a schedule.
pub(super) fn check(schedule: &VoucherSchedule, fields: &mut Fields) {
    if !(1..=31).contains(&schedule.day) {
        fields.push(FieldError::new("schedule.day", "out_of_range").with("min", 1).with("max", 31));
    }
    if schedule.ends_on.is_some_and(|last| last < schedule.starts_on) {
        fields.push(FieldError::new("schedule.ends_on", "before_begin"));
    }
}

/// The first day on or after a day that the schedule falls on; none after its end.
pub(super) fn due_from(schedule: &VoucherSchedule, from: NaiveDate) -> Option<NaiveDate> {
    let from = from.max(schedule.starts_on);
    let step: i32 = match schedule.every {
        VoucherEvery::Month => 1,
        VoucherEvery::Quarter => 3,
    };
    let mut first = month_of(schedule.starts_on);
    if day_in(first, schedule.day)? < schedule.starts_on {
        first += 1;
    }
    let passed = (month_of(from) - first).max(0);
    let mut month = first + (passed + step - 1) / step * step;
    if day_in(month, schedule.day)? < from {
        month += step;
    }
    let due = day_in(month, schedule.day)?;
    schedule.ends_on.is_none_or(|last| due <= last).then_some(due)
}

/// The due day after one.
pub(super) fn due_after(schedule: &VoucherSchedule, day: NaiveDate) -> Option<NaiveDate> {
    due_from(schedule, day.succ_opt()?)
}

/// Months since the beginning of the calendar.
fn month_of(day: NaiveDate) -> i32 {
    day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0)
}

/// The day of a month, or its last where it is shorter.
fn day_in(month: i32, day: u32) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(month.div_euclid(12), u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
    first.with_day(day.clamp(1, last.day()))
}

/// What the time of a due day is called, for the subject of its draft: the month, or the quarter.
pub(super) fn period(every: VoucherEvery, due: NaiveDate) -> String {
    let name = match every {
        VoucherEvery::Month => calendar::gregorian_month(due.month(), Language::Ar),
        VoucherEvery::Quarter => match due.month0() / 3 {
            0 => "الربع الأول",
            1 => "الربع الثاني",
            2 => "الربع الثالث",
            _ => "الربع الرابع",
        },
    };
    format!("{name} {}", due.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn schedule(every: VoucherEvery, on: u32, from: &str, to: Option<&str>) -> VoucherSchedule {
        VoucherSchedule { every, day: on, starts_on: day(from), ends_on: to.map(day), paused: false }
    }

    /// All due days from the start, at most so many.
    fn all(schedule: &VoucherSchedule, most: usize) -> Vec<String> {
        let first = due_from(schedule, schedule.starts_on);
        let days = std::iter::successors(first, |last| due_after(schedule, *last));
        days.take(most).map(|day| day.to_string()).collect()
    }

    #[test]
    fn a_month_has_its_day_or_its_last_one() {
        let monthly = schedule(VoucherEvery::Month, 31, "2027-12-15", Some("2028-03-30"));
        assert_eq!(all(&monthly, 9), ["2027-12-31", "2028-01-31", "2028-02-29"], "the 31st of March is past the end");
        let early = schedule(VoucherEvery::Month, 10, "2027-01-15", None);
        assert_eq!(all(&early, 3), ["2027-02-10", "2027-03-10", "2027-04-10"]);
        let same = schedule(VoucherEvery::Month, 15, "2027-01-15", Some("2027-01-15"));
        assert_eq!(all(&same, 3), ["2027-01-15"]);
    }

    #[test]
    fn quarters_go_on_from_the_month_they_began_in() {
        let quarterly = schedule(VoucherEvery::Quarter, 5, "2027-02-01", None);
        assert_eq!(all(&quarterly, 3), ["2027-02-05", "2027-05-05", "2027-08-05"]);
        assert_eq!(due_from(&quarterly, day("2027-05-05")), Some(day("2027-05-05")));
        assert_eq!(due_from(&quarterly, day("2027-05-06")), Some(day("2027-08-05")));
        assert_eq!(due_from(&quarterly, day("2027-06-30")), Some(day("2027-08-05")));
        assert_eq!(due_from(&quarterly, day("2020-01-01")), Some(day("2027-02-05")));
    }

    #[test]
    fn each_time_has_its_name() {
        assert_eq!(period(VoucherEvery::Month, day("2027-01-31")), "كانون الثاني 2027");
        assert_eq!(period(VoucherEvery::Quarter, day("2027-11-05")), "الربع الرابع 2027");
    }
}
