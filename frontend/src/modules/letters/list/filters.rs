//! Views and filters of the letter lists. They live in the address, so that a view can be kept and sent.

use diwan_kernel::{Permission, Priority, Secrecy};
use diwan_tarasol_api::{IncomingState, LetterView, OutgoingState, ViewCounts};
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::route::LetterBox;
use crate::app::session::SessionHandle;
use crate::i18n::{self, format};
use crate::modules::letters::names::state_word;
use crate::modules::letters::pick;
use crate::ui::tools::FilterChip;
use crate::ui::{Choice, DateField, Picker, Select, SelectOption, Tab};

/// What the server is asked with; the rest of the address is for people.
pub(super) const ASKED: &[&str] =
    &["view", "q", "state", "counterpart_id", "secrecy", "priority", "from", "to", "sort"];
/// What the filter panel sets, with the name of the agency for its chip.
const FILTERS: &[&str] = &["q", "counterpart_id", "agency", "secrecy", "priority", "from", "to"];
/// States before a letter is issued; each is a tab of the drafts.
pub(super) const DRAFT_STATES: [&str; 4] = ["draft", "returned", "in_review", "in_signature"];

/// The direction the server lists.
pub(super) fn direction(letters: LetterBox) -> &'static str {
    match letters {
        LetterBox::Incoming => "incoming",
        LetterBox::Outgoing | LetterBox::Drafts => "outgoing",
        LetterBox::Memos => "internal_memo",
    }
}

/// Where a new letter of this list is written.
pub(super) fn new_url(letters: LetterBox) -> String {
    if letters == LetterBox::Memos { "/letters/new?form=internal_memo".to_owned() } else { "/letters/new".to_owned() }
}

/// The views of a list.
fn views(letters: LetterBox, registers: bool) -> Vec<LetterView> {
    match letters {
        LetterBox::Incoming => {
            LetterView::ALL.iter().copied().filter(|view| *view != LetterView::ToRegister || registers).collect()
        }
        LetterBox::Outgoing => LetterView::ALL.iter().copied().filter(|view| *view != LetterView::ToRegister).collect(),
        LetterBox::Memos => vec![LetterView::All, LetterView::Mine, LetterView::Closed],
        LetterBox::Drafts => Vec::new(),
    }
}

/// The tabs of a list: views with their counts, or the states of drafts.
pub(super) fn tabs(letters: LetterBox, counts: Option<&ViewCounts>, session: &SessionHandle) -> Vec<Tab> {
    if letters == LetterBox::Drafts {
        return DRAFT_STATES.iter().map(|state| Tab::new(*state, state_word(state))).collect();
    }
    let views = views(letters, session.may(Permission::LettersRegister));
    let tab = |view: LetterView| {
        let count = counts.and_then(|counts| counts.counts.get(view.code()).copied());
        let tab = Tab::new(view.code(), i18n::code("view", view.code())).count(count);
        if view == LetterView::Overdue { tab.late() } else { tab }
    };
    views.into_iter().map(tab).collect()
}

/// The code of the current tab.
pub(super) fn view(letters: LetterBox, query: &Query) -> AttrValue {
    let (name, first) = if letters == LetterBox::Drafts { ("state", DRAFT_STATES[0]) } else { ("view", "all") };
    AttrValue::from(query.get(name).unwrap_or(first).to_owned())
}

/// The address after choosing a tab; the filters stay.
pub(super) fn with_view(letters: LetterBox, query: &Query, code: &str) -> Query {
    if letters == LetterBox::Drafts {
        return query.clone().with("state", code);
    }
    query.clone().with("view", if code == "all" { "" } else { code })
}

/// Whether a filter hides rows of the view.
pub(super) fn is_filtered(query: &Query) -> bool {
    FILTERS.iter().any(|name| query.get(name).is_some()) || query.get("view").is_none() && query.get("state").is_some()
}

/// The address without filters.
pub(super) fn cleared(query: &Query) -> Query {
    FILTERS.iter().chain(&["state"]).fold(query.clone(), |query, name| query.without(name))
}

/// The filters in force, each with a way to take it away.
pub(super) fn chips(letters: LetterBox, query: &Query, change: &Callback<Query>) -> Vec<FilterChip> {
    let date = |text: &str| text.parse().map_or_else(|_| text.to_owned(), format::date);
    let chip = |name: &'static str, title: String, word: &dyn Fn(&str) -> String| {
        let value = query.get(name)?;
        let word = word(value);
        let next = query.clone().without(name);
        let next = if name == "counterpart_id" { next.without("agency") } else { next };
        let on_remove = change.reform(move |()| next.clone());
        Some(FilterChip { name: title.into(), value: word.into(), on_remove })
    };
    let agency = query.get("agency").unwrap_or_default().to_owned();
    let state =
        (letters != LetterBox::Drafts).then(|| chip("state", t!("letters-state"), &|code| state_word(code))).flatten();
    [
        state,
        chip("counterpart_id", t!("letters-agency"), &|_| agency.clone()),
        chip("secrecy", t!("letters-secrecy"), &|code| i18n::code("secrecy", code)),
        chip("priority", t!("letters-priority"), &|code| i18n::code("priority", code)),
        chip("from", t!("letters-from-day"), &date),
        chip("to", t!("letters-to-day"), &date),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn states(letters: LetterBox) -> Vec<&'static str> {
    match letters {
        LetterBox::Incoming => IncomingState::ALL.iter().map(|state| state.code()).collect(),
        _ => OutgoingState::ALL.iter().map(|state| state.code()).collect(),
    }
}

fn options<'a>(set: &str, codes: impl IntoIterator<Item = &'a str>) -> Vec<SelectOption> {
    let all = SelectOption::new("", t!("letters-any"));
    let code = |code: &str| SelectOption::new(code.to_owned(), i18n::text(&i18n::code_key(set, code), None));
    std::iter::once(all).chain(codes.into_iter().map(code)).collect()
}

/// The filter panel.
#[derive(Properties, PartialEq)]
pub(super) struct FiltersProps {
    /// Which list.
    pub(super) letters: LetterBox,
    /// The filters in force.
    pub(super) query: Query,
    /// Told of the filters wanted.
    pub(super) onchange: Callback<Query>,
}

/// The filter panel.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let agencies = use_memo((), |()| pick::agencies());
    let query = &props.query;
    let value = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let set = |name: &'static str| {
        let query = query.clone();
        props.onchange.reform(move |value: String| query.clone().with(name, value))
    };
    let day = |name: &'static str| {
        let query = query.clone();
        props.onchange.reform(move |day: Option<chrono::NaiveDate>| {
            query.clone().with(name, day.map(|day| day.to_string()).unwrap_or_default())
        })
    };
    let picked = match (query.get("counterpart_id"), query.get("agency")) {
        (Some(id), Some(name)) => vec![Choice::new(id.to_owned(), name.to_owned())],
        _ => Vec::new(),
    };
    let on_agency = {
        let query = query.clone();
        props.onchange.reform(move |picked: Vec<Choice>| {
            let (id, name) =
                picked.first().map(|agency| (agency.id.to_string(), agency.label.to_string())).unwrap_or_default();
            query.clone().with("counterpart_id", id).with("agency", name)
        })
    };
    html! {
        <>
            if props.letters != LetterBox::Drafts {
                <Select label={t!("letters-state")} value={value("state")} options={options("state", states(props.letters))} onchange={set("state")} name="state" />
            }
            if props.letters != LetterBox::Memos {
                <Picker label={t!("letters-agency")} source={(*agencies).clone()} {picked} onchange={on_agency} single=true name="agency" />
            }
            <Select label={t!("letters-secrecy")} value={value("secrecy")} onchange={set("secrecy")} name="secrecy"
                options={options("secrecy", Secrecy::ALL.iter().map(|level| level.code()))} />
            <Select label={t!("letters-priority")} value={value("priority")} onchange={set("priority")} name="priority"
                options={options("priority", Priority::ALL.iter().map(|priority| priority.code()))} />
            <DateField label={t!("letters-from-day")} value={value("from").parse().ok()} onchange={day("from")} name="from" />
            <DateField label={t!("letters-to-day")} value={value("to").parse().ok()} onchange={day("to")} name="to" />
        </>
    }
}
