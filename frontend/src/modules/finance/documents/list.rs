//! The list of documents: views as tabs, kinds and days as filters.

use std::rc::Rc;

use diwan_finance_api::{DocumentItem, DocumentKind, DocumentState, DocumentView};
use diwan_kernel::{Page, Permission, money};
use yew::prelude::*;

use super::law::LawDialog;
use super::path;
use super::provisional::ProvisionalDialog;
use crate::app::query::Query;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::search::facets::day;
use crate::ui::menu::{Menu, MenuItem};
use crate::ui::table::use_columns;
use crate::ui::tools::{Export, FilterChip, Foot, Tools, use_paging};
use crate::ui::{
    Button, Column, DataTable, Empty, FailureAlert, Icon, Num, PageHead, Row, Select, SelectOption, Sort, StateDot,
    StateTone, Tab, Tabs,
};

/// Rows of one page.
const LIMIT: usize = 25;

impl Row for DocumentItem {
    fn key(&self) -> i64 {
        self.id
    }
}

/// The mark of a state.
pub(super) fn state_mark(state: &str) -> Html {
    let tone = match state.parse() {
        Ok(DocumentState::Posted | DocumentState::Closed) => StateTone::Done,
        Ok(DocumentState::InApproval | DocumentState::Returned) => StateTone::Wait,
        _ => StateTone::New,
    };
    html! { <StateDot {tone} label={i18n::code("document-state", state)} /> }
}

fn columns() -> Rc<Vec<Column<DocumentItem>>> {
    let number = |row: &DocumentItem| {
        let text = row.number.clone().unwrap_or_else(|| t!("letters-no-number"));
        html! { <Link to={path(row.id).path()} class="dw-no dw-nowrap"><Num value={text} /></Link> }
    };
    let subject = |row: &DocumentItem| {
        let to = path(row.id).path();
        html! { <span class="dw-clamp" dir="auto"><Link {to} class="dw-subj dw-quiet">{ &row.subject }</Link></span> }
    };
    let party = |row: &DocumentItem| html! { <span class="dw-clamp">{ row.party.as_ref().map(i18n::name) }</span> };
    let amount = |row: &DocumentItem| {
        html! { <span class="dw-nowrap"><Num value={money::format(row.amount, row.scale)} />{ " " }{ &row.currency }</span> }
    };
    let open =
        |row: &DocumentItem| html! { if row.open > 0 { <Num value={money::format(row.open, money::JOD_SCALE)} /> } };
    Rc::new(vec![
        Column::new("number", t!("document-number"), number).class("c-no"),
        Column::new("subject", t!("voucher-subject"), subject).class("c-subj"),
        Column::new(
            "kind",
            t!("voucher-kind"),
            |row: &DocumentItem| html! { { i18n::code("record-kind", row.kind.code()) } },
        )
        .class("c-to"),
        Column::new("party", t!("voucher-party"), party).class("c-agency"),
        Column::new(
            "date",
            t!("voucher-day"),
            |row: &DocumentItem| html! { <Num value={format::date(row.effective_on)} /> },
        )
        .class("c-due")
        .sort("date"),
        Column::new("amount", t!("voucher-amount"), amount).class("c-theirs"),
        Column::new("open", t!("voucher-open"), open).class("c-sec").plain_when(|row| row.open == 0),
        Column::new("state", t!("state"), |row: &DocumentItem| state_mark(&row.state)).class("c-state"),
    ])
}

/// What is asked of the server.
fn call(query: &Query) -> client::Call {
    let sort = if query.get("sort") == Some("date") { "oldest" } else { "newest" };
    client::get("/api/finance/documents").queries(&query.clone().without("sort")).query("sort", sort)
}

/// The list.
#[component]
pub(super) fn Documents() -> Html {
    let query = use_place().query;
    let session = use_session();
    let paging = use_paging(query.clone());
    let page = use_api::<Page<DocumentItem>>(Some(
        call(&query).query("limit", LIMIT.to_string()).query("after", paging.after.clone().unwrap_or_default()),
    ));
    let every = use_state(columns);
    let (shown, column_menu) = use_columns("vouchers", (*every).clone());
    let current = use_state_eq(|| None::<i64>);
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value.trim())))
    };
    let may = |kind: &DocumentKind| session.may(kind.shape().prepare);
    let item = |code: &'static str, label: String, action: Callback<()>| {
        let mut item = MenuItem::new(label, action);
        item.code = Some(code.into());
        item
    };
    let mut new: Vec<MenuItem> = DocumentKind::prepared()
        .filter(may)
        .map(|kind| {
            let go = Callback::from(move |()| router::go_to(&path(format!("new/{}", kind.code()))));
            item(kind.code(), i18n::code("record-kind", kind.code()), go)
        })
        .collect();
    let opened = use_state_eq(|| None::<Open>);
    let open = |what: Option<Open>| {
        let opened = opened.setter();
        Callback::from(move |()| opened.set(what))
    };
    if session.may(Permission::FinanceBudget) {
        new.push(item("law_import", t!("law-import"), open(Some(Open::Law))));
        new.push(item("provisional", t!("provisional"), open(Some(Open::Provisional))));
    }
    let templates = Callback::from(|_: MouseEvent| router::go_to(&path("templates")));
    let actions = html! {
        <>
            <Button icon={Icon::FileText} label={t!("templates-of-documents")} testid="open-templates" onclick={templates} />
            if !new.is_empty() {
                <Menu label={t!("voucher-new")} toggle={html! { <>{ Icon::Plus }<span>{ t!("voucher-new") }</span></> }} items={new} worded=true testid="new-document" />
            }
        </>
    };
    let tabs: Vec<Tab> =
        DocumentView::ALL.iter().map(|view| Tab::new(view.code(), i18n::code("document-view", view.code()))).collect();
    let view = AttrValue::from(query.get("view").unwrap_or(DocumentView::All.code()).to_owned());
    let set_current = current.setter();
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    let filtered = query.pairs().any(|(name, _)| name != "sort");
    html! {
        <div class="dw-screen" data-testid="vouchers">
            <PageHead title={t!("nav-finance-documents")} {actions}>
                <Tabs label={t!("nav-finance-documents")} {tabs} current={view} onchange={set("view").reform(|code: AttrValue| if code == "all" { String::new() } else { code.to_string() })} />
            </PageHead>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set("q"))} filters={Some(filters(&query))}
                chips={chips(&query)} on_clear={Callback::from(|()| router::replace_query(&Query::default()))}>
                if session.may(Permission::Export) { <Export path="/api/finance/documents/export" query={query.clone()} /> }
                { column_menu }
            </Tools>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<DocumentItem> label={t!("nav-finance-documents")} columns={shown} page={page.data.clone()} loading={page.loading}
                sort={Sort::parse(query.get("sort").unwrap_or("-date"))} on_sort={set("sort").reform(|sort: Sort| sort.text())} current={*current}
                on_current={Callback::from(move |id| set_current.set(Some(id)))} on_open={Callback::from(|id: i64| router::go_to(&path(id)))}
                empty={html! { <Empty text={if filtered { t!("archive-filtered") } else { t!("vouchers-empty") }} /> }} />
            <Foot {rows} limit={LIMIT} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
            { match *opened {
                Some(Open::Law) => html! { <LawDialog on_close={open(None)} /> },
                Some(Open::Provisional) => html! { <ProvisionalDialog on_close={open(None)} /> },
                None => Html::default(),
            } }
        </div>
    }
}

/// What is open over the list.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Law,
    Provisional,
}

fn filters(query: &Query) -> Html {
    let kinds = std::iter::once(SelectOption::new("", t!("any"))).chain(
        DocumentKind::prepared().map(|kind| SelectOption::new(kind.code(), i18n::code("record-kind", kind.code()))),
    );
    let set = {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with("kind", value)))
    };
    html! {
        <>
            <Select label={t!("voucher-kind")} value={query.get("kind").unwrap_or_default().to_owned()} options={kinds.collect::<Vec<_>>()} onchange={set} name="kind" />
            { day("from", t!("date-from"), query) }
            { day("to", t!("date-to"), query) }
        </>
    }
}

fn chips(query: &Query) -> Vec<FilterChip> {
    [("kind", t!("voucher-kind")), ("from", t!("date-from")), ("to", t!("date-to"))]
        .into_iter()
        .filter_map(|(name, label)| {
            let value = query.get(name)?;
            let value = if name == "kind" { i18n::code("record-kind", value) } else { value.to_owned() };
            let query = query.clone();
            let on_remove = Callback::from(move |()| router::replace_query(&query.clone().without(name)));
            Some(FilterChip { name: label.into(), value: value.into(), on_remove })
        })
        .collect()
}
