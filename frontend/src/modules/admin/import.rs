//! Import (استيراد) of agencies, units and users from a table: choose, look at every row, then take it whole or not at all.

use std::rc::Rc;

use diwan_kernel::Permission;
use diwan_platform_api::people::{ImportKind, ImportReport, ImportRow};
use web_sys::File;
use yew::prelude::*;

use super::parts::{PageProps, options};
use super::send::use_sending;
use crate::app::session::{SessionHandle, use_session};
use crate::client::{self, download};
use crate::i18n;
use crate::ui::file_drop::FileDrop;
use crate::ui::{Alert, Button, Dialog, Icon, Num, PageHead, Screen, Select, Tone, Variant, use_toasts};

/// The largest file the server takes, bytes.
const MOST_BYTES: i64 = 8 << 20;

/// The right each kind takes.
const fn right(kind: ImportKind) -> Permission {
    match kind {
        ImportKind::Agencies => Permission::AgenciesManage,
        ImportKind::Units => Permission::OrgManage,
        ImportKind::Users => Permission::UsersManage,
    }
}

/// Whether this person may import anything.
pub(super) fn may_import(session: &SessionHandle) -> bool {
    ImportKind::ALL.iter().any(|kind| session.may(right(*kind)))
}

/// Import.
#[component]
pub(super) fn Import(props: &PageProps) -> Html {
    let session = use_session();
    let toasts = use_toasts();
    let kinds: Vec<ImportKind> = ImportKind::ALL.iter().copied().filter(|kind| session.may(right(*kind))).collect();
    let kind = use_state_eq(|| kinds.last().copied().unwrap_or(ImportKind::Users));
    let file = use_state(|| None::<File>);
    let report = use_state(|| None::<Rc<ImportReport>>);
    let sending = use_sending();
    let on_kind = {
        let (kind, file, report) = (kind.setter(), file.setter(), report.setter());
        Callback::from(move |code: String| {
            kind.set(code.parse().unwrap_or(ImportKind::Users));
            file.set(None);
            report.set(None);
        })
    };
    let on_files = {
        let (kind, set_file, report, sending) = (*kind, file.setter(), report.setter(), sending.clone());
        Callback::from(move |files: Vec<File>| {
            let Some(chosen) = files.into_iter().next() else { return };
            set_file.set(Some(chosen.clone()));
            report.set(None);
            let report = report.clone();
            let call = client::post(format!("/api/import/{}/preview", kind.code())).file(chosen);
            sending.answer(call, move |answer: ImportReport| report.set(Some(Rc::new(answer))));
        })
    };
    let commit = {
        let (kind, file, report, sending) = (*kind, file.clone(), report.clone(), sending.clone());
        Callback::from(move |_: MouseEvent| {
            let (Some(chosen), Some(seen)) = ((*file).clone(), (*report).clone()) else { return };
            let (report, toasts) = (report.setter(), toasts.clone());
            let call = client::post(format!("/api/import/{}/commit", kind.code()))
                .query("hash", seen.hash.clone())
                .file(chosen);
            sending.answer(call, move |answer: ImportReport| {
                toasts.done(t!("import-done", n = answer.rows.len()));
                report.set(Some(Rc::new(answer)));
            });
        })
    };
    let template = format!("/api/import/{}/template?lang={}", kind.code(), i18n::lang().code());
    let head = html! { <PageHead title={t!("admin-import")}>{ props.tabs.clone() }</PageHead> };
    let name = (*file).as_ref().map(File::name);
    html! {
        <Screen {head}>
            <div class="dw-stack" data-testid="import">
                <div class="dw-form two">
                    <Select label={t!("import-kind")} value={kind.code()} options={options("import-kind", kinds.iter().map(|kind| kind.code()))}
                        onchange={on_kind} name="kind" />
                    <div class="dw-fg"><span class="dw-fg__label">{ t!("import-template") }</span>
                        <span><Button icon={Icon::Download} label={t!("import-template-get")} action="template"
                            onclick={Callback::from(move |_| download::save(&template))} /></span>
                        <div class="hint">{ i18n::code("import-teaches", kind.code()) }</div>
                    </div>
                </div>
                <FileDrop label={t!("import-drop")} accept=".xlsx,.csv" single=true max_bytes={MOST_BYTES} {on_files} />
                if sending.busy { <p class="dw-muted" role="status">{ t!("import-reading") }</p> }
                { sending.alert_beside(&[]) }
                if let Some(report) = (*report).clone() {
                    <Report {report} name={name.unwrap_or_default()} busy={sending.busy} on_commit={commit} />
                }
            </div>
        </Screen>
    }
}

/// What the dialog of an import is given.
#[derive(Properties, PartialEq)]
pub(in crate::modules) struct ImportDialogProps {
    /// What it is called.
    pub(in crate::modules) title: AttrValue,
    /// How rows are written.
    pub(in crate::modules) hint: AttrValue,
    /// Where the server looks at the file.
    pub(in crate::modules) preview: AttrValue,
    /// Where it takes it.
    pub(in crate::modules) commit: AttrValue,
    pub(in crate::modules) on_close: Callback<()>,
}

/// A list out of a table: choose, look at every row, then take it whole or not at all.
#[component]
pub(in crate::modules) fn ImportDialog(props: &ImportDialogProps) -> Html {
    let file = use_state(|| None::<File>);
    let report = use_state(|| None::<Rc<ImportReport>>);
    let sending = use_sending();
    let toasts = use_toasts();
    let on_files = {
        let (set_file, report, sending) = (file.setter(), report.setter(), sending.clone());
        let path = props.preview.clone();
        Callback::from(move |files: Vec<File>| {
            let Some(chosen) = files.into_iter().next() else { return };
            set_file.set(Some(chosen.clone()));
            report.set(None);
            let report = report.clone();
            let call = client::post(path.to_string()).file(chosen);
            sending.answer(call, move |answer: ImportReport| report.set(Some(Rc::new(answer))));
        })
    };
    let on_commit = {
        let (file, report, sending, on_close) = (file.clone(), report.clone(), sending.clone(), props.on_close.clone());
        let path = props.commit.clone();
        Callback::from(move |_: MouseEvent| {
            let (Some(chosen), Some(seen)) = ((*file).clone(), (*report).clone()) else { return };
            let (report, toasts, on_close) = (report.setter(), toasts.clone(), on_close.clone());
            let call = client::post(path.to_string()).query("hash", seen.hash.clone()).file(chosen);
            sending.answer(call, move |answer: ImportReport| {
                let (rows, committed) = (answer.rows.len(), answer.committed);
                report.set(Some(Rc::new(answer)));
                if committed {
                    toasts.done(t!("import-done", n = rows));
                    on_close.emit(());
                }
            });
        })
    };
    let name = (*file).as_ref().map(File::name).unwrap_or_default();
    html! {
        <Dialog wide=true title={props.title.clone()} on_close={Some(props.on_close.clone())}>
            <p class="dw-muted">{ &props.hint }</p>
            <FileDrop label={t!("import-drop")} accept=".xlsx,.csv" single=true max_bytes={MOST_BYTES} {on_files} />
            if sending.busy { <p class="dw-muted" role="status">{ t!("import-reading") }</p> }
            { sending.alert_beside(&[]) }
            if let Some(report) = (*report).clone() { <Report {report} {name} busy={sending.busy} {on_commit} /> }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct ReportProps {
    report: Rc<ImportReport>,
    name: AttrValue,
    busy: bool,
    on_commit: Callback<MouseEvent>,
}

/// The rows, the wrong ones first, and what comes next.
#[component]
fn Report(props: &ReportProps) -> Html {
    let report = &props.report;
    let rows = report.rows.len();
    let passwords = report.rows.iter().any(|row| row.temporary_password.is_some());
    let said = if report.committed {
        html! { <Alert tone={Tone::Success} title={t!("import-done", n = rows)}>if passwords { <p>{ t!("import-passwords") }</p> }</Alert> }
    } else if report.wrong > 0 {
        html! { <Alert tone={Tone::Danger} title={t!("import-wrong", n = report.wrong)}><p>{ t!("import-wrong-text") }</p></Alert> }
    } else if rows == 0 {
        html! { <Alert tone={Tone::Warning} title={t!("import-empty")} /> }
    } else {
        html! {
            <Alert tone={Tone::Info} title={t!("import-ready", n = rows)}>
                <Button variant={Variant::Primary} icon={Icon::Upload} label={t!("import-commit", n = rows)} busy={props.busy} testid="commit"
                    onclick={props.on_commit.clone()} />
            </Alert>
        }
    };
    let mut ordered: Vec<&ImportRow> = report.rows.iter().collect();
    ordered.sort_by_key(|row| (row.errors.is_empty(), row.line));
    html! {
        <>
            { said }
            <div class="dw-scroll dw-card" tabindex="0" role="region" aria-label={t!("import-rows")}>
                <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={props.name.clone()} data-testid="import-rows">
                    <thead><tr>
                        <th scope="col">{ t!("import-line") }</th>
                        if report.wrong > 0 { <th scope="col">{ t!("import-errors") }</th> }
                        if passwords { <th scope="col">{ t!("import-password") }</th> }
                        { for report.columns.iter().map(|column| html! { <th scope="col">{ column_title(column) }</th> }) }
                    </tr></thead>
                    <tbody>{ for ordered.into_iter().map(|row| draw(row, report.wrong > 0, passwords)) }</tbody>
                </table>
            </div>
        </>
    }
}

/// A column's title; a heading that is none of ours stands as it is in the file.
fn column_title(code: &str) -> String {
    i18n::find(&i18n::code_key("import-column", code), None).unwrap_or_else(|| code.to_owned())
}

fn draw(row: &ImportRow, errors: bool, passwords: bool) -> Html {
    let error = |error: &diwan_kernel::FieldError| {
        let text = i18n::field_error(&error.field, (&error.code, &error.args), &column_title);
        html! { <div class="dw-err-line">{ Icon::CircleAlert }<span>{ text }</span></div> }
    };
    html! {
        <tr key={row.line} data-line={row.line.to_string()}>
            <td><Num value={row.line.to_string()} /></td>
            if errors { <td>{ for row.errors.iter().map(error) }</td> }
            if passwords { <td><Num value={row.temporary_password.clone().unwrap_or_default()} /></td> }
            { for row.cells.iter().map(|cell| html! { <td><bdi>{ cell }</bdi></td> }) }
        </tr>
    }
}
