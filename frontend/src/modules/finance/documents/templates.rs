//! The list of templates: by name, which make drafts by themselves, and which could not.

use std::rc::Rc;

use diwan_finance_api::{DocumentKind, VoucherSchedule, VoucherTemplate, VoucherTemplateOnly};
use diwan_kernel::{Page, Permission};
use yew::prelude::*;

use super::{crumb, path};
use crate::app::query::Query;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::tools::{Export, FilterChip, Foot, Tools, use_paging};
use crate::ui::{
    Column, Crumb, DataTable, Empty, FailureAlert, Num, PageHead, Row, Select, SelectOption, Sort, StateDot, StateTone,
    Tab, Tabs,
};

/// Rows of one page.
const LIMIT: usize = 25;

impl Row for VoucherTemplate {
    fn key(&self) -> i64 {
        self.id
    }
}

/// When a template makes drafts, in words.
pub(super) fn when(schedule: Option<&VoucherSchedule>) -> String {
    match schedule {
        Some(one) => {
            t!("vtemplate-when", every = i18n::code("voucher-every", one.every.code()), day = one.day.to_string())
        }
        None => t!("vtemplate-never"),
    }
}

/// How it stands with a template.
pub(super) fn standing(one: &VoucherTemplate) -> Html {
    let paused = one.schedule.as_ref().is_some_and(|schedule| schedule.paused);
    let (tone, label) = match (one.active, one.problem.is_some(), paused) {
        (false, ..) => (StateTone::Done, t!("vtemplate-state-ended")),
        (_, true, _) => (StateTone::Wait, t!("vtemplate-state-problem")),
        (_, _, true) => (StateTone::Done, t!("vtemplate-state-paused")),
        _ => (StateTone::Work, t!("vtemplate-state-ready")),
    };
    html! { <StateDot {tone} {label} /> }
}

fn columns() -> Rc<Vec<Column<VoucherTemplate>>> {
    type One = VoucherTemplate;
    let name = |row: &One| {
        let to = path(format!("templates/{}", row.id)).path();
        html! { <Link {to} class="dw-subj dw-quiet"><bdi>{ &row.name }</bdi></Link> }
    };
    let next = |row: &One| html! { if let Some(day) = row.next_on { <Num value={format::date(day)} /> } };
    Rc::new(vec![
        Column::new("name", t!("vtemplate-name"), name).class("c-subj").sort("name"),
        Column::new("kind", t!("voucher-kind"), |row: &One| html! { { i18n::code("record-kind", row.kind.code()) } })
            .class("c-to"),
        Column::new(
            "subject",
            t!("voucher-subject"),
            |row: &One| html! { <span class="dw-clamp" dir="auto">{ &row.subject }</span> },
        )
        .class("c-agency"),
        Column::new("when", t!("vtemplate-every"), |row: &One| html! { { when(row.schedule.as_ref()) } })
            .class("c-sec"),
        Column::new("next", t!("vtemplate-next"), next).class("c-due"),
        Column::new("state", t!("state"), standing).class("c-state"),
    ])
}

/// The list.
#[component]
pub(super) fn Templates() -> Html {
    let session = use_session();
    let query = use_place().query;
    let paging = use_paging(query.clone());
    let call = client::get("/api/finance/templates").queries(&query).query("limit", LIMIT.to_string());
    let page = use_api::<Page<VoucherTemplate>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let columns = use_state(columns);
    let current = use_state_eq(|| None::<i64>);
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value.trim())))
    };
    let only = VoucherTemplateOnly::ALL.iter();
    let tabs: Vec<Tab> = std::iter::once(Tab::new("", t!("document-view-all")))
        .chain(only.map(|one| Tab::new(one.code(), i18n::code("vtemplate-only", one.code()))))
        .collect();
    let kinds = std::iter::once(SelectOption::new("", t!("any"))).chain(
        DocumentKind::prepared().map(|kind| SelectOption::new(kind.code(), i18n::code("record-kind", kind.code()))),
    );
    let kind = query.get("kind").unwrap_or_default().to_owned();
    let chip = |code: &str| FilterChip {
        name: t!("voucher-kind").into(),
        value: i18n::code("record-kind", code).into(),
        on_remove: set("kind").reform(|()| String::new()),
    };
    let chips: Vec<FilterChip> = query.get("kind").map(chip).into_iter().collect();
    let filters = html! { <Select label={t!("voucher-kind")} value={kind} options={kinds.collect::<Vec<_>>()} onchange={set("kind")} name="kind" /> };
    let crumbs = vec![crumb(), Crumb::here(t!("templates-of-documents"))];
    let tab = AttrValue::from(query.get("only").unwrap_or_default().to_owned());
    let filtered = query.pairs().any(|(name, _)| name != "sort");
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    let set_current = current.setter();
    html! {
        <div class="dw-screen" data-testid="templates">
            <PageHead title={t!("templates-of-documents")} {crumbs}>
                <Tabs label={t!("templates-of-documents")} {tabs} current={tab} onchange={set("only").reform(|code: AttrValue| code.to_string())} />
            </PageHead>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set("q"))} filters={Some(filters)} {chips}
                on_clear={Callback::from(|()| router::replace_query(&Query::default()))}>
                if session.may(Permission::Export) { <Export path="/api/finance/templates/export" query={query.clone()} /> }
            </Tools>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<VoucherTemplate> label={t!("templates-of-documents")} columns={(*columns).clone()} page={page.data.clone()} loading={page.loading}
                sort={Sort::parse(query.get("sort").unwrap_or("name"))} on_sort={set("sort").reform(|sort: Sort| sort.text())} current={*current}
                on_current={Callback::from(move |id| set_current.set(Some(id)))} on_open={Callback::from(|id: i64| router::go_to(&path(format!("templates/{id}"))))}
                empty={html! { <Empty text={if filtered { t!("nothing-found") } else { t!("templates-empty") }} /> }} />
            <Foot {rows} limit={LIMIT} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
        </div>
    }
}
