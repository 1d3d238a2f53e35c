//! Marks: secrecy, priority, state, due date. Never colour alone, always a word.

use chrono::NaiveDate;
use diwan_kernel::{Priority, Secrecy};
use yew::prelude::*;

use super::icon::Icon;
use crate::i18n::{self, format};

/// A code, number or date: kept left to right inside any text.
#[derive(Properties, PartialEq)]
pub struct NumProps {
    /// The text.
    pub value: AttrValue,
}

/// A code, number or date: kept left to right inside any text.
#[component]
pub fn Num(props: &NumProps) -> Html {
    html! { <bdi class="num">{ &props.value }</bdi> }
}

/// A secrecy level.
#[derive(Properties, PartialEq)]
pub struct SecrecyProps {
    /// The level.
    pub level: Secrecy,
    /// Draws nothing for "normal" (record heads).
    #[prop_or_default]
    pub quiet: bool,
}

/// A secrecy level: plain, outlined, light or solid purple.
#[component]
pub fn SecrecyBadge(props: &SecrecyProps) -> Html {
    let word = i18n::code("secrecy", props.level.code());
    match props.level {
        Secrecy::Normal if props.quiet => Html::default(),
        Secrecy::Normal => html! { <span class="dw-muted">{ word }</span> },
        level => html! { <span class={format!("dw-sec l{}", level.rank())}>{ Icon::Lock }{ word }</span> },
    }
}

/// A priority.
#[derive(Properties, PartialEq)]
pub struct PriorityProps {
    /// The priority.
    pub priority: Priority,
    /// As a label with a bolt, and nothing for "normal" (record heads).
    #[prop_or_default]
    pub label: bool,
}

/// A priority: a bold word in lists, a label in heads.
#[component]
pub fn PriorityBadge(props: &PriorityProps) -> Html {
    let word = i18n::code("priority", props.priority.code());
    let normal = props.priority == Priority::Normal;
    match (props.label, normal) {
        (true, true) => Html::default(),
        (true, false) => html! {
            <span class="pf-v6-c-label pf-m-compact pf-m-outline">
                <span class="pf-v6-c-label__content">
                    <span class="pf-v6-c-label__icon">{ Icon::Bolt }</span>
                    <span class="pf-v6-c-label__text">{ word }</span>
                </span>
            </span>
        },
        (false, true) => html! { <span class="dw-prio dw-muted">{ word }</span> },
        (false, false) => html! { <span class="dw-prio high">{ word }</span> },
    }
}

/// The colour group of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateTone {
    /// Blue: nobody touched it yet.
    New,
    /// Teal: in progress.
    Work,
    /// Amber: waits for someone.
    Wait,
    /// Grey: done.
    Done,
}

/// A state as a dot and a word.
#[derive(Properties, PartialEq)]
pub struct StateProps {
    /// The colour group.
    pub tone: StateTone,
    /// The word.
    pub label: AttrValue,
}

/// A state as a dot and a word.
#[component]
pub fn StateDot(props: &StateProps) -> Html {
    let tone = match props.tone {
        StateTone::New => "new",
        StateTone::Work => "work",
        StateTone::Wait => "wait",
        StateTone::Done => "done",
    };
    html! { <span class={classes!("dw-state", tone)}>{ &props.label }</span> }
}

/// How near a due date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Days since it passed.
    Late(i64),
    /// Today.
    Today,
    /// Tomorrow.
    Tomorrow,
    /// Later.
    Later,
}

/// How near `due` is, seen from `today`.
pub fn due_of(due: NaiveDate, today: NaiveDate) -> Due {
    match (due - today).num_days() {
        days if days < 0 => Due::Late(-days),
        0 => Due::Today,
        1 => Due::Tomorrow,
        _ => Due::Later,
    }
}

/// A due date.
#[derive(Properties, PartialEq)]
pub struct DueProps {
    /// The day; none draws nothing.
    pub due: Option<NaiveDate>,
    /// It is done: the date stays plain however old it is.
    #[prop_or_default]
    pub done: bool,
}

/// A due date: late in red, near in amber, further ones as a plain date.
#[component]
pub fn DueMark(props: &DueProps) -> Html {
    let Some(due) = props.due else { return Html::default() };
    let near = if props.done { Due::Later } else { due_of(due, format::today()) };
    let title = format::date(due);
    let (class, icon, word) = match near {
        Due::Late(days) => ("late", Icon::CircleAlert, t!("due-late", days = days)),
        Due::Today => ("soon", Icon::Clock, t!("due-today")),
        Due::Tomorrow => ("soon", Icon::Clock, t!("due-tomorrow")),
        Due::Later => return html! { <span class="dw-due"><Num value={title} /></span> },
    };
    html! { <span class={classes!("dw-due", class)} {title}>{ icon }{ word }</span> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearness_of_due_dates() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-23");
        assert_eq!(due_of(day("2026-11-19"), today), Due::Late(4));
        assert_eq!(due_of(today, today), Due::Today);
        assert_eq!(due_of(day("2026-11-24"), today), Due::Tomorrow);
        assert_eq!(due_of(day("2026-11-25"), today), Due::Later);
    }
}
