//! The one rule for the day on which something is done about a document (احتساب مدد الاستبقاء).

use chrono::NaiveDate;

use crate::{Fate, Period, RetentionStart};

/// What the day of a document is reckoned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The day on which it was filed.
    pub filed: NaiveDate,
    /// The day that it bears.
    pub dated: NaiveDate,
    /// The day on which its file was closed.
    pub closed: Option<NaiveDate>,
    /// The day that somebody entered.
    pub event: Option<NaiveDate>,
    /// A review keeps it until this day.
    pub until: Option<NaiveDate>,
    /// A review decided on this day that it may be destroyed.
    pub condemned: Option<NaiveDate>,
}

/// What a schedule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// From when its period runs.
    pub starts: RetentionStart,
    /// Its period.
    pub period: Period,
    /// What follows.
    pub action: Fate,
}

/// What follows for a document, and on which day; no day while its period has not begun, and for what stays for ever.
/// No review shortens a period: what was decided counts from the day on which the period is over.
pub fn reckon(terms: Terms, facts: Facts) -> (Fate, Option<NaiveDate>) {
    let start = match terms.starts {
        RetentionStart::Filed => Some(facts.filed),
        RetentionStart::Dated => Some(facts.dated),
        RetentionStart::FileClosed => facts.closed,
        RetentionStart::Event => facts.event,
    };
    let over = start.and_then(|start| terms.period.end(start));
    let day = over.map(|over| [facts.until, facts.condemned].into_iter().flatten().fold(over, NaiveDate::max));
    match (terms.action, facts.condemned) {
        (Fate::Keep, _) => (Fate::Keep, None),
        (Fate::Review, Some(_)) => (Fate::Destroy, day),
        (action, _) => (action, day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn facts() -> Facts {
        let day = day("2020-03-10");
        Facts { filed: day, dated: day, closed: None, event: None, until: None, condemned: None }
    }

    fn terms(starts: RetentionStart, years: i32, action: Fate) -> Terms {
        Terms { starts, period: Period { years, months: 0, new_year: true }, action }
    }

    #[test]
    fn a_day_is_reckoned_from_what_the_schedule_waits_for() {
        let filed = terms(RetentionStart::Filed, 5, Fate::Destroy);
        assert_eq!(reckon(filed, facts()), (Fate::Destroy, Some(day("2026-01-01"))));
        let closed = terms(RetentionStart::FileClosed, 5, Fate::Destroy);
        assert_eq!(reckon(closed, facts()), (Fate::Destroy, None), "the file is open");
        let facts = Facts { closed: Some(day("2021-01-02")), ..facts() };
        assert_eq!(reckon(closed, facts), (Fate::Destroy, Some(day("2027-01-01"))));
        assert_eq!(reckon(terms(RetentionStart::Dated, 5, Fate::Keep), facts), (Fate::Keep, None));
    }

    #[test]
    fn a_decision_lengthens_and_never_shortens() {
        let review = terms(RetentionStart::Dated, 5, Fate::Review);
        let kept = Facts { until: Some(day("2030-06-01")), ..facts() };
        assert_eq!(reckon(review, kept), (Fate::Review, Some(day("2030-06-01"))));
        let early = Facts { condemned: Some(day("2022-06-01")), ..facts() };
        assert_eq!(reckon(review, early), (Fate::Destroy, Some(day("2026-01-01"))));
        let forever = terms(RetentionStart::Dated, 5, Fate::Keep);
        assert_eq!(reckon(forever, early), (Fate::Keep, None), "a schedule that keeps outweighs a decision");
    }
}
