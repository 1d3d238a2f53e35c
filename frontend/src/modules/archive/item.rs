//! One document: its paper, what is said about it, its files, what happened to it.

use std::rc::Rc;

use diwan_archive_api::Document;
use diwan_kernel::Permission;
use diwan_platform_api::files::{Attachment, ContentState};
use diwan_platform_api::records::RecordKind;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::extra;
use super::fields::{DocumentFields, Typed};
use super::held::{FileHolding, VersionNotes};
use super::kept::Kept;
use super::linked::Linked;
use super::list::content_mark;
use super::renditions::{Protected, is_protected};
use super::scan::FileView;
use super::trail::Trail;
use super::within::{Spot, Within};
use crate::app::NotFound;
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::events::use_gathered;
use crate::client::{self, ApiState, Failure, download, use_api, use_seen};
use crate::i18n::{self, format};
use crate::modules::admin::{Grants, RecordViews};
use crate::ui::file_drop::FileRow;
use crate::ui::record::{Actions, RecordAction, RecordShell};
use crate::ui::{
    Alert, Button, Crumb, Dialog, Empty, Facts, FailureAlert, Icon, Num, Screen, SecrecyBadge, Tab, Tone, Variant,
    use_toasts,
};

/// One document.
#[derive(Properties, PartialEq)]
pub struct ItemProps {
    /// The record.
    pub id: i64,
}

/// The address of a file; `inline` shows it in the page instead of saving it.
pub(super) fn content_url(id: i64, inline: bool) -> String {
    format!("/api/attachments/{id}/content{}", if inline { "?inline=1" } else { "" })
}

/// One document.
#[component]
pub fn Item(props: &ItemProps) -> Html {
    let document = use_api::<Document>(Some(client::get(format!("/api/documents/{}", props.id))));
    // Words arrive as they are read.
    use_gathered(document.reload.clone());
    let Some(data) = document.data.clone() else {
        if document.failure.as_ref().is_some_and(|failure| failure.status() == 404) {
            return html! { <Unseen id={props.id} /> };
        }
        return html! {
            <Screen head={html! {}}>
                <FailureAlert failure={document.failure.clone()} retry={Some(document.reload.clone())} />
                if document.loading { <p class="dw-muted dw-skel-late" role="status">{ t!("loading") }</p> }
            </Screen>
        };
    };
    html! { <Shown document={data} state={Handle(document)} /> }
}

/// What stands where there is no such document, or none for this reader: the two look alike, and whoever followed a link
/// may ask.
#[component]
fn Unseen(props: &ItemProps) -> Html {
    let id = props.id;
    let ask = Callback::from(move |_: MouseEvent| router::go(&format!("/admin/requests?record={id}")));
    html! {
        <>
            <NotFound />
            <p class="dw-pad"><Button icon={Icon::Lock} label={t!("request-from-here")} onclick={ask} testid="ask-access" /></p>
        </>
    }
}

/// The loaded state as a property; equal handles load the same thing.
#[derive(Clone)]
struct Handle(ApiState<Document>);

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        self.0.data == other.0.data
    }
}

#[derive(Properties, PartialEq)]
struct ShownProps {
    document: Rc<Document>,
    state: Handle,
}

/// The file that is shown first: the one the address names, else the first that can be shown.
fn first_file(document: &Document, asked: Option<i64>) -> Option<i64> {
    let named = document.attachments.iter().find(|file| Some(file.id) == asked);
    let pdf = || document.attachments.iter().find(|file| file.media_type == "application/pdf");
    named.or_else(pdf).or(document.attachments.first()).map(|file| file.id)
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    let document = &props.document;
    let query = use_place().query;
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
    let asked = number("file");
    let file = use_state_eq(|| first_file(document, asked));
    let tab = use_state_eq(|| AttrValue::Static("details"));
    let editing = use_state_eq(|| false);
    let shown = document.attachments.iter().find(|attachment| Some(attachment.id) == *file).cloned();
    let session = use_session();
    let mut tabs = vec![
        Tab::new("details", t!("details")),
        Tab::new("files", t!("files")).count(i64::try_from(document.attachments.len()).ok()),
        Tab::new("find", t!("find-within")),
        Tab::new("keeping", t!("keeping")),
        Tab::new("links", t!("links")),
        Tab::new("trail", t!("trail")),
    ];
    if session.may(Permission::AccessGrant) {
        tabs.push(Tab::new("access", t!("access")));
    }
    if session.may(Permission::ViewsRead) {
        tabs.push(Tab::new("views", t!("views")));
    }
    let (set_tab, set_file, close) = (tab.setter(), file.setter(), editing.setter());
    let side = match tab.as_str() {
        "files" => files(document, *file, &Callback::from(move |id| set_file.set(Some(id))), &props.state.0.reload),
        "find" => {
            let (set, at) = (file.setter(), query.clone());
            let on_open = Callback::from(move |spot: Spot| {
                let page = spot.page.map(|page| page.to_string()).unwrap_or_default();
                let id = spot.file.map(|id| id.to_string()).unwrap_or_default();
                router::replace_query(&at.clone().with("file", id).with("page", page).with("find", spot.find));
                set.set(spot.file);
            });
            html! { <Within record={document.head.id} find={query.get("find").unwrap_or_default().to_owned()} {on_open} /> }
        }
        "access" => html! { <Grants record={Some(document.head.id)} /> },
        "views" => html! { <RecordViews record={document.head.id} /> },
        "keeping" => html! { <Kept document={Rc::clone(document)} on_change={props.state.0.reload.clone()} /> },
        "links" => html! { <Linked record={document.head.id} may_edit={document.may_edit} /> },
        "trail" => html! { <Trail record={document.head.id} version={document.head.version} /> },
        _ => details(document),
    };
    let page = number("page").filter(|_| asked == *file).and_then(|page| u32::try_from(page).ok()).unwrap_or(1);
    html! {
        <>
            <RecordShell subject={document.head.subject.clone()} line={line(document)} actions={actions(document, shown.as_ref(), editing.setter())}
                crumbs={vec![Crumb::link(t!("nav-archive"), Route::Archive.path()), Crumb::here(document.head.number.clone().unwrap_or_else(|| t!("record-kind-document")))]}
                marks={html! { <><SecrecyBadge level={document.head.secrecy} quiet=true />{ for document.head.caveats.iter().map(|caveat| html! { <span class="dw-sec l1">{ i18n::code("caveat", caveat.code()) }</span> }) }</> }}
                notice={notice(document, &props.state.0.reload)} {tabs} tab={(*tab).clone()} on_tab={Callback::from(move |code| set_tab.set(code))} {side}>
                if let Some(file) = shown {
                    <FileView key={format!("{}-{}", file.id, file.content.code())} file={file.clone()} {page} find={query.get("find").unwrap_or_default().to_owned()}
                        may_check={document.may_edit} checking={query.get("check").is_some()} />
                } else {
                    <Empty text={t!("files-none")} />
                }
            </RecordShell>
            if *editing { <Editing document={Rc::clone(document)} on_close={Callback::from(move |()| close.set(false))} set={props.state.0.set.clone()} reload={props.state.0.reload.clone()} /> }
        </>
    }
}

fn line(document: &Document) -> Html {
    html! {
        <>
            { i18n::code("record-kind", document.head.kind.code()) }{ " " }
            if let Some(number) = &document.head.number { <Num value={number.clone()} /> }
            if !document.party.is_empty() { { " · " }<bdi>{ &document.party }</bdi> }
        </>
    }
}

fn actions(document: &Document, shown: Option<&Attachment>, editing: UseStateSetter<bool>) -> Html {
    let mut actions = Vec::new();
    if shown.is_some() {
        actions.push(RecordAction::new("download", t!("download"), Icon::Download));
        actions.push(RecordAction::new("print", t!("print"), Icon::Print));
    }
    if document.may_edit {
        actions.push(RecordAction::new("edit", t!("action-edit"), Icon::Edit));
    }
    if document.head.kind != RecordKind::Document {
        actions.push(RecordAction::new("letter", t!("document-to-letter"), Icon::Letter));
    }
    let (file, record) = (shown.map(|file| (file.id, file.media_type.clone())), document.head.id);
    let on_action = Callback::from(move |code: AttrValue| match (code.as_str(), &file) {
        ("download", Some((id, _))) => download::save(&content_url(*id, false)),
        ("print", Some((id, media))) => print(*id, media),
        ("edit", _) => editing.set(true),
        ("letter", _) => router::go_to(&Route::Letter(record)),
        _ => {}
    });
    html! { <Actions {actions} {on_action} outside=3 /> }
}

/// Prints a file: a PDF or an image in its own tab, where the browser's print is at hand; others are saved.
fn print(id: i64, media_type: &str) {
    if media_type == "application/pdf" || media_type.starts_with("image/") {
        // A blocked window leaves the page as it is; the viewer's own print button remains.
        let _ = web_sys::window().map(|window| window.open_with_url_and_target(&content_url(id, true), "_blank"));
    } else {
        download::save(&content_url(id, false));
    }
}

/// What the reader should know before reading: a file that could not be read is not found by its words.
fn notice(document: &Document, reload: &Callback<()>) -> Html {
    let keeping = document.keeping.as_ref();
    if let Some(day) = keeping.and_then(|keeping| keeping.destroyed_on) {
        return html! { <Alert tone={Tone::Warning} title={t!("document-destroyed", day = format::date(day))}>{ t!("document-destroyed-text") }</Alert> };
    }
    if let Some(hold) = keeping.and_then(|keeping| keeping.holds.first()) {
        return html! { <Alert tone={Tone::Warning} title={t!("held-by", reason = hold.reason.as_str())} /> };
    }
    if let Some(locked) = document.attachments.iter().find(|file| is_protected(file)) {
        return html! { <Protected key={locked.id} file={locked.id} name={locked.file_name.clone()} on_read={reload.clone()} /> };
    }
    let reason = document
        .content_reason
        .as_deref()
        .map(|code| i18n::find(&i18n::code_key("content-reason", code), None).unwrap_or_else(|| code.to_owned()));
    if document.attachments.iter().any(|file| file.damage.is_some()) {
        return html! { <Alert tone={Tone::Danger} title={t!("document-damaged")} /> };
    }
    match document.content {
        ContentState::Refused => {
            html! { <Alert tone={Tone::Warning} title={t!("document-unread")}>{ reason.unwrap_or_default() }</Alert> }
        }
        ContentState::Pending => html! { <Alert title={t!("document-pending")} /> },
        ContentState::Text | ContentState::NoText => Html::default(),
    }
}

fn details(document: &Document) -> Html {
    let head = &document.head;
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("document-agency").into(), html! { { i18n::name(&head.agency.name) } }),
        (t!("document-party").into(), html! { <bdi>{ &document.party }</bdi> }),
        (t!("document-date").into(), html! { { format::day_name(document.doc_date) } }),
        (
            t!("document-class").into(),
            html! { <Num value={document.class_code.clone().unwrap_or_else(|| "—".to_owned())} /> },
        ),
        (t!("document-secrecy").into(), html! { <SecrecyBadge level={head.secrecy} /> }),
        (t!("document-source").into(), html! { { i18n::code("document-source", document.source.code()) } }),
        (t!("document-content").into(), content_mark(document.content)),
        (t!("document-filed-at").into(), html! { <Num value={format::date_time(document.filed_at)} /> }),
        (t!("document-filed-by").into(), html! { { i18n::name(&head.created_by.name) } }),
    ];
    if let Some(unit) = &head.unit {
        rows.insert(1, (t!("document-unit").into(), html! { { i18n::name(&unit.name) } }));
    }
    rows.extend(extra::facts(document));
    html! {
        <>
            <Facts {rows} />
            if head.kind != RecordKind::Document { <Link to={Route::of_record(head.kind, head.id).path()}>{ t!("document-to-letter") }</Link> }
        </>
    }
}

fn files(document: &Document, shown: Option<i64>, on_show: &Callback<i64>, reload: &Callback<()>) -> Html {
    if document.attachments.is_empty() {
        return html! { <Empty text={t!("files-none")} /> };
    }
    let row = |file: &Attachment| {
        let id = file.id;
        let pages = file.pages.map(|pages| format!(" · {}", t!("pages", n = pages))).unwrap_or_default();
        html! {
            <div key={id} data-row-id={id.to_string()} aria-current={(shown == Some(id)).then_some("true")} class={classes!((shown == Some(id)).then_some("dw-b"))}>
                <FileRow name={file.file_name.clone()} media_type={file.media_type.clone()} note={format!("{}{pages}", format::bytes(file.size))}
                    on_open={Some(on_show.reform(move |()| id))} on_download={Some(Callback::from(move |()| download::save(&content_url(id, false))))} />
                if file.name_mismatch { <div class="dw-sm dw-muted">{ t!("file-name-lies", kind = file.media_type.as_str()) }</div> }
                if let Some(damage) = file.damage { <div class="dw-sm dw-b">{ i18n::code("blob-state", damage.code()) }</div> }
                <VersionNotes file={file.clone()} />
                if document.may_edit { <FileHolding file={file.clone()} on_change={reload.clone()} /> }
                if file.content == ContentState::Refused { <div class="dw-sm">{ content_mark(file.content) }</div> }
            </div>
        }
    };
    html! { { for document.attachments.iter().map(row) } }
}

#[derive(Properties, PartialEq)]
struct EditingProps {
    document: Rc<Document>,
    on_close: Callback<()>,
    set: Callback<Rc<Document>>,
    reload: Callback<()>,
}

/// Changes what is said about a document.
#[component]
fn Editing(props: &EditingProps) -> Html {
    let typed = use_state_eq(|| Typed::of(&props.document));
    let failure = use_state_eq(|| None::<Failure>);
    let (busy, tried) = (use_state_eq(|| false), use_state_eq(|| false));
    let toasts = use_toasts();
    let seen = use_seen(&props.document, |document| document.head.version, failure.as_ref(), &props.reload);
    {
        let typed = typed.clone();
        let last = use_mut_ref(|| Rc::clone(&seen));
        use_effect_with(Rc::clone(&seen), move |seen| {
            let before = last.replace(Rc::clone(seen));
            typed.set(typed.over(&Typed::of(&before), &Typed::of(seen)));
        });
    }
    let submit = {
        let (typed, failure, busy, tried) = (typed.clone(), failure.clone(), busy.clone(), tried.clone());
        let (set, on_close) = (props.set.clone(), props.on_close.clone());
        let head = (seen.head.id, seen.head.version);
        Callback::from(move |()| {
            tried.set(true);
            let Some(new) = typed.finished() else { return };
            busy.set(true);
            let call = client::put(format!("/api/documents/{}", head.0)).if_match(head.1).json(&new);
            let (failure, busy, set, on_close, toasts) =
                (failure.clone(), busy.clone(), set.clone(), on_close.clone(), toasts.clone());
            spawn_local(async move {
                let answer = call.send::<Document>().await;
                busy.set(false);
                match answer {
                    Ok(document) => {
                        set.emit(Rc::new(document));
                        toasts.done(t!("saved"));
                        on_close.emit(());
                    }
                    Err(why) => failure.set(Some(why)),
                }
            });
        })
    };
    let change = typed.setter();
    let stale = failure.as_ref().is_some_and(|failure| failure.current().is_some());
    let cancel = props.on_close.clone();
    let footer = html! {
        <>
            <Button submit=true variant={Variant::Primary} label={t!("save")} busy={*busy} testid="save-document" />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={Callback::from(move |_| cancel.emit(()))} />
        </>
    };
    html! {
        <Dialog wide=true title={t!("document-edit")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} {footer}>
            if failure.as_ref().is_some_and(|failure| !failure.has_fields()) { <FailureAlert failure={(*failure).clone()} renewed=true /> }
            if stale { { details(&seen) } }
            <DocumentFields typed={(*typed).clone()} onchange={Callback::from(move |next| change.set(next))} failure={(*failure).clone()} tried={*tried} />
        </Dialog>
    }
}
