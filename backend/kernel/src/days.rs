//! Working days (أيام العمل): the weekend is Friday and Saturday; holidays come from a table.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The days an agency does not work on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    holidays: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// A calendar with these public holidays.
    pub fn new(holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self { holidays: holidays.into_iter().collect() }
    }

    /// Whether offices work on that day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Fri | Weekday::Sat) && !self.holidays.contains(&day)
    }

    /// The day that is `count` working days after `from`; `from` itself does not count.
    pub fn add_working_days(&self, from: NaiveDate, count: u32) -> NaiveDate {
        let mut day = from;
        let mut left = count;
        while left > 0 {
            let Some(next) = day.checked_add_days(Days::new(1)) else { return day };
            day = next;
            if self.is_working(day) {
                left -= 1;
            }
        }
        day
    }

    /// How many working days lie after `from`, up to and with `to`; none where `to` is not later.
    pub fn working_days_until(&self, from: NaiveDate, to: NaiveDate) -> usize {
        from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| self.is_working(*day)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weekend_and_holidays_do_not_count() {
        let plain = Calendar::default();
        // 2026-11-19 is a Thursday.
        assert_eq!(plain.add_working_days(day("2026-11-19"), 1), day("2026-11-22"));
        assert_eq!(plain.add_working_days(day("2026-11-18"), 5), day("2026-11-25"));
        assert_eq!(plain.add_working_days(day("2026-11-18"), 0), day("2026-11-18"));
        let with = Calendar::new([day("2026-11-22")]);
        assert_eq!(with.add_working_days(day("2026-11-19"), 1), day("2026-11-23"));
        assert!(!with.is_working(day("2026-11-20")));
        assert_eq!(plain.working_days_until(day("2026-11-19"), day("2026-11-22")), 1);
        assert_eq!(with.working_days_until(day("2026-11-18"), day("2026-11-25")), 4);
        assert_eq!(plain.working_days_until(day("2026-11-19"), day("2026-11-19")), 0);
    }
}
