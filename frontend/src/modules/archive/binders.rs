//! Files (ملفات) and their volumes (مجلدات): the list, one file with its papers in order, putting a document into one.

use diwan_archive_api::{
    ArchiveFile, DocumentClasses, FileInput, FileRow, FileTitle, HoldInput, PlaceInput, Placed, Volume,
};
use diwan_kernel::{Page, Permission};
use yew::prelude::*;

use super::fields::class_options;
use super::holding::SetHold;
use crate::app::NotFound;
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{PageProps, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::picker::Source;
use crate::ui::tools::{Foot, Tools, use_paging};
use crate::ui::{
    Button, Card, Choice, Confirm, Crumb, Dialog, Empty, Facts, FailureAlert, Icon, Num, PageHead, Picker, Screen,
    Select, SelectOption, StateDot, StateTone, TextField, Variant,
};

/// Rows of one page.
const LIMIT: usize = 25;

fn mark(row: &FileRow) -> Html {
    match row.closed_on {
        None => html! { <StateDot tone={StateTone::Work} label={t!("binder-open")} /> },
        Some(_) => html! { <StateDot tone={StateTone::Done} label={t!("binder-closed")} /> },
    }
}

/// The files of the agency.
#[component]
pub(super) fn Binders(props: &PageProps) -> Html {
    let session = use_session();
    let query = use_place().query;
    let paging = use_paging(query.clone());
    let call = client::get("/api/archive/files").queries(&query).query("limit", LIMIT.to_string());
    let page = use_api::<Page<FileRow>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let plan = use_api::<DocumentClasses>(Some(client::get("/api/archive/classes")));
    let opening = use_state_eq(|| false);
    let (open, close) = (opening.setter(), opening.setter());
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value.trim())))
    };
    let actions = html! {
        if session.may(Permission::ArchiveFile) {
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("binder-new")} testid="new-binder" onclick={Callback::from(move |_| open.set(true))} />
        }
    };
    let row = |file: &FileRow| {
        html! {
            <tr key={file.id} data-row-id={file.id.to_string()}>
                <td><Link to={Route::ArchivePart(format!("files/{}", file.id)).path()} class="dw-no"><Num value={file.number.clone()} /></Link></td>
                <td><bdi>{ &file.title }</bdi></td>
                <td><Num value={file.class_code.clone()} /></td>
                <td><Num value={format::date(file.opened_on)} /></td>
                <td>{ mark(file) }</td>
            </tr>
        }
    };
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <Screen head={html! { <PageHead title={t!("binders")} {actions}>{ props.tabs.clone() }</PageHead> }}>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set("q"))} filters={Some(filters(&query, plan.data.as_deref()))}
                on_clear={Callback::from(|()| router::replace_query(&Query::default()))} />
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            if let Some(data) = &page.data {
                if data.items.is_empty() { <Empty text={t!("binders-empty")} /> } else {
                    <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("binders")}>
                        <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={t!("binders")} data-testid="binders">
                            <thead><tr>{ for [t!("document-number"), t!("binder-title"), t!("document-class"), t!("binder-opened"), t!("state")].into_iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                            <tbody>{ for data.items.iter().map(row) }</tbody>
                        </table>
                    </div>
                }
            }
            <Foot {rows} limit={LIMIT} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
            if *opening { <NewBinder on_close={Callback::from(move |()| close.set(false))} /> }
        </Screen>
    }
}

fn filters(query: &Query, plan: Option<&DocumentClasses>) -> Html {
    let now = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value)))
    };
    let mut classes = class_options(plan, &now("class"));
    classes[0].label = t!("any").into();
    let states = vec![
        SelectOption::new("", t!("any")),
        SelectOption::new("true", t!("binder-open")),
        SelectOption::new("false", t!("binder-closed")),
    ];
    html! {
        <>
            <Select label={t!("document-class")} value={now("class")} options={classes} onchange={set("class")} name="class" />
            <Select label={t!("state")} value={now("open")} options={states} onchange={set("open")} name="open" />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NewProps {
    on_close: Callback<()>,
}

/// Opens a file.
#[component]
fn NewBinder(props: &NewProps) -> Html {
    let plan = use_api::<DocumentClasses>(Some(client::get("/api/archive/classes")));
    let (title, class) = (use_state_eq(String::new), use_state_eq(String::new));
    let sending = use_sending();
    let submit = {
        let (title, class, sending) = (title.clone(), class.clone(), sending.clone());
        Callback::from(move |()| {
            let input = FileInput { title: (*title).clone(), class_code: (*class).clone() };
            sending.answer(client::post("/api/archive/files").json(&input), |file: ArchiveFile| {
                router::go_to(&Route::ArchivePart(format!("files/{}", file.row.id)));
            });
        })
    };
    let (set_title, set_class) = (title.setter(), class.setter());
    html! {
        <Dialog title={t!("binder-new")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form">
                <TextField label={t!("binder-title")} value={(*title).clone()} oninput={Callback::from(move |text| set_title.set(text))} required=true maxlength={500}
                    error={sending.error("title")} name="title" />
                <Select label={t!("document-class")} value={(*class).clone()} options={class_options(plan.data.as_deref(), &class)} required=true
                    onchange={Callback::from(move |code| set_class.set(code))} error={sending.error("class_code")} name="class_code" />
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct BinderProps {
    pub(super) id: i64,
}

/// What is asked before it is done.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Close,
    Rename,
    Hold,
}

/// One file with its papers.
#[component]
pub(super) fn Binder(props: &BinderProps) -> Html {
    let session = use_session();
    let file = use_api::<ArchiveFile>(Some(client::get(format!("/api/archive/files/{}", props.id))));
    let opened = use_opened(&file, |_: &ArchiveFile, _: &Asking| None);
    let sending = use_sending();
    let Some(data) = file.data.clone() else {
        if file.failure.as_ref().is_some_and(|failure| failure.status() == 404) {
            return html! { <NotFound /> };
        }
        return html! { <Screen head={html! {}}><FailureAlert failure={file.failure.clone()} retry={Some(file.reload.clone())} /></Screen> };
    };
    let step = |what: &'static str| {
        let (sending, closed, id, version) = (sending.clone(), opened.close.clone(), data.row.id, data.version);
        Callback::from(move |()| {
            let closed = closed.clone();
            let call = client::post(format!("/api/archive/files/{id}/{what}")).if_match(version);
            sending.answer(call, move |_: ArchiveFile| closed.emit(()));
        })
    };
    let may = session.may(Permission::ArchiveFile) && data.row.closed_on.is_none();
    let actions = html! {
        <>
            if session.may(Permission::ArchiveDispose) { <Button icon={Icon::Lock} label={t!("hold-set")} testid="hold-binder" onclick={opened.button(Asking::Hold)} /> }
            if may {
                <Button icon={Icon::Edit} label={t!("binder-rename")} testid="rename-binder" onclick={opened.button(Asking::Rename)} />
                <Button icon={Icon::Plus} label={t!("volume-new")} testid="new-volume" disabled={file.loading} onclick={step("volumes").reform(|_: MouseEvent| ())} />
                <Button icon={Icon::Lock} label={t!("binder-close")} testid="close-binder" onclick={opened.button(Asking::Close)} />
            }
        </>
    };
    let crumbs = vec![
        Crumb::link(t!("binders"), Route::ArchivePart("files".to_owned()).path()),
        Crumb::here(data.row.number.clone()),
    ];
    html! {
        <Screen head={html! { <PageHead title={data.row.title.clone()} {crumbs} marks={mark(&data.row)} {actions} /> }}>
            <div class="dw-stack" data-testid="binder">
                { sending.alert() }
                <Card title={t!("binder-about")} padded=true><Facts rows={facts(&data)} /></Card>
                { for data.volumes.iter().map(volume) }
                if data.unseen > 0 { <p class="dw-muted">{ t!("binder-unseen", n = data.unseen) }</p> }
            </div>
            { match opened.shown {
                Some(Asking::Close) => html! {
                    <Confirm title={t!("binder-close")} text={t!("binder-close-text")} action={t!("binder-close")} busy={sending.busy} on_confirm={step("close")} on_close={opened.close}>{ sending.alert() }</Confirm>
                },
                Some(Asking::Rename) => html! { <Rename id={data.row.id} version={data.version} title={data.row.title.clone()} on_close={opened.close} /> },
                Some(Asking::Hold) => html! {
                    <SetHold target={HoldInput { reason: String::new(), record_ids: Vec::new(), file_id: Some(data.row.id), class_id: None }} on_close={opened.close} />
                },
                None => Html::default(),
            } }
        </Screen>
    }
}

fn facts(file: &ArchiveFile) -> Vec<(AttrValue, Html)> {
    let by = |day, name: String| html! { <><Num value={format::date(day)} />{ " · " }{ name }</> };
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("document-number").into(), html! { <Num value={file.row.number.clone()} /> }),
        (
            t!("document-class").into(),
            html! { <><Num value={file.row.class_code.clone()} />{ " " }{ i18n::name(&file.class.name) }</> },
        ),
        (t!("binder-opened").into(), by(file.row.opened_on, i18n::name(&file.opened_by.name))),
    ];
    if let (Some(day), Some(who)) = (file.row.closed_on, &file.closed_by) {
        rows.push((t!("binder-closed").into(), by(day, i18n::name(&who.name))));
    }
    rows
}

fn volume(volume: &Volume) -> Html {
    html! {
        <Card key={volume.id} title={t!("volume-title", n = volume.number)} count={i64::try_from(volume.documents.len()).ok()} padded=true>
            if volume.documents.is_empty() { <Empty text={t!("volume-empty")} /> }
            <ol style="list-style:none;margin:0;padding:0">{ for volume.documents.iter().map(paper) }</ol>
        </Card>
    }
}

fn paper(paper: &Placed) -> Html {
    html! {
        <li key={paper.id} class="dw-file" data-row-id={paper.id.to_string()}>
            <Num value={paper.place.to_string()} />
            <span style="white-space:normal"><Link to={Route::ArchiveItem(paper.id).path()} class="dw-no"><Num value={paper.number.clone().unwrap_or_default()} /></Link>
                { " " }<bdi>{ &paper.subject }</bdi>{ " " }<span class="dw-muted"><Num value={format::date(paper.doc_date)} /></span></span>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct RenameProps {
    id: i64,
    version: i64,
    title: String,
    on_close: Callback<()>,
}

#[component]
fn Rename(props: &RenameProps) -> Html {
    let title = use_state_eq(|| props.title.clone());
    let sending = use_sending();
    let submit = {
        let (title, sending, on_close, id, version) =
            (title.clone(), sending.clone(), props.on_close.clone(), props.id, props.version);
        Callback::from(move |()| {
            let on_close = on_close.clone();
            let input = FileTitle { title: (*title).clone() };
            let call = client::put(format!("/api/archive/files/{id}")).if_match(version).json(&input);
            sending.answer(call, move |_: ArchiveFile| on_close.emit(()));
        })
    };
    let set = title.setter();
    html! {
        <Dialog title={t!("binder-rename")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form"><TextField label={t!("binder-title")} value={(*title).clone()} oninput={Callback::from(move |text| set.set(text))} required=true maxlength={500}
                error={sending.error("title")} name="title" /></div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct PutProps {
    pub(super) id: i64,
    pub(super) on_close: Callback<()>,
}

/// Puts a document into an open file.
#[component]
pub(super) fn PutInto(props: &PutProps) -> Html {
    let picked = use_state_eq(Vec::<Choice>::new);
    let source = use_state(|| {
        let read = |page: Page<FileRow>| {
            page.items
                .into_iter()
                .map(|file| {
                    Choice::new(file.id.to_string(), file.title).hint(format!("{} · {}", file.number, file.class_code))
                })
                .collect()
        };
        Source::ask(|text| client::get("/api/archive/files").query("open", "true").query("q", text), read)
    });
    let sending = use_sending();
    let submit = {
        let (picked, sending, on_close, id) = (picked.clone(), sending.clone(), props.on_close.clone(), props.id);
        Callback::from(move |()| {
            let file_id = picked.first().and_then(|choice| choice.id.parse().ok()).unwrap_or_default();
            let on_close = on_close.clone();
            let call = client::post(format!("/api/documents/{id}/file")).json(&PlaceInput { file_id });
            sending.done(call, move || on_close.emit(()));
        })
    };
    let set = picked.setter();
    html! {
        <Dialog title={t!("binder-put")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form"><Picker label={t!("binder")} source={(*source).clone()} picked={(*picked).clone()} onchange={Callback::from(move |next| set.set(next))} single=true
                required=true hint={t!("binder-put-hint")} error={sending.error("file_id")} name="file" /></div>
        </Dialog>
    }
}
