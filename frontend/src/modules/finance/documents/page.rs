//! A document's page: what it says, what it did to budget and books, and beside it who did what.

use std::rc::Rc;

use diwan_finance_api::{
    BASE_CURRENCY, BudgetMove, Coded, DocumentKind, DocumentLine, DocumentPayment, DocumentRef, DocumentState, Duty,
    FinanceDocument, PayMethod, Side, Slice, rate_text,
};
use diwan_kernel::money;
use diwan_platform_api::files::Attachments;
use diwan_platform_api::work::RecordChanged;
use yew::prelude::*;

use super::steps::Steps;
use super::{crumb, path};
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::events::use_event;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::archive::linked::Linked;
use crate::modules::finance::bank::loaded;
use crate::modules::finance::payments::CashOfDocument;
use crate::modules::record::{files, log, notes, tasks};
use crate::ui::record::{RecordShell, Step, steps};
use crate::ui::tools::use_rows;
use crate::ui::{Alert, Card, Crumb, Facts, Num, Tab, Tone};

#[derive(Properties, PartialEq)]
pub(super) struct PageProps {
    pub(super) id: i64,
}

/// A document's page.
#[component]
pub(super) fn DocumentPage(props: &PageProps) -> Html {
    let id = props.id;
    let place = use_place();
    let session = use_session();
    let document = use_api::<FinanceDocument>(Some(client::get(format!("/api/finance/documents/{id}"))));
    let files = use_api::<Attachments>(Some(client::get(format!("/api/records/{id}/attachments"))));
    let round = use_state_eq(|| 0_u32);
    let reload = {
        let (document, files, round) = (document.reload.clone(), files.reload.clone(), round.clone());
        Callback::from(move |()| {
            document.emit(());
            files.emit(());
            round.set(*round + 1);
        })
    };
    use_event("record", {
        let reload = reload.clone();
        Callback::from(move |json: String| {
            if serde_json::from_str::<RecordChanged>(&json).is_ok_and(|changed| changed.id == id) {
                reload.emit(());
            }
        })
    });
    let shown = match loaded(&document) {
        Ok(shown) => shown,
        Err(other) => return other,
    };
    let tab = AttrValue::from(place.query.get("tab").unwrap_or("tasks").to_owned());
    let on_tab = {
        let query = place.query.clone();
        Callback::from(move |code: AttrValue| router::replace_query(&query.clone().with("tab", code.to_string())))
    };
    let tabs = vec![
        Tab::new("tasks", t!("voucher-duties")),
        Tab::new("notes", t!("letter-notes")),
        Tab::new("files", t!("letter-files")),
        Tab::new("links", t!("letter-links")),
        Tab::new("log", t!("letter-log")),
    ];
    let side = match tab.as_str() {
        "notes" => html! { <notes::Notes record={id} notes={shown.notes.clone()} on_change={reload.clone()} /> },
        "files" => html! { <files::Files record={id} files={files.data.clone()} on_change={reload.clone()} /> },
        "links" => html! { <Linked record={id} may_edit={session.may(shown.kind.shape().prepare)} /> },
        "log" => html! { <log::Log record={id} round={*round} /> },
        _ => duties(&shown),
    };
    let view =
        place.query.get("view").and_then(|view| view.strip_prefix("file-")).and_then(|id| id.parse::<i64>().ok());
    let file = view.and_then(|id| files.data.as_ref()?.items.iter().find(|file| file.id == id).cloned());
    let here = shown.head.number.clone().unwrap_or_else(|| t!("letters-no-number"));
    html! {
        <RecordShell subject={shown.head.subject.clone()}
            crumbs={vec![crumb(), Crumb::here(here)]}
            line={line(&shown)} steps={state_line(&shown)} actions={html! { <Steps document={Rc::clone(&shown)} on_change={reload.clone()} /> }}
            {tabs} {tab} {on_tab} {side}>
            <div class="dw-pad">
                if let Some(file) = file { { files::file_view(&file, String::new(), 1) } }
                { reversal_problem(&shown) }
                { facts(&shown) }
                { lines(&shown) }
                if shown.method == PayMethod::Cash && shown.posted_at.is_some() { <CashOfDocument key={*round} {id} /> }
                { moves(&shown) }
            </div>
        </RecordShell>
    }
}

fn line(document: &FinanceDocument) -> Html {
    html! {
        <>
            { i18n::code("record-kind", document.kind.code()) }
            if let Some(number) = &document.head.number { { " " }<span data-testid="voucher-number"><Num value={number.clone()} /></span> }
            { " " }<Num value={format::date(document.effective_on)} />
            if document.complementary { { " " }{ t!("period-complementary") } }
            { " " }<span data-testid="voucher-state">{ super::list::state_mark(&document.head.state) }</span>
        </>
    }
}

/// The steps of the way; documents that left it have none, their mark says what happened.
fn state_line(document: &FinanceDocument) -> Vec<Step> {
    let names =
        [t!("voucher-step-draft"), t!("voucher-step-certify"), t!("voucher-step-authorise"), t!("voucher-step-posted")];
    let certified =
        document.approvals.iter().any(|one| one.duty == Duty::Certify && Some(one.round) == round(document));
    match document.head.state.parse() {
        Ok(DocumentState::Draft | DocumentState::Returned) => steps(names, 0),
        Ok(DocumentState::InApproval) => steps(names, if certified { 2 } else { 1 }),
        Ok(DocumentState::Posted | DocumentState::Closed) => steps(names, 4),
        _ => Vec::new(),
    }
}

fn round(document: &FinanceDocument) -> Option<i32> {
    document.approvals.iter().map(|one| one.round).max()
}

/// Who did which duty, and who is asked now.
fn duties(document: &FinanceDocument) -> Html {
    let open = document.tasks.iter().filter(|task| task.state.code() == "open");
    html! {
        <ul class="dw-tree" data-testid="duties">
            { for document.approvals.iter().map(|one| html! {
                <li>{ tasks::node("ok", crate::ui::Icon::Check.html(), html! { { i18n::name(&one.by.name) } }, html! {
                    <>{ i18n::code("duty", one.duty.code()) }
                        if let Some(other) = &one.on_behalf_of { { t!("letter-comma") }{ t!("letter-on-behalf", name = i18n::name(&other.name)) } }</>
                }, tasks::moment(one.at)) }</li>
            }) }
            { for open.map(|task| html! { <li>{ tasks::task_node(task) }</li> }) }
        </ul>
    }
}

fn coded(coded: &Coded) -> Html {
    html! { <><Num value={coded.code.clone()} />{ " " }{ i18n::name(&coded.name) }</> }
}

fn named(document: &DocumentRef) -> Html {
    let text = document.number.clone().unwrap_or_else(|| document.subject.clone());
    html! { <Link to={path(document.id).path()}>{ i18n::code("record-kind", document.kind.code()) }{ " " }<Num value={text} /></Link> }
}

fn facts(document: &FinanceDocument) -> Html {
    let amount = |minor: i64| html! { <Num value={money::format(minor, money::JOD_SCALE)} /> };
    let mut rows: Vec<(AttrValue, Html)> = Vec::new();
    let mut add = |label: String, value: Html| rows.push((label.into(), value));
    add(
        t!("voucher-amount"),
        html! { <b><Num value={money::format(document.amount, document.scale)} />{ " " }{ &document.currency }</b> },
    );
    if document.currency != BASE_CURRENCY {
        add(t!("voucher-rate"), html! { <Num value={rate_text(document.rate)} /> });
        add(t!("voucher-base"), amount(document.base_amount));
    }
    if let Some(party) = document.party.as_ref().or(document.holder.as_ref()) {
        add(t!("voucher-party"), coded(party));
    }
    if !document.reference.is_empty() {
        let day = document.reference_on.map(format::date).unwrap_or_default();
        add(
            t!("voucher-reference"),
            html! { <><span dir="auto">{ &document.reference }</span>{ " " }<Num value={day} /></> },
        );
    }
    if let Some(counter) = &document.counter {
        add(t!("voucher-counter"), coded(counter));
    }
    if document.method != PayMethod::None {
        add(t!("voucher-method"), html! { { i18n::code("pay-method", document.method.code()) } });
    }
    for (label, value) in super::details::facts(document) {
        add(label, value);
    }
    if let Some(day) = document.head.due_on.or(document.settle_by) {
        add(t!("voucher-due"), html! { <Num value={format::date(day)} /> });
    }
    if document.to_settle > 0 {
        add(t!("voucher-to-settle"), amount(document.to_settle));
    }
    if document.to_pay > 0 {
        add(t!("voucher-to-pay"), amount(document.to_pay));
    }
    // What was paid in cash stands below.
    if let Some(payment) = document.payment.as_ref().filter(|one| one.method != PayMethod::Cash) {
        add(t!("voucher-paid"), paid(payment));
    }
    rows.extend(others(document));
    rows.extend(slices(document));
    html! { <Facts {rows} /> }
}

/// The transfer with its run, or the cheque, and its day.
fn paid(payment: &DocumentPayment) -> Html {
    let way = if payment.method == PayMethod::Cheque { "cheques/" } else { "" };
    let to = Route::Finance(format!("payments/{way}{}", payment.id)).path();
    let day = payment.on.map(format::date).unwrap_or_default();
    html! { <Link {to}><Num value={payment.run.clone()} />{ " " }<Num value={payment.number.clone()} />{ " " }<Num value={day} /></Link> }
}

/// The documents it belongs to, and its entry.
fn others(document: &FinanceDocument) -> Vec<(AttrValue, Html)> {
    let mut rows: Vec<(AttrValue, Html)> = Vec::new();
    let mut add = |label: String, value: Html| rows.push((label.into(), value));
    for (label, other) in [
        (super::source_label(document.kind), &document.source),
        (t!("voucher-reverses"), &document.reverses),
        (t!("voucher-reversed-by"), &document.reversed_by),
    ] {
        if let Some(other) = other {
            add(label, named(other));
        }
    }
    if let Some(deposit) = document.source.as_ref().filter(|_| document.kind == DocumentKind::DepositRefund) {
        let left = money::format(deposit.open, money::JOD_SCALE);
        add(t!("voucher-deposit-left"), html! { <Num value={left} /> });
    }
    if !document.drawn_by.is_empty() {
        add(
            t!("voucher-drawn-by"),
            html! { { for document.drawn_by.iter().map(|one| html! { <div>{ named(one) }</div> }) } },
        );
    }
    if let Some(entry) = document.entry_id {
        let to = Route::Finance(format!("ledger/entry/{entry}")).path();
        add(t!("voucher-entry"), html! { <Link {to}><Num value={entry.to_string()} /></Link> });
    }
    rows
}

/// What falls on later years, and the contract in all.
fn slices(document: &FinanceDocument) -> Vec<(AttrValue, Html)> {
    let row = |label: String, minor: i64| {
        (AttrValue::from(label), html! { <Num value={money::format(minor, money::JOD_SCALE)} /> })
    };
    let later: i64 = document.slices.iter().map(|slice| slice.amount).sum();
    let contract = (later > 0).then(|| row(t!("voucher-contract"), document.base_amount + later));
    let slice = |one: &Slice| row(t!("voucher-slice", year = one.year.to_string()), one.amount);
    document.slices.iter().map(slice).chain(contract).collect()
}

/// Why the draft that takes the document back on its day could not be made yet.
fn reversal_problem(document: &FinanceDocument) -> Html {
    let Some(problem) = &document.reversal_problem else { return Html::default() };
    let text = i18n::field_error("", (&problem.code, &problem.args), &str::to_owned);
    html! {
        <div data-testid="reversal-problem">
            <Alert tone={Tone::Warning} title={t!("voucher-reversal-problem", code = problem.code.as_str())}>
                <p>{ text }</p>
                <p class="dw-muted dw-sm"><Num value={format::date_time(problem.at)} /></p>
            </Alert>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RowsProps {
    label: AttrValue,
    titles: Vec<String>,
    count: usize,
    /// Draws a row.
    row: Callback<usize, Html>,
    /// What stands below the rows of all pages.
    #[prop_or_default]
    total: Html,
    testid: &'static str,
}

/// A table of which a page is drawn.
#[component]
fn Rows(props: &RowsProps) -> Html {
    let (rows, foot, _) = use_rows(props.count);
    let label = &props.label;
    html! {
        <Card title={label.clone()}>
            <div class="dw-scroll" tabindex="0" role="region" aria-label={label.clone()}>
                <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={label.clone()} data-testid={props.testid}>
                    <thead><tr>{ for props.titles.iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                    <tbody>{ for rows.map(|at| props.row.emit(at)) }</tbody>
                    { props.total.clone() }
                </table>
            </div>
            { foot }
        </Card>
    }
}

fn lines(document: &Rc<FinanceDocument>) -> Html {
    let shape = document.kind.shape();
    let mut titles = vec![
        t!("voucher-cell-key"),
        super::cells::side(shape, Side::Debit),
        super::cells::side(shape, Side::Credit),
        t!("voucher-cell-note"),
    ];
    if shape.accounts {
        titles.insert(0, t!("voucher-cell-account"));
    }
    let count = document.lines.len();
    let total = |side: Side| {
        let sum: i64 = document.lines.iter().filter(|line| line.side == side).map(|line| line.amount).sum();
        html! { <td>if sum > 0 { <b><Num value={money::format(sum, document.scale)} /></b> }</td> }
    };
    let total = html! {
        if count > 1 {
            <tfoot><tr>
                if shape.accounts { <td></td> }
                <td></td>{ total(Side::Debit) }{ total(Side::Credit) }<td></td>
            </tr></tfoot>
        }
    };
    let row = {
        let document = Rc::clone(document);
        Callback::from(move |at: usize| document.lines.get(at).map(|line| drawn(&document, line)).unwrap_or_default())
    };
    html! { <Rows label={t!("voucher-lines")} {titles} {count} {row} {total} testid="voucher-lines" /> }
}

/// A line of a document.
fn drawn(document: &FinanceDocument, line: &DocumentLine) -> Html {
    let amount =
        |side: Side| (line.side == side).then(|| html! { <Num value={money::format(line.amount, document.scale)} /> });
    // Whom and what a line is about besides its account.
    let below = |(label, value): (String, &Option<Coded>)| {
        value.as_ref().map(|one| html! { <div class="dw-muted dw-sm">{ label }{ ": " }{ coded(one) }</div> })
    };
    html! {
        <tr>
            if document.kind.shape().accounts {
                <td>{ line.account.as_ref().map(coded) }
                    { for [(t!("voucher-cell-party"), &line.party), (t!("voucher-cell-centre"), &line.centre)].into_iter().filter_map(below) }
                </td>
            }
            <td>{ line.key.as_ref().map(coded) }</td>
            <td>{ amount(Side::Debit) }</td><td>{ amount(Side::Credit) }</td>
            <td dir="auto">{ &line.note }
                if line.open > 0 { <div class="dw-muted dw-sm">{ t!("voucher-line-open", amount = money::format(line.open, money::JOD_SCALE)) }</div> }
            </td>
        </tr>
    }
}

/// What it did to the budget: from where to where, and what was available before and after.
fn moves(document: &Rc<FinanceDocument>) -> Html {
    if document.moves.is_empty() {
        return Html::default();
    }
    let row = {
        let document = Rc::clone(document);
        Callback::from(move |at: usize| document.moves.get(at).map(moved).unwrap_or_default())
    };
    let titles = vec![
        t!("voucher-line"),
        t!("voucher-move"),
        t!("voucher-from"),
        t!("voucher-to"),
        t!("voucher-amount"),
        t!("voucher-before"),
        t!("voucher-after"),
    ];
    html! { <Rows label={t!("voucher-moves")} {titles} count={document.moves.len()} {row} testid="voucher-moves" /> }
}

fn moved(one: &BudgetMove) -> Html {
    let amount = |minor: i64| html! { <td><Num value={money::format(minor, money::JOD_SCALE)} /></td> };
    html! {
        <tr>
            <td><Link to={Route::Finance(format!("position/{}", one.line_id)).path()}><Num value={one.line.clone()} /></Link></td><td>{ i18n::code("move-kind", one.kind.code()) }</td>
            <td>{ i18n::code("bucket", one.source.code()) }</td><td>{ i18n::code("bucket", one.target.code()) }</td>
            { amount(one.amount) }{ amount(one.available_before) }{ amount(one.available_after) }
        </tr>
    }
}
