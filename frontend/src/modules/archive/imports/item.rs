//! One import: how far it is, and what became of each file. It can be left and found again; it goes on by itself.

use std::rc::Rc;

use diwan_archive_api::{Import, ImportFile, ImportFileState, ImportSource, ImportState};
use diwan_kernel::{FieldError, Page, Permission};
use gloo_timers::callback::Interval;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::list::state_mark;
use crate::app::NotFound;
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, use_place};
use crate::app::session::use_session;
use crate::client::{self, Failure, download, use_api};
use crate::i18n::{self, format};
use crate::ui::tools::{Foot, Tools, use_paging};
use crate::ui::{
    Button, Column, Crumb, DataTable, Empty, FailureAlert, Icon, Num, PageHead, Row, Select, SelectOption, StateDot,
    StateTone, Variant,
};

/// Rows of one page.
const LIMIT: usize = 50;
/// How often a running import is looked at, milliseconds.
const LOOK: u32 = 2_000;

impl Row for ImportFile {
    fn key(&self) -> i64 {
        self.id
    }
}

/// One import.
#[derive(Properties, PartialEq)]
pub struct ImportPageProps {
    /// Its id.
    pub id: i64,
}

/// A fault of a file in words.
pub(super) fn fault(fault: &FieldError) -> String {
    let key = i18n::code_key("import-field", &fault.field);
    let field = if i18n::find(&key, None).is_some() { key.as_str() } else { "" };
    i18n::field_error(field, (&fault.code, &fault.args), &|key: &str| i18n::text(key, None))
}

fn columns() -> Rc<Vec<Column<ImportFile>>> {
    let state = |file: &ImportFile| {
        let tone = match file.state {
            ImportFileState::Waiting => StateTone::Wait,
            ImportFileState::Filed => StateTone::Done,
            ImportFileState::Duplicate | ImportFileState::Refused | ImportFileState::Failed => StateTone::New,
        };
        html! { <StateDot {tone} label={i18n::code("import-file", file.state.code())} /> }
    };
    let why = |file: &ImportFile| {
        let told: Vec<String> = file.faults.iter().map(fault).collect();
        html! { <span class="dw-sm">{ told.join("؛ ") }</span> }
    };
    Rc::new(vec![
        Column::new("path", t!("imports-path"), |file: &ImportFile| html! { <bdi class="dw-clamp">{ &file.path }</bdi> })
            .class("c-subj"),
        Column::new("state", t!("imports-result"), state).class("c-state"),
        Column::new("why", t!("imports-why"), why).class("c-agency"),
        Column::new(
            "number",
            t!("document-number"),
            |file: &ImportFile| html! { <span class="dw-no"><Num value={file.number.clone().unwrap_or_default()} /></span> },
        )
        .class("c-no"),
        Column::new("size", t!("imports-size"), |file: &ImportFile| {
            html! { <Num value={file.size.map(format::bytes).unwrap_or_default()} /> }
        })
        .class("c-no"),
    ])
}

/// One import.
#[component]
pub fn ImportPage(props: &ImportPageProps) -> Html {
    let query = use_place().query;
    let session = use_session();
    let import = use_api::<Import>(Some(client::get(format!("/api/archive/imports/{}", props.id))));
    let paging = use_paging(query.clone());
    let call = client::get(format!("/api/archive/imports/{}/files", props.id)).queries(&query);
    let call = call.query("limit", LIMIT.to_string()).query("after", paging.after.clone().unwrap_or_default());
    let files = use_api::<Page<ImportFile>>(Some(call));
    let shown = use_state(columns);
    let current = use_state_eq(|| None::<i64>);
    let failure = use_state_eq(|| None::<Failure>);
    let running = import.data.as_ref().is_some_and(|import| import.state == ImportState::Running);
    {
        let (import, files) = (import.reload.clone(), files.reload.clone());
        let was_running = use_mut_ref(|| false);
        use_effect_with(running, move |running| {
            // The files may have been asked for before the end was: once more, so that none stays waiting.
            if was_running.replace(*running) {
                files.emit(());
            }
            let looking = running.then(|| {
                Interval::new(LOOK, move || {
                    import.emit(());
                    files.emit(());
                })
            });
            move || drop(looking)
        });
    }
    let Some(data) = import.data.clone() else {
        if import.failure.as_ref().is_some_and(|failure| failure.status() == 404) {
            return html! { <NotFound /> };
        }
        return html! { <FailureAlert failure={import.failure.clone()} retry={Some(import.reload.clone())} /> };
    };
    let act = |verb: &'static str| {
        let (id, set, failure, reload) = (props.id, import.set.clone(), failure.setter(), files.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let (set, failure, reload) = (set.clone(), failure.clone(), reload.clone());
            spawn_local(async move {
                match client::post(format!("/api/archive/imports/{id}/{verb}")).send::<Import>().await {
                    Ok(now) => {
                        failure.set(None);
                        set.emit(Rc::new(now));
                        reload.emit(());
                    }
                    Err(why) => failure.set(Some(why)),
                }
            });
        })
    };
    let (set_current, open) = (current.setter(), files.data.clone());
    let on_open = Callback::from(move |key: i64| {
        let found = open.iter().flat_map(|page| &page.items).find(|file| file.id == key);
        if let Some(record) = found.and_then(|file| file.record_id) {
            router::go_to(&Route::ArchiveItem(record));
        }
    });
    let rows = files.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <div class="dw-screen" data-testid="import" data-state={data.state.code()}>
            <PageHead title={data.name.clone()} actions={actions(&data, session.may(Permission::Export), &query, &act)} marks={state_mark(data.state)}
                crumbs={vec![Crumb::link(t!("nav-archive"), Route::Archive.path()), Crumb::link(t!("imports"), Route::Imports.path()), Crumb::here(data.name.clone())]} />
            <FailureAlert failure={(*failure).clone()} />
            { progress(&data) }
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set(&query, "q"))}>{ state_filter(&query) }</Tools>
            <FailureAlert failure={files.failure.clone()} retry={Some(files.reload.clone())} />
            <DataTable<ImportFile> label={data.name.clone()} columns={(*shown).clone()} page={files.data.clone()} loading={files.loading}
                current={*current} on_current={Callback::from(move |id| set_current.set(Some(id)))} {on_open}
                empty={html! { <Empty text={t!("imports-no-files")} /> }} />
            <Foot {rows} limit={LIMIT} total={None::<i64>} next={files.data.as_ref().and_then(|page| page.next.clone())} {paging} />
        </div>
    }
}

fn set(query: &Query, name: &'static str) -> Callback<String> {
    let query = query.clone();
    Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value.trim())))
}

fn state_filter(query: &Query) -> Html {
    let any = std::iter::once(SelectOption::new("", t!("any")));
    let codes = ImportFileState::ALL.iter().map(|state| state.code());
    let options: Vec<_> =
        any.chain(codes.map(|code| SelectOption::new(code, i18n::code("import-file", code)))).collect();
    let value = query.get("state").unwrap_or_default().to_owned();
    html! { <Select label={t!("imports-result")} {value} {options} onchange={set(query, "state")} name="state" /> }
}

fn actions(import: &Import, exports: bool, query: &Query, act: &dyn Fn(&'static str) -> Callback<MouseEvent>) -> Html {
    let uploads = import.source == ImportSource::Upload;
    let again = match import.state {
        ImportState::Open | ImportState::Paused => import.counts.all() > 0,
        ImportState::Done => import.counts.failed > 0,
        ImportState::Running => false,
    };
    let state = query.get("state").map(|state| format!("&state={state}")).unwrap_or_default();
    let report = format!("/api/archive/imports/{}/report?lang={}{state}", import.id, i18n::lang().code());
    html! {
        <>
            if exports { <Button icon={Icon::Download} label={t!("imports-report")} testid="import-report" onclick={Callback::from(move |_| download::save(&report))} /> }
            if import.state == ImportState::Running { <Button icon={Icon::Hourglass} label={t!("imports-pause")} testid="pause-import" onclick={act("pause")} /> }
            if again && uploads { <Button variant={Variant::Primary} icon={Icon::Refresh} label={t!("imports-go-on")} testid="start-import" onclick={act("start")} /> }
        </>
    }
}

/// How many files have their end, as a bar and in numbers.
fn progress(import: &Import) -> Html {
    let counts = &import.counts;
    let share = if counts.all() == 0 { 0 } else { counts.done() * 100 / counts.all() };
    let number = |code: &str, number: i64| {
        (number > 0).then(|| html! { <span class="dw-nowrap" data-count={code.to_owned()}>{ i18n::code("import-file", code) }{ " " }<Num value={format::number(number)} /></span> })
    };
    let numbers = [
        number("filed", counts.filed),
        number("duplicate", counts.duplicate),
        number("refused", counts.refused),
        number("failed", counts.failed),
        number("waiting", counts.waiting),
    ];
    html! {
        <div class="dw-pad" aria-live="polite">
            <div class="dw-progress" role="progressbar" aria-label={t!("imports-progress")} aria-valuemin="0" aria-valuemax="100"
                aria-valuenow={share.to_string()}><span style={format!("inline-size:{share}%")} /></div>
            <p class="dw-sm" style="display:flex;flex-wrap:wrap;gap:1rem">{ for numbers.into_iter().flatten() }</p>
        </div>
    }
}
