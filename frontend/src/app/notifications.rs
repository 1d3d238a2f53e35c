//! The bell: how many notifications are unread, and the newest of them in its panel.

use diwan_kernel::problem::Args;
use diwan_kernel::{Named, Page};
use diwan_platform_api::records::RecordKind;
use diwan_platform_api::work::{MarkRead, NotificationView};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::route::Route;
use super::router::{Link, use_place};
use super::sidebar::use_counts;
use crate::client::events::use_gathered;
use crate::client::{self, use_api};
use crate::i18n::{self, TextArgs, format};
use crate::ui::{Button, Empty, FailureAlert, Icon, Menu, Num, Variant};

/// The most notifications the panel shows, a hundred being the server's own bound.
const MOST: usize = 100;
/// How many it starts with, and how many more each step adds.
const STEP: usize = 20;
/// Notifications that never name a record: whether there is one must not be told.
const WITHOUT_RECORD: &[&str] = &["access_requested", "access_refused"];

/// The bell.
#[component]
pub fn Bell() -> Html {
    let counts = use_counts();
    let place = use_place();
    let unread = counts.map_or(0, |counts| counts.unread);
    let toggle = html! {
        <>
            { Icon::Bell }
            if unread > 0 { <span class="dw-count" aria-hidden="true" data-count={if unread > 99 { "99+".to_owned() } else { format::number(unread) }} /> }
        </>
    };
    // Another screen closes the panel.
    html! {
        <Menu key={place.route.path()} label={t!("notifications-unread", n = unread)} {toggle} class={classes!("dw-iconbtn")} testid="bell"
            panel={html! { <Panel {unread} /> }} />
    }
}

#[derive(Properties, PartialEq)]
struct PanelProps {
    unread: i64,
}

/// What the bell opens; it is loaded when it opens.
#[component]
fn Panel(props: &PanelProps) -> Html {
    let shown = use_state_eq(|| STEP);
    let page =
        use_api::<Page<NotificationView>>(Some(client::get("/api/notifications").query("limit", shown.to_string())));
    use_gathered(page.reload.clone());
    let read = {
        let reload = page.reload.clone();
        Callback::from(move |which: MarkRead| {
            let reload = reload.clone();
            spawn_local(async move {
                // The counts follow by the live event; a failure leaves everything unread, which is seen.
                drop(client::post("/api/notifications/read").json(&which).done().await);
                reload.emit(());
            });
        })
    };
    let newest = page.data.as_ref().and_then(|page| page.items.first()).map(|item| item.id);
    let read_all = {
        let read = read.clone();
        Callback::from(move |_| read.emit(MarkRead { up_to: newest, ..MarkRead::default() }))
    };
    let more = {
        let shown = shown.clone();
        Callback::from(move |_| shown.set((*shown + STEP).min(MOST)))
    };
    let has_more = *shown < MOST && page.data.as_ref().is_some_and(|page| page.next.is_some());
    html! {
        <div class="dw-notes" data-testid="notifications">
            <div class="dw-notes__head">
                <h2 class="dw-h2">{ t!("notifications") }</h2>
                if props.unread > 0 { <span class="dw-push"><Button variant={Variant::Link} label={t!("notifications-read-all")} onclick={read_all} /></span> }
            </div>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            if let Some(page) = &page.data {
                if page.items.is_empty() { <Empty text={t!("notifications-none")} /> }
                <ul>{ for page.items.iter().map(|item| draw(item, &read)) }</ul>
            } else {
                <p class="dw-pad dw-muted dw-skel-late">{ t!("loading") }</p>
            }
            if has_more { <div class="dw-pad"><Button variant={Variant::Link} label={t!("notifications-older")} onclick={more} /></div> }
        </div>
    }
}

/// The text of a notification: names in the chosen language, codes by their word.
fn words(kind: &str, given: &Args) -> String {
    let mut args = TextArgs::new();
    for name in ["task", "by", "from", "number", "reason", "until"] {
        let value = given.get(name).map_or("", String::as_str);
        let text = match client::json::read::<Named>(value) {
            Some(named) => i18n::name(&named),
            None if name == "task" => i18n::find(&i18n::code_key("task-kind", value), None).unwrap_or_default(),
            None => value.to_owned(),
        };
        args.set(name, text);
    }
    i18n::find(&i18n::code_key("notification", kind), Some(&args)).unwrap_or_else(|| t!("notification-other"))
}

const fn icon(kind: RecordKind) -> Icon {
    match kind {
        RecordKind::Document => Icon::Archive,
        kind if kind.is_letter() => Icon::Letter,
        _ => Icon::Columns,
    }
}

fn draw(item: &NotificationView, read: &Callback<MarkRead>) -> Html {
    let id = item.id;
    let on_go = {
        let (read, is_read) = (read.clone(), item.read);
        Callback::from(move |()| {
            if !is_read {
                read.emit(MarkRead { ids: vec![id], ..MarkRead::default() });
            }
        })
    };
    let text = words(&item.kind, &item.args);
    let at = html! { <time class="dw-muted dw-sm"><Num value={format::date_time(item.created_at)} /></time> };
    let dot = html! { if !item.read { <span class="dw-notes__dot"><span class="dw-visually-hidden">{ t!("notification-unread") }</span></span> } };
    let content = match &item.record {
        Some(record) => {
            let route = Route::of_record(record.kind, record.id);
            html! {
                <Link to={route.path()} class="dw-notes__item" {on_go}>
                    { icon(record.kind) }
                    <span><span class="dw-b">{ text }</span><span dir="auto">{ &record.subject }</span>{ at }</span>{ dot }
                </Link>
            }
        }
        None => html! {
            <div class="dw-notes__item">{ Icon::Bell }
                <span><span class="dw-b">{ text }</span>if !WITHOUT_RECORD.contains(&item.kind.as_str()) { <span class="dw-muted">{ t!("notification-record-gone") }</span> }{ at }</span>{ dot }
            </div>
        },
    };
    html! { <li key={id} class={classes!((!item.read).then_some("is-unread"))}>{ content }</li> }
}
