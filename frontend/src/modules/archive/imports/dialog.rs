//! A new import: what is said of all its files, the files, and the table of what is said of single ones.

use chrono::NaiveDate;
use diwan_archive_api::{DocumentClasses, Import, ImportDefaults, ImportTable, NewImport};
use diwan_kernel::{FieldError, Secrecy};
use web_sys::{File, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::folders::{self, Found};
use super::sending::{self, Way};
use crate::app::route::Route;
use crate::app::router;
use crate::app::session::use_session;
use crate::client::{self, Failure, use_api};
use crate::i18n::{self, format};
use crate::modules::archive::fields::class_options;
use crate::ui::{
    Alert, Button, DateField, Dialog, FailureAlert, Icon, Num, Select, SelectOption, TextField, Tone, Variant, dom,
};

/// Most characters of a name.
const LONGEST: u32 = 200;

#[derive(Clone, PartialEq)]
struct Typed {
    name: String,
    party: String,
    class_code: String,
    secrecy: Secrecy,
    doc_date: Option<NaiveDate>,
}

impl Typed {
    fn fresh() -> Self {
        let name = t!("imports-name-of", day = format::date(format::today()));
        Self { name, party: String::new(), class_code: String::new(), secrecy: Secrecy::Normal, doc_date: None }
    }

    fn import(&self) -> NewImport {
        NewImport {
            name: self.name.trim().to_owned(),
            defaults: ImportDefaults {
                class_code: (!self.class_code.is_empty()).then(|| self.class_code.clone()),
                secrecy: self.secrecy,
                caveats: Vec::new(),
                party: self.party.trim().to_owned(),
                doc_date: self.doc_date,
                unit_id: None,
            },
        }
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct DialogProps {
    pub(super) on_close: Callback<()>,
}

/// What went wrong on the way.
#[derive(Clone, PartialEq)]
enum Wrong {
    Refused(Failure),
    Table(Vec<FieldError>),
}

/// Sends all there is to send; gives the import, once there is one.
async fn bring(
    import: Option<i64>,
    new: NewImport,
    table: Option<File>,
    files: Vec<Found>,
    tell: Callback<Way>,
) -> (Option<i64>, Result<Way, Wrong>) {
    let id = match import {
        Some(id) => id,
        None => match client::post("/api/archive/imports").json(&new).send::<Import>().await {
            Ok(made) => made.id,
            Err(why) => return (None, Err(Wrong::Refused(why))),
        },
    };
    if let Some(table) = table {
        let told = client::put(format!("/api/archive/imports/{id}/table")).file(table).send::<ImportTable>().await;
        match told {
            Ok(told) if told.faults.is_empty() => {}
            Ok(told) => return (Some(id), Err(Wrong::Table(told.faults))),
            Err(why) => return (Some(id), Err(Wrong::Refused(why))),
        }
    }
    let way = sending::send(id, files, tell).await;
    if !way.failed.is_empty() {
        return (Some(id), Ok(way));
    }
    let started = client::post(format!("/api/archive/imports/{id}/start")).send::<Import>().await;
    (Some(id), started.map(|_import| way).map_err(Wrong::Refused))
}

/// A new import.
#[component]
pub(super) fn ImportDialog(props: &DialogProps) -> Html {
    let typed = use_state_eq(Typed::fresh);
    let files = use_state_eq(Vec::<Found>::new);
    let table = use_state_eq(|| None::<File>);
    let way = use_state_eq(Way::default);
    let wrong = use_state_eq(|| None::<Wrong>);
    let import = use_state_eq(|| None::<i64>);
    let (busy, tried) = (use_state_eq(|| false), use_state_eq(|| false));
    let submit = {
        let (typed, files, table, way) = (typed.clone(), files.clone(), table.clone(), way.clone());
        let (wrong, import, busy, tried) = (wrong.clone(), import.clone(), busy.clone(), tried.clone());
        Callback::from(move |()| {
            tried.set(true);
            if *busy || files.is_empty() || typed.name.trim().is_empty() {
                return;
            }
            busy.set(true);
            wrong.set(None);
            let set_way = way.setter();
            let tell = Callback::from(move |now| set_way.set(now));
            let sending = bring(*import, typed.import(), (*table).clone(), (*files).clone(), tell);
            let (wrong, import, busy, files, way) =
                (wrong.clone(), import.clone(), busy.clone(), files.clone(), way.clone());
            spawn_local(async move {
                let (id, ended) = sending.await;
                busy.set(false);
                import.set(id);
                match (id, ended) {
                    (Some(id), Ok(done)) if done.failed.is_empty() => router::go_to(&Route::ImportItem(id)),
                    (_, Ok(done)) => {
                        // What arrived need not be sent again.
                        let again = |path: &String| done.failed.iter().any(|(failed, _)| failed == path);
                        files.set(files.iter().filter(|(_, path)| again(path)).cloned().collect());
                        way.set(done);
                    }
                    (_, Err(why)) => wrong.set(Some(why)),
                }
            });
        })
    };
    let cancel = props.on_close.clone();
    let footer = html! {
        <>
            <Button submit=true variant={Variant::Primary} icon={Icon::Upload} label={t!("imports-send")} busy={*busy} testid="send-import" />
            <Button variant={Variant::Link} label={t!("cancel")} disabled={*busy} onclick={Callback::from(move |_| cancel.emit(()))} />
        </>
    };
    let (set_files, set_table, change) = (files.setter(), table.setter(), typed.setter());
    html! {
        <Dialog wide=true title={t!("imports-new")} on_close={(!*busy).then_some(props.on_close.clone())} on_submit={Some(submit)} {footer}>
            { told(wrong.as_ref()) }
            <p class="dw-sm dw-muted">{ t!("imports-teach") }</p>
            <ImportFields typed={(*typed).clone()} onchange={Callback::from(move |next| change.set(next))} failure={refused(wrong.as_ref())} tried={*tried} />
            <FilesOrFolders onfound={Callback::from(move |found| set_files.set(found))} />
            <TableField name={table.as_ref().map(File::name)} onfile={Callback::from(move |file| set_table.set(Some(file)))} />
            if *tried && files.is_empty() { <div class="dw-fg"><div class="err" role="alert">{ Icon::CircleAlert }<span>{ t!("document-no-file") }</span></div></div> }
            { chosen(&files, &way, *busy) }
        </Dialog>
    }
}

fn refused(wrong: Option<&Wrong>) -> Option<Failure> {
    match wrong {
        Some(Wrong::Refused(why)) => Some(why.clone()),
        _ => None,
    }
}

fn told(wrong: Option<&Wrong>) -> Html {
    match wrong {
        Some(Wrong::Refused(why)) if !why.has_fields() => html! { <FailureAlert failure={Some(why.clone())} /> },
        Some(Wrong::Table(faults)) => html! {
            <Alert tone={Tone::Danger} title={t!("imports-table-wrong")}>
                <ul>{ for faults.iter().take(8).map(|fault| html! { <li>{ super::item::fault(fault) }</li> }) }</ul>
            </Alert>
        },
        _ => Html::default(),
    }
}

/// How many files were chosen, how many have arrived, and which have not.
fn chosen(files: &[Found], way: &Way, busy: bool) -> Html {
    if files.is_empty() {
        return Html::default();
    }
    let bytes: f64 = files.iter().map(|(file, _)| file.size()).sum();
    #[expect(clippy::cast_possible_truncation, reason = "sizes fit in 53 bits")]
    let size = format::bytes(bytes as i64);
    let share = way.sent * 100 / files.len().max(1);
    html! {
        <div data-testid="chosen-files">
            <p class="dw-sm">{ t!("imports-chosen", n = files.len()) }{ " · " }<Num value={size} /></p>
            if busy {
                <div class="dw-progress" role="progressbar" aria-label={t!("imports-send")} aria-valuemin="0" aria-valuemax="100"
                    aria-valuenow={share.to_string()}><span style={format!("inline-size:{}%", share.min(100))} /></div>
            }
            { for way.failed.iter().take(20).map(|(path, why)| html! {
                <div class="dw-fg"><div class="err">{ Icon::CircleAlert }<span><bdi>{ path }</bdi>{ ": " }{ why.of_file() }</span></div></div>
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FieldsProps {
    typed: Typed,
    onchange: Callback<Typed>,
    failure: Option<Failure>,
    tried: bool,
}

/// What is said of every file.
#[component]
fn ImportFields(props: &FieldsProps) -> Html {
    let session = use_session();
    let classes = use_api::<DocumentClasses>(Some(client::get("/api/archive/classes")));
    let typed = &props.typed;
    let error = |field: &str| props.failure.as_ref().and_then(|failure| failure.field(field)).map(AttrValue::from);
    let missing = (props.tried && typed.name.trim().is_empty()).then(|| AttrValue::from(t!("err-required")));
    let change = |apply: fn(&mut Typed, String)| {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = typed.clone();
            apply(&mut next, text);
            onchange.emit(next);
        })
    };
    let on_date = {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        Callback::from(move |doc_date| onchange.emit(Typed { doc_date, ..typed.clone() }))
    };
    let clearance = session.me().map_or(Secrecy::Normal, |me| me.clearance);
    let levels = Secrecy::ALL.iter().filter(|level| **level <= clearance);
    let levels: Vec<_> =
        levels.map(|level| SelectOption::new(level.code(), i18n::code("secrecy", level.code()))).collect();
    html! {
        <div class="dw-form two">
            <TextField label={t!("imports-name")} value={typed.name.clone()} oninput={change(|typed, text| typed.name = text)} required=true
                full=true maxlength={LONGEST} error={error("name").or(missing)} name="name" />
            <TextField label={t!("document-party")} value={typed.party.clone()} oninput={change(|typed, text| typed.party = text)}
                maxlength={LONGEST} error={error("defaults.party")} name="party" />
            <DateField label={t!("imports-date")} value={typed.doc_date} onchange={on_date}
                error={error("defaults.doc_date")} name="doc_date" />
            <Select label={t!("document-class")} value={typed.class_code.clone()} onchange={change(|typed, text| typed.class_code = text)}
                options={class_options(classes.data.as_deref(), &typed.class_code)} error={error("defaults.class_code")} name="class_code" />
            <Select label={t!("document-secrecy")} value={typed.secrecy.code()} options={levels} error={error("defaults.secrecy")} name="secrecy"
                onchange={change(|typed, code| typed.secrecy = code.parse().unwrap_or(typed.secrecy))} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FilesProps {
    onfound: Callback<Vec<Found>>,
}

/// Takes files and whole folders, dropped or chosen.
#[component]
fn FilesOrFolders(props: &FilesProps) -> Html {
    let over = use_state_eq(|| false);
    let (files_id, folder_id) = (dom::use_id("files"), dom::use_id("folder"));
    let folder = use_node_ref();
    {
        let folder = folder.clone();
        use_effect_with((), move |_| {
            if let Some(input) = folder.cast::<HtmlInputElement>() {
                // Not an attribute that HTML names; every browser knows it.
                let _ = input.set_attribute("webkitdirectory", "");
            }
        });
    }
    let mark = |on: bool| {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(on);
        })
    };
    let ondrop = {
        let (over, onfound) = (over.setter(), props.onfound.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            let Some(dropped) = event.data_transfer() else { return };
            let (entries, onfound) = (folders::entries(&dropped), onfound.clone());
            spawn_local(async move { onfound.emit(folders::files(entries).await) });
        })
    };
    let onchange = {
        let onfound = props.onfound.clone();
        Callback::from(move |event: Event| {
            let Some(list) = event.target_unchecked_into::<HtmlInputElement>().files() else { return };
            let chosen = (0..list.length()).filter_map(|at| list.get(at)).take(folders::MOST);
            onfound.emit(chosen.map(folders::with_path).collect());
        })
    };
    html! {
        <div class={classes!("dw-drop", over.then_some("is-over"))} style="margin-block:0.75rem" ondragover={mark(true)} ondragleave={mark(false)} {ondrop}>
            { Icon::Upload }
            <label for={files_id.clone()}>{ t!("imports-drop") }</label>
            <input id={files_id} type="file" class="dw-drop__input" multiple=true onchange={onchange.clone()} data-testid="import-files" />
            <label for={folder_id.clone()} class="dw-linkish">{ Icon::Folder }{ " " }{ t!("imports-choose-folder") }</label>
            <input ref={folder} id={folder_id} type="file" class="dw-drop__input" multiple=true {onchange} data-testid="import-folder" />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct TableProps {
    name: Option<String>,
    onfile: Callback<File>,
}

/// Takes the table of what is said of single files.
#[component]
fn TableField(props: &TableProps) -> Html {
    let id = dom::use_id("table");
    let onfile = props.onfile.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if let Some(file) = input.files().and_then(|list| list.get(0)) {
            onfile.emit(file);
        }
    });
    html! {
        <div class="dw-fg">
            <label for={id.clone()}>{ t!("imports-table") }</label>
            <input {id} type="file" accept=".csv,.xlsx" {onchange} data-testid="import-table" />
            <div class="dw-sm dw-muted">{ t!("imports-table-hint") }</div>
        </div>
    }
}
