//! What stands around a list: search field, filters as chips, the foot with selection and paging.

use std::ops::Range;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::badge::Num;
use super::button::{Button, IconButton, Variant};
use super::dom;
use super::form::TextField;
use super::icon::Icon;
use super::menu::Menu;
use super::picker::Chip;
use crate::app::query::Query;
use crate::client::download;
use crate::i18n::{self, format};

/// How long the typing rests before the list follows, milliseconds.
const REST: u32 = 300;

/// A filter in force.
#[derive(Clone, PartialEq)]
pub struct FilterChip {
    /// The filter's name.
    pub name: AttrValue,
    /// Its value in words.
    pub value: AttrValue,
    /// Takes it away.
    pub on_remove: Callback<()>,
}

/// The row between head and table.
#[derive(Properties, PartialEq)]
pub struct ToolsProps {
    /// The text the list is filtered by.
    #[prop_or_default]
    pub text: AttrValue,
    /// Told of the text after the typing rests; without it there is no field.
    #[prop_or_default]
    pub on_text: Option<Callback<String>>,
    /// The fields of the filter panel; without them there is no filter button.
    #[prop_or_default]
    pub filters: Option<Html>,
    /// The filters in force.
    #[prop_or_default]
    pub chips: Vec<FilterChip>,
    /// Takes all filters away.
    #[prop_or_default]
    pub on_clear: Callback<()>,
    /// What stands at the end: column choice, export.
    #[prop_or_default]
    pub children: Html,
}

/// The row between head and table.
#[component]
pub fn Tools(props: &ToolsProps) -> Html {
    let (typed, oninput) = use_typing(&props.text, props.on_text.clone().unwrap_or_default());
    let oninput = oninput.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let clear = props.on_clear.clone();
    html! {
        <div class="dw-tools">
            if props.on_text.is_some() {
                <label class="dw-field" style="flex:0 1 15rem">{ Icon::Search }
                    <input type="search" value={typed.clone()} {oninput} placeholder={t!("filter-list")} dir={dom::typed_dir(&typed)}
                        aria-label={t!("filter-list")} />
                </label>
            }
            if let Some(filters) = &props.filters { { panel(t!("filter"), filters) } }
            if !props.chips.is_empty() {
                <div class="dw-chips">
                    { for props.chips.iter().map(|chip| {
                        let on_remove = chip.on_remove.clone();
                        html! {
                            <Chip prefix={format!("{}:", chip.name)} label={chip.value.clone()}
                                on_remove={Callback::from(move |_| on_remove.emit(()))} />
                        }
                    }) }
                    <Button variant={Variant::Link} label={t!("clear-filters")} onclick={Callback::from(move |_| clear.emit(()))} />
                </div>
            }
            if props.children != Html::default() { <div class="dw-row dw-push dw-only-wide">{ props.children.clone() }</div> }
        </div>
    }
}

/// The button that opens the fields of a filter.
fn panel(words: String, fields: &Html) -> Html {
    let toggle = html! {
        <><span class="pf-v6-c-button__icon pf-m-start">{ Icon::Filter }</span><span class="pf-v6-c-button__text">{ words }</span></>
    };
    html! {
        <Menu label={t!("filter")} {toggle} worded=true class={classes!("pf-v6-c-button", "pf-m-secondary")} testid="filter"
            panel={html! { <div class="dw-pad dw-form">{ fields.clone() }</div> }} />
    }
}

/// Fields that narrow what is shown.
#[derive(Properties, PartialEq)]
pub struct FiltersProps {
    /// The fields.
    pub children: Html,
    /// How many of them hold something.
    pub set: usize,
}

/// Fields that narrow what is shown: in sight on wide screens, behind one button on narrow ones.
#[component]
pub fn Filters(props: &FiltersProps) -> Html {
    let words = if props.set == 0 { t!("filters") } else { t!("filters-set", n = props.set) };
    html! {
        <>
            <div class="dw-form two dw-only-wide" role="search">{ props.children.clone() }</div>
            <div class="dw-only-narrow">{ panel(words, &props.children) }</div>
        </>
    }
}

/// A field that the server searches by.
#[derive(Properties, PartialEq)]
pub struct FinderProps {
    /// The label.
    pub label: AttrValue,
    /// What is searched for.
    pub value: AttrValue,
    /// Told of the text after the typing rests.
    pub on_text: Callback<String>,
    /// Name for tests and for the browser.
    pub name: AttrValue,
}

/// A field that the server searches by: it is asked once for a word, not once for each letter.
#[component]
pub fn Finder(props: &FinderProps) -> Html {
    let (typed, oninput) = use_typing(&props.value, props.on_text.clone());
    html! { <TextField label={props.label.clone()} value={typed} {oninput} maxlength={100} name={props.name.clone()} /> }
}

/// What stands in a search field, and what takes the typing in it. `value` is what is searched for; `on_text` is told of
/// the text after the typing rests. Whatever is drawn meanwhile takes no letter away.
#[hook]
fn use_typing(value: &AttrValue, on_text: Callback<String>) -> (AttrValue, Callback<String>) {
    let typed = use_state_eq(|| value.clone());
    let told = use_mut_ref(|| value.clone());
    let resting = use_mut_ref(|| None::<Timeout>);
    // A filter may have been set since the last letter.
    let newest = use_mut_ref(|| on_text.clone());
    *newest.borrow_mut() = on_text;
    {
        let (typed, told, resting) = (typed.setter(), Rc::clone(&told), Rc::clone(&resting));
        use_effect_with(value.clone(), move |value| {
            // Changed by something else than the typing here, which comes back without the spaces around it.
            if told.replace(value.clone()).trim() != value.trim() {
                drop(resting.borrow_mut().take());
                typed.set(value.clone());
            }
        });
    }
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |text: String| {
            typed.set(text.clone().into());
            let (told, newest) = (Rc::clone(&told), Rc::clone(&newest));
            *resting.borrow_mut() = Some(Timeout::new(REST, move || {
                *told.borrow_mut() = text.clone().into();
                let on_text = newest.borrow().clone();
                on_text.emit(text);
            }));
        })
    };
    ((*typed).clone(), oninput)
}

/// Saves a list as XLSX.
#[derive(Properties, PartialEq)]
pub struct ExportProps {
    /// Where the server makes the file.
    pub path: AttrValue,
    /// The filters and the order of the list.
    pub query: Query,
}

/// Saves a list as XLSX, with its filters and order, in the language of the screen.
#[component]
pub fn Export(props: &ExportProps) -> Html {
    let url = format!("{}{}", props.path, props.query.clone().with("lang", i18n::lang().code()).text());
    html! {
        <Button icon={Icon::Download} label={t!("export-xlsx")} action="export"
            onclick={Callback::from(move |_| download::save(&url))} />
    }
}

/// Which page of a list is shown. Pages are asked for by the key the last one ended with, so the way back is remembered.
#[derive(Clone, PartialEq)]
pub struct Paging {
    /// The cursor of this page, none for the first.
    pub after: Option<String>,
    /// 0 for the first page.
    pub index: usize,
    go: Callback<Option<String>>,
}

impl Paging {
    /// Goes to the page after `cursor`.
    pub fn next(&self, cursor: String) {
        self.go.emit(Some(cursor));
    }

    /// Goes to the page before this one.
    pub fn previous(&self) {
        self.go.emit(None);
    }
}

/// Paging that begins anew whenever `filters` change.
#[hook]
pub fn use_paging<F: PartialEq + Clone + 'static>(filters: F) -> Paging {
    let way = use_state_eq(Vec::<String>::new);
    let last = use_mut_ref(|| filters.clone());
    // Decided while drawing, not after it: no page of the new filters is asked for with an old cursor.
    let stale = *last.borrow() != filters;
    if stale {
        *last.borrow_mut() = filters;
        way.set(Vec::new());
    }
    let go = {
        let way = way.clone();
        Callback::from(move |cursor: Option<String>| {
            let mut next = (*way).clone();
            match cursor {
                Some(cursor) => next.push(cursor),
                None => drop(next.pop()),
            }
            way.set(next);
        })
    };
    if stale {
        return Paging { after: None, index: 0, go };
    }
    Paging { after: way.last().cloned(), index: way.len(), go }
}

/// Rows of a page where all are at hand: ten thousand rows drawn at once would hold up every key.
pub const ROWS: usize = 100;

/// Of `count` rows at hand those that are drawn, the foot that leads to the others, and what goes to the page of a row.
#[hook]
pub fn use_rows(count: usize) -> (Range<usize>, Html, Callback<usize>) {
    let page = use_state_eq(|| 0_usize);
    let index = (*page).min(count.saturating_sub(1) / ROWS);
    let rows = index * ROWS..count.min((index + 1) * ROWS);
    let set = page.setter();
    let go = {
        let set = set.clone();
        Callback::from(move |next: Option<String>| {
            set.set(if next.is_some() { index + 1 } else { index.saturating_sub(1) });
        })
    };
    let foot = html! {
        if count > ROWS {
            <Foot rows={rows.len()} limit={ROWS} total={i64::try_from(count).ok()} next={(rows.end < count).then(String::new)}
                paging={Paging { after: None, index, go }} />
        }
    };
    (rows, foot, Callback::from(move |row: usize| set.set(row / ROWS)))
}

/// The foot of a list: what is ticked and what can be done with it, and the pages.
#[derive(Properties, PartialEq)]
pub struct FootProps {
    /// How many rows are ticked.
    #[prop_or_default]
    pub selected: usize,
    /// Rows on this page.
    pub rows: usize,
    /// Rows a full page has.
    pub limit: usize,
    /// Rows in all, where it is known.
    #[prop_or_default]
    pub total: Option<i64>,
    /// The cursor of the next page.
    #[prop_or_default]
    pub next: Option<String>,
    /// Where the list is.
    pub paging: Paging,
    /// What can be done with the ticked rows.
    #[prop_or_default]
    pub children: Html,
}

/// The foot of a list.
#[component]
pub fn Foot(props: &FootProps) -> Html {
    let count = |n: usize| format::number(i64::try_from(n).unwrap_or(i64::MAX));
    let from = props.paging.index * props.limit + 1;
    let range = format!("{}–{}", count(from), count(from + props.rows.saturating_sub(1)));
    let (back, on) = (props.paging.clone(), props.paging.clone());
    let next = props.next.clone();
    let forward = Callback::from(move |_| {
        if let Some(cursor) = next.clone() {
            on.next(cursor);
        }
    });
    html! {
        <div class="dw-foot">
            if props.selected > 0 {
                <span class="dw-b">{ t!("selected-count", n = props.selected) }</span>
                { props.children.clone() }
            }
            <span class="dw-push dw-row" style="gap:0.25rem">
                if props.rows > 0 {
                    <span class="dw-muted" aria-live="polite"><Num value={range} />
                        if let Some(total) = props.total { { " " }{ t!("of-total") }{ " " }<Num value={format::number(total)} /> }
                    </span>
                }
                <IconButton small=true icon={Icon::Previous} label={t!("previous-page")} disabled={props.paging.index == 0}
                    onclick={Callback::from(move |_| back.previous())} />
                <IconButton small=true icon={Icon::Next} label={t!("next-page")} disabled={props.next.is_none()} onclick={forward} />
            </span>
        </div>
    }
}
