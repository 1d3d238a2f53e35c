//! The list of documents: views as tabs; kinds, states, parties, amounts and days as filters.

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
use crate::modules::finance::payments::lines::{Filter, Narrow, any, chip, days, field};
use crate::ui::menu::{Menu, MenuItem};
use crate::ui::table::use_columns;
use crate::ui::tools::{Export, FilterChip, Foot, Tools, use_paging};
use crate::ui::{
    Button, Choice, Column, DataTable, Empty, FailureAlert, Icon, Num, PageHead, Picker, Row, Sort, StateDot,
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
        Column::new("number", t!("document-number"), number).class("c-no").sort("number"),
        Column::new("subject", t!("voucher-subject"), subject).class("c-subj"),
        Column::new(
            "kind",
            t!("voucher-kind"),
            |row: &DocumentItem| html! { { i18n::code("record-kind", row.kind.code()) } },
        )
        .class("c-to"),
        Column::new("party", t!("voucher-party"), party).class("c-agency").sort("party"),
        Column::new(
            "date",
            t!("voucher-day"),
            |row: &DocumentItem| html! { <Num value={format::date(row.effective_on)} /> },
        )
        .class("c-due")
        .sort("date"),
        Column::new("amount", t!("voucher-amount"), amount).class("c-theirs").sort("amount"),
        Column::new("open", t!("voucher-open"), open).class("c-sec").plain_when(|row| row.open == 0),
        Column::new("state", t!("state"), |row: &DocumentItem| state_mark(&row.state)).class("c-state"),
    ])
}

/// The list.
#[component]
pub(super) fn Documents() -> Html {
    let query = use_place().query;
    let session = use_session();
    let paging = use_paging(query.clone());
    let call = client::get("/api/finance/documents").queries(&query).query("limit", LIMIT.to_string());
    let page = use_api::<Page<DocumentItem>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let every = use_state(columns);
    let (shown, column_menu) = use_columns("vouchers", (*every).clone());
    let current = use_state_eq(|| None::<i64>);
    let parties = use_state(super::form::parties);
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
    // The address keeps the party's name beside its id.
    let called = |id: &str| Choice::new(id.to_owned(), query.get("party").unwrap_or(id).to_owned());
    let party: Vec<Choice> = query.get("party_id").map(called).into_iter().collect();
    let on_party = {
        let query = query.clone();
        Callback::from(move |choices: Vec<Choice>| {
            let chosen = choices.first().map(|one| (one.id.to_string(), one.label.to_string()));
            let (id, name) = chosen.unwrap_or_default();
            router::replace_query(&query.clone().with("party_id", id).with("party", name));
        })
    };
    let narrows = filters();
    let mut chips: Vec<FilterChip> = narrows.iter().filter_map(|filter| chip(filter, &query, &set)).collect();
    chips.extend(party.iter().map(|one| FilterChip {
        name: t!("voucher-party").into(),
        value: one.label.clone(),
        on_remove: on_party.reform(|()| Vec::new()),
    }));
    let fields = html! {
        <>
            <Picker label={t!("voucher-party")} source={(*parties).clone()} picked={party} onchange={on_party} single=true name="party" />
            { for narrows.iter().map(|filter| field(filter, query.get(filter.name).unwrap_or_default(), set(filter.name))) }
        </>
    };
    html! {
        <div class="dw-screen" data-testid="vouchers">
            <PageHead title={t!("nav-finance-documents")} {actions}>
                <Tabs label={t!("nav-finance-documents")} {tabs} current={view} onchange={set("view").reform(|code: AttrValue| if code == "all" { String::new() } else { code.to_string() })} />
            </PageHead>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set("q"))} filters={Some(fields)}
                {chips} on_clear={Callback::from(|()| router::replace_query(&Query::default()))}>
                if session.may(Permission::Export) { <Export path="/api/finance/documents/export" query={query.clone()} /> }
                { column_menu }
            </Tools>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<DocumentItem> label={t!("nav-finance-documents")} columns={shown} page={page.data.clone()} loading={page.loading}
                sort={query.get("sort").and_then(Sort::parse)} on_sort={set("sort").reform(|sort: Sort| sort.text())} current={*current}
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

/// What the list is narrowed by besides words and a party.
fn filters() -> Vec<Filter> {
    let one = |name, label, kind| Filter { name, label, kind };
    let states = DocumentState::ALL.iter().map(|state| state.code());
    let mut all = vec![
        one("kind", t!("voucher-kind"), any("record-kind", DocumentKind::prepared().map(DocumentKind::code))),
        one("state", t!("state"), any("document-state", states)),
        one("min", t!("payment-min"), Narrow::Amount),
        one("max", t!("payment-max"), Narrow::Amount),
    ];
    all.extend(days());
    all
}
