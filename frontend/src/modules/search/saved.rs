//! Searches that one keeps: a menu beside the search box.

use diwan_archive_api::{NewSavedSearch, SavedSearch, SearchQuery, SearchSort};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::router::Link;
use crate::client::{self, Failure, use_api};
use crate::ui::menu::Menu;
use crate::ui::{Button, Dialog, FailureAlert, Icon, IconButton, TextField, Variant, use_toasts};

/// The search of an address, as it is kept.
fn kept(query: &Query) -> SearchQuery {
    let text = |name: &str| query.get(name).map(str::to_owned);
    let day = |name: &str| query.get(name).and_then(|day| day.parse().ok());
    SearchQuery {
        q: text("q").unwrap_or_default(),
        agency: text("agency"),
        kind: text("kind"),
        secrecy: text("secrecy"),
        class: text("class"),
        from: day("from"),
        to: day("to"),
        sort: query.get("sort").and_then(|code| code.parse::<SearchSort>().ok()),
        after: None,
        limit: None,
    }
}

/// The address of a search that is kept.
fn url(search: &SearchQuery) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |value: Option<chrono::NaiveDate>| value.map(|day| day.to_string()).unwrap_or_default();
    let query = Query::default()
        .with("q", search.q.clone())
        .with("agency", text(&search.agency))
        .with("kind", text(&search.kind))
        .with("secrecy", text(&search.secrecy))
        .with("class", text(&search.class))
        .with("from", day(search.from))
        .with("to", day(search.to))
        .with("sort", search.sort.map(SearchSort::code).unwrap_or_default());
    format!("/search{}", query.text())
}

/// What is being named.
#[derive(Clone, PartialEq)]
enum Naming {
    New(SearchQuery),
    Again(SavedSearch),
}

#[derive(Properties, PartialEq)]
pub(super) struct SavedProps {
    /// The search on the screen.
    pub(super) query: Query,
}

/// The searches one keeps.
#[component]
pub(super) fn Saved(props: &SavedProps) -> Html {
    let list = use_api::<Vec<SavedSearch>>(Some(client::get("/api/saved-searches")));
    let naming = use_state_eq(|| None::<Naming>);
    let toasts = use_toasts();
    let forget = |id: i64| {
        let (reload, toasts) = (list.reload.clone(), toasts.clone());
        Callback::from(move |_: MouseEvent| {
            let (reload, toasts) = (reload.clone(), toasts.clone());
            spawn_local(async move {
                match client::delete(format!("/api/saved-searches/{id}")).send::<()>().await {
                    Ok(()) => toasts.done(t!("find-saved-gone")),
                    Err(why) => toasts.failed(&why),
                }
                reload.emit(());
            });
        })
    };
    let line = |saved: &SavedSearch| {
        let (set, again) = (naming.setter(), saved.clone());
        let rename = Callback::from(move |_: MouseEvent| set.set(Some(Naming::Again(again.clone()))));
        html! {
            <li key={saved.id} class="dw-row" data-row-id={saved.id.to_string()} data-testid="saved-search">
                <Link to={url(&saved.query)}>{ &saved.name }</Link>
                <span class="dw-push dw-row">
                    <IconButton small=true icon={Icon::Edit} label={t!("find-rename")} onclick={rename} />
                    <IconButton small=true icon={Icon::Trash} label={t!("find-forget")} onclick={forget(saved.id)} />
                </span>
            </li>
        }
    };
    let save = {
        let (set, query) = (naming.setter(), kept(&props.query));
        Callback::from(move |_: MouseEvent| set.set(Some(Naming::New(query.clone()))))
    };
    let searches = list.data.as_ref().map(|list| list.as_slice()).unwrap_or_default();
    let panel = html! {
        <div class="dw-pad dw-saved" data-testid="saved-searches">
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if searches.is_empty() { <p class="dw-muted">{ t!("find-saved-empty") }</p> } else { <ul>{ for searches.iter().map(line) }</ul> }
            if !props.query.is_empty() { <Button icon={Icon::Plus} label={t!("find-save")} onclick={save} testid="save-search" /> }
        </div>
    };
    let (close, reload) = (naming.setter(), list.reload.clone());
    let on_close = Callback::from(move |saved: bool| {
        close.set(None);
        if saved {
            reload.emit(());
        }
    });
    html! {
        <>
            <Menu label={t!("find-saved")} toggle={html! { <>{ Icon::Bookmark }<span class="dw-only-wide">{ t!("find-saved") }</span></> }} {panel} testid="saved-open" />
            if let Some(naming) = &*naming { <Name naming={naming.clone()} current={kept(&props.query)} {on_close} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NameProps {
    naming: Naming,
    /// The search on the screen.
    current: SearchQuery,
    /// Told whether something was kept.
    on_close: Callback<bool>,
}

/// Asks for a name.
#[component]
fn Name(props: &NameProps) -> Html {
    let name = use_state_eq(|| match &props.naming {
        Naming::New(search) => search.q.chars().take(60).collect::<String>(),
        Naming::Again(saved) => saved.name.clone(),
    });
    let replace = use_state_eq(|| false);
    let failure = use_state_eq(|| None::<Failure>);
    let toasts = use_toasts();
    let submit = {
        let (naming, current, replace) = (props.naming.clone(), props.current.clone(), *replace);
        let (name, failure, on_close) = (name.clone(), failure.clone(), props.on_close.clone());
        Callback::from(move |()| {
            let (call, query) = match &naming {
                Naming::New(search) => (client::post("/api/saved-searches"), search.clone()),
                Naming::Again(saved) => {
                    let query = if replace { current.clone() } else { saved.query.clone() };
                    (client::put(format!("/api/saved-searches/{}", saved.id)), query)
                }
            };
            let call = call.json(&NewSavedSearch { name: (*name).clone(), query });
            let (failure, on_close, toasts) = (failure.clone(), on_close.clone(), toasts.clone());
            spawn_local(async move {
                match call.send::<SavedSearch>().await {
                    Ok(saved) => {
                        toasts.done(t!("find-saved-done", name = saved.name));
                        on_close.emit(true);
                    }
                    Err(why) => failure.set(Some(why)),
                }
            });
        })
    };
    let (set, close, cancel) = (name.setter(), props.on_close.clone(), props.on_close.clone());
    let again = matches!(props.naming, Naming::Again(_)) && !props.current.q.is_empty();
    let set_replace = replace.setter();
    let error = failure.as_ref().and_then(|failure| failure.field("name"));
    let footer = html! {
        <>
            <Button submit=true variant={Variant::Primary} label={t!("save")} testid="save-search-name" />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={Callback::from(move |_| cancel.emit(false))} />
        </>
    };
    html! {
        <Dialog title={t!("find-save")} on_close={Some(Callback::from(move |()| close.emit(false)))} on_submit={Some(submit)} {footer}>
            if failure.as_ref().is_some_and(|failure| !failure.has_fields()) { <FailureAlert failure={(*failure).clone()} /> }
            <TextField label={t!("find-name")} value={(*name).clone()} oninput={Callback::from(move |text| set.set(text))} required=true
                maxlength={100} autofocus=true name="search-name" error={error.map(AttrValue::from)} />
            if again {
                <crate::ui::Checkbox label={t!("find-save-again")} checked={*replace} onchange={Callback::from(move |on| set_replace.set(on))} />
            }
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_search_opens_the_same_address() {
        let query = Query::parse("?q=a+b&kind=outgoing,incoming&from=2026-01-01&sort=newest&class=3000");
        assert_eq!(url(&kept(&query)), format!("/search{}", query.text()));
    }
}
