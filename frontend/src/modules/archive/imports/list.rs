//! The imports of one's agency that one may see.

use std::rc::Rc;

use diwan_archive_api::{Import, ImportState};
use diwan_kernel::Page;
use yew::prelude::*;

use super::dialog::ImportDialog;
use crate::app::route::Route;
use crate::app::router::{self, use_place};
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::tools::{Foot, use_paging};
use crate::ui::{
    Button, Column, Crumb, DataTable, Empty, FailureAlert, Icon, Num, PageHead, Row, StateDot, StateTone, Variant,
};

/// Rows of one page.
const LIMIT: usize = 25;

impl Row for Import {
    fn key(&self) -> i64 {
        self.id
    }
}

/// The mark of how far an import is.
pub(super) fn state_mark(state: ImportState) -> Html {
    let tone = match state {
        ImportState::Open | ImportState::Paused => StateTone::New,
        ImportState::Running => StateTone::Wait,
        ImportState::Done => StateTone::Done,
    };
    html! { <StateDot {tone} label={i18n::code("import-state", state.code())} /> }
}

fn columns() -> Rc<Vec<Column<Import>>> {
    let number = |number: i64| html! { <Num value={format::number(number)} /> };
    Rc::new(vec![
        Column::new(
            "name",
            t!("imports-name"),
            |row: &Import| html! { <span class="dw-subj dw-clamp" dir="auto">{ &row.name }</span> },
        )
        .class("c-subj"),
        Column::new("state", t!("state"), |row: &Import| state_mark(row.state)).class("c-state"),
        Column::new("all", t!("imports-files"), move |row: &Import| number(row.counts.all())).class("c-no"),
        Column::new("filed", i18n::code("import-file", "filed"), move |row: &Import| number(row.counts.filed))
            .class("c-no"),
        Column::new("rest", t!("imports-not-filed"), move |row: &Import| {
            number(row.counts.duplicate + row.counts.refused + row.counts.failed)
        })
        .class("c-no"),
        Column::new("by", t!("imports-by"), |row: &Import| html! { { i18n::name(&row.created_by.name) } })
            .class("c-agency"),
        Column::new("at", t!("imports-at"), |row: &Import| html! { <Num value={format::date_time(row.created_at)} /> })
            .class("c-due"),
    ])
}

/// The imports, the newest first.
#[component]
pub fn Imports() -> Html {
    let query = use_place().query;
    let paging = use_paging(query);
    let call = client::get("/api/archive/imports").query("limit", LIMIT.to_string());
    let page = use_api::<Page<Import>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let shown = use_state(columns);
    let current = use_state_eq(|| None::<i64>);
    let opened = use_state_eq(|| false);
    let (set_current, open, close) = (current.setter(), opened.setter(), opened.setter());
    let actions = html! {
        <Button variant={Variant::Primary} icon={Icon::Upload} label={t!("imports-new")} testid="new-import"
            onclick={Callback::from(move |_| open.set(true))} />
    };
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <div class="dw-screen" data-testid="imports">
            <PageHead title={t!("imports")} {actions} crumbs={vec![Crumb::link(t!("nav-archive"), Route::Archive.path()), Crumb::here(t!("imports"))]} />
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<Import> label={t!("imports")} columns={(*shown).clone()} page={page.data.clone()} loading={page.loading}
                current={*current} on_current={Callback::from(move |id| set_current.set(Some(id)))}
                on_open={Callback::from(|id| router::go_to(&Route::ImportItem(id)))} empty={html! { <Empty text={t!("imports-empty")} /> }} />
            <Foot {rows} limit={LIMIT} total={None::<i64>} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
            if *opened { <ImportDialog on_close={Callback::from(move |()| close.set(false))} /> }
        </div>
    }
}
