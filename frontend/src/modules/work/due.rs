//! Deadlines as offices count them: in working days (أيام العمل).

use std::rc::Rc;

use chrono::NaiveDate;
use diwan_kernel::days::Calendar;
use diwan_platform_api::records::Holiday;
use yew::prelude::*;

use crate::client::{self, use_api};
use crate::i18n::format;
use crate::ui::{DueMark, Icon};

/// The days one's agency works on; none before they are known.
#[hook]
pub fn use_calendar() -> Option<Rc<Calendar>> {
    let holidays = use_api::<Vec<Holiday>>(Some(client::get("/api/holidays")));
    (*use_memo(holidays.data, |holidays| {
        holidays.as_ref().map(|days| Rc::new(Calendar::new(days.iter().map(|holiday| holiday.day))))
    }))
    .clone()
}

/// A deadline.
#[derive(Properties, PartialEq)]
pub struct WorkDueProps {
    /// The day; none draws nothing.
    pub due: Option<NaiveDate>,
    /// The days worked on.
    pub calendar: Option<Rc<Calendar>>,
}

/// A deadline: late in red, near in amber, else the date and how many working days are left.
#[component]
pub fn WorkDue(props: &WorkDueProps) -> Html {
    let (Some(due), Some(calendar)) = (props.due, &props.calendar) else {
        return html! { <DueMark due={props.due} /> };
    };
    let today = format::today();
    if due < today {
        let days = calendar.working_days_until(due, today);
        // A weekend after the last day: late, though no working day has passed.
        let word = if days == 0 { t!("work-late") } else { t!("work-late-days", days = days) };
        return html! { <span class="dw-due late" title={format::date(due)}>{ Icon::CircleAlert }{ word }</span> };
    }
    let left = calendar.working_days_until(today, due);
    html! {
        <>
            <DueMark due={Some(due)} />
            if left > 1 { <div class="dw-muted dw-sm">{ t!("work-left-days", days = left) }</div> }
        </>
    }
}
