//! A document's page: what it says, what it did to budget and books, and beside it who did what.

use std::rc::Rc;

use diwan_finance_api::{
    BASE_CURRENCY, Coded, DocumentLine, DocumentRef, DocumentState, Duty, FinanceDocument, PayMethod, Side, Slice,
    rate_text,
};
use diwan_kernel::money;
use diwan_platform_api::files::Attachments;
use diwan_platform_api::work::RecordChanged;
use yew::prelude::*;

use super::path;
use super::steps::Steps;
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::client::events::use_event;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::finance::bank::loaded;
use crate::modules::finance::payments::CashOfDocument;
use crate::modules::record::{files, log, notes, tasks};
use crate::ui::record::{RecordShell, Step, steps};
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
        Tab::new("log", t!("letter-log")),
    ];
    let side = match tab.as_str() {
        "notes" => html! { <notes::Notes record={id} notes={shown.notes.clone()} on_change={reload.clone()} /> },
        "files" => html! { <files::Files record={id} files={files.data.clone()} on_change={reload.clone()} /> },
        "log" => html! { <log::Log record={id} round={*round} /> },
        _ => duties(&shown),
    };
    let view =
        place.query.get("view").and_then(|view| view.strip_prefix("file-")).and_then(|id| id.parse::<i64>().ok());
    let file = view.and_then(|id| files.data.as_ref()?.items.iter().find(|file| file.id == id).cloned());
    let here = shown.head.number.clone().unwrap_or_else(|| t!("letters-no-number"));
    html! {
        <RecordShell subject={shown.head.subject.clone()}
            crumbs={vec![Crumb::link(t!("nav-finance-documents"), Route::Finance("documents".to_owned()).path()), Crumb::here(here)]}
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
    if let Some(party) = &document.party {
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
    if let Some(day) = document.head.due_on {
        add(t!("voucher-due"), html! { <Num value={format::date(day)} /> });
    }
    if document.to_settle > 0 {
        add(t!("voucher-to-settle"), amount(document.to_settle));
    }
    if document.to_pay > 0 {
        add(t!("voucher-to-pay"), amount(document.to_pay));
    }
    for (label, other) in [
        (t!("voucher-source"), &document.source),
        (t!("voucher-reverses"), &document.reverses),
        (t!("voucher-reversed-by"), &document.reversed_by),
    ] {
        if let Some(other) = other {
            add(label, named(other));
        }
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
    rows.extend(slices(document));
    html! { <Facts {rows} /> }
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
    let text = i18n::error_text(&problem.code, &problem.args).unwrap_or_else(|| problem.code.clone());
    html! {
        <div data-testid="reversal-problem">
            <Alert tone={Tone::Warning} title={t!("voucher-reversal-problem")}>
                <p>{ text }</p>
                <p class="dw-muted dw-sm"><Num value={format::date_time(problem.at)} /></p>
            </Alert>
        </div>
    }
}

fn table(label: String, titles: Vec<String>, rows: Html, testid: &'static str) -> Html {
    html! {
        <Card title={label.clone()}>
            <div class="dw-scroll" tabindex="0" role="region" aria-label={label.clone()}>
                <table class="pf-v6-c-table pf-m-compact dw-table dw-one" aria-label={label} data-testid={testid}>
                    <thead><tr>{ for titles.into_iter().map(|title| html! { <th scope="col">{ title }</th> }) }</tr></thead>
                    <tbody>{ rows }</tbody>
                </table>
            </div>
        </Card>
    }
}

fn lines(document: &FinanceDocument) -> Html {
    let shape = document.kind.shape();
    let amount = |line: &DocumentLine, side: Side| {
        (line.side == side).then(|| html! { <Num value={money::format(line.amount, document.scale)} /> })
    };
    let cell = |value: &Option<Coded>| html! { <td>{ value.as_ref().map(coded) }</td> };
    // Whom and what a line is about besides its account.
    let below = |(label, value): (String, &Option<Coded>)| {
        value.as_ref().map(|one| html! { <div class="dw-muted dw-sm">{ label }{ ": " }{ coded(one) }</div> })
    };
    let row = |line: &DocumentLine| {
        html! {
            <tr>
                if shape.accounts {
                    <td>{ line.account.as_ref().map(coded) }
                        { for [(t!("voucher-cell-party"), &line.party), (t!("voucher-cell-centre"), &line.centre)].into_iter().filter_map(below) }
                    </td>
                }
                { cell(&line.key) }
                <td>{ amount(line, Side::Debit) }</td><td>{ amount(line, Side::Credit) }</td>
                <td dir="auto">{ &line.note }
                    if line.open > 0 { <div class="dw-muted dw-sm">{ t!("voucher-line-open", amount = money::format(line.open, money::JOD_SCALE)) }</div> }
                </td>
            </tr>
        }
    };
    let mut titles = vec![
        t!("voucher-key"),
        super::cells::side(shape, Side::Debit),
        super::cells::side(shape, Side::Credit),
        t!("voucher-line-note"),
    ];
    if shape.accounts {
        titles.insert(0, t!("voucher-account"));
    }
    table(t!("voucher-lines"), titles, html! { { for document.lines.iter().map(row) } }, "voucher-lines")
}

/// What it did to the budget: from where to where, and what was available before and after.
fn moves(document: &FinanceDocument) -> Html {
    if document.moves.is_empty() {
        return Html::default();
    }
    let amount = |minor: i64| html! { <td><Num value={money::format(minor, money::JOD_SCALE)} /></td> };
    let rows = document.moves.iter().map(|one| {
        html! {
            <tr>
                <td><Link to={Route::Finance(format!("position/{}", one.line_id)).path()}><Num value={one.line.clone()} /></Link></td><td>{ i18n::code("move-kind", one.kind.code()) }</td>
                <td>{ i18n::code("bucket", one.source.code()) }</td><td>{ i18n::code("bucket", one.target.code()) }</td>
                { amount(one.amount) }{ amount(one.available_before) }{ amount(one.available_after) }
            </tr>
        }
    });
    let titles = vec![
        t!("voucher-line"),
        t!("voucher-move"),
        t!("voucher-from"),
        t!("voucher-to"),
        t!("voucher-amount"),
        t!("voucher-before"),
        t!("voucher-after"),
    ];
    table(t!("voucher-moves"), titles, html! { { for rows } }, "voucher-moves")
}
