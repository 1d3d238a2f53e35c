//! A payment run (دفعة صرف): what it pays and where each transfer stands, and beside it who did what.

use std::collections::BTreeSet;
use std::rc::Rc;

use diwan_finance_api::{PaymentItem, PaymentItemState, PaymentRun, PaymentRunAction, PaymentRunState, TransferFormat};
use diwan_kernel::{Permission, money};
use diwan_platform_api::work::RecordChanged;
use serde_json::Value;
use yew::prelude::*;

use super::ask::{Ask, Field, Step, given};
use super::lines::{Col, Line, Lines, use_lines};
use super::runs::{RUNS, WORDS, state, who};
use super::{crumbs, day, document, entry, in_currency, path};
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::download;
use crate::client::events::use_event;
use crate::client::{self, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::finance::bank::{amount, loaded};
use crate::modules::record::log;
use crate::ui::record::{Actions, RecordAction, RecordShell, Step as Stage, steps};
use crate::ui::{Button, Empty, Facts, Icon, Num, StateDot, StateTone, Tab, Tabs, use_toasts};

pub(super) const COLS: &[Col] = &[
    ("document-number", "c-no", Some("date")),
    ("payment-payee", "c-subj", None),
    ("payment-iban", "c-agency", None),
    ("voucher-amount", "c-sec", Some("amount")),
    ("state", "c-state", None),
    ("payment-day", "c-prio", None),
];

const DAY: &[Field] = &[Field::Day("on", "payment-day")];
const DAY_AND_WHY: &[Field] = &[Field::Day("on", "payment-day"), Field::Words("reason", "reason")];
const WHY: &[Field] = &[Field::Words("reason", "reason")];
const NOTHING: &[Field] = &[];

/// A step of a run or of some of its items: what is asked for it, and where it goes.
fn step(run: &PaymentRun, code: &str, items: &BTreeSet<i64>) -> Option<Step> {
    let items = || given([("items", items.iter().copied().collect())]);
    let (code, fields, tail, given) = match code {
        "edit" => ("edit", WORDS, "", words(run)),
        "approve" => ("approve", NOTHING, "/approve", given([])),
        "send" => ("send", NOTHING, "/send", given([])),
        "void" => ("void", WHY, "/void", given([])),
        "execute" => ("execute", DAY, "/execute", items()),
        "reject" => ("reject", DAY_AND_WHY, "/reject", items()),
        "return" => ("return", DAY_AND_WHY, "/return", items()),
        "remove" => ("remove", NOTHING, "/items/remove", items()),
        _ => return None,
    };
    let whole = matches!(code, "edit" | "approve" | "send" | "void");
    Some(Step {
        code,
        danger: matches!(code, "void" | "reject"),
        fields,
        path: format!("{RUNS}/{}{tail}", run.id),
        version: whole.then_some(run.version),
        replaces: code == "edit",
        given,
        ..Step::default()
    })
}

fn words(run: &PaymentRun) -> serde_json::Map<String, Value> {
    given([
        ("bank_account_id", run.bank_account_id.into()),
        ("subject", run.subject.as_str().into()),
        ("pay_on", run.pay_on.to_string().into()),
    ])
}

fn item_state(state: PaymentItemState) -> Html {
    let tone = match state {
        PaymentItemState::Pending => StateTone::New,
        PaymentItemState::Executed | PaymentItemState::Released => StateTone::Done,
        PaymentItemState::Returned | PaymentItemState::Rejected => StateTone::Wait,
    };
    html! { <StateDot {tone} label={i18n::code("payment-item-state", state.code())} /> }
}

fn line(item: &PaymentItem, scale: u8) -> Line {
    let when = html! {
        <>
            { day(item.failed_on.or(item.executed_on)) }
            { entry(item.entry_id).map(|(label, link)| html! { <div class="dw-sm">{ label }{ " " }{ link }</div> }) }
            if !item.reason.is_empty() { <div class="dw-sm" dir="auto">{ &item.reason }</div> }
        </>
    };
    let cells = vec![
        document(item.document_id, &item.document),
        html! { <bdi>{ &item.payee }</bdi> },
        html! { <><Num value={item.iban.clone()} />{ " " }<span class="dw-second dw-muted dw-sm"><Num value={item.end_to_end.clone()} /></span></> },
        amount(item.amount, scale),
        item_state(item.state),
        when,
    ];
    Line(item.id, cells)
}

#[derive(Properties, PartialEq)]
pub(super) struct RunProps {
    pub(super) id: i64,
}

/// A run's page.
#[component]
pub(super) fn Run(props: &RunProps) -> Html {
    let id = props.id;
    let session = use_session();
    let query = use_place().query;
    let run = use_api::<PaymentRun>(Some(client::get(format!("{RUNS}/{id}"))));
    // What is done with the whole run is done with the run as it is now.
    let opened = use_opened(&run, |run: &PaymentRun, asked: &Step| {
        asked.version?;
        step(run, asked.code, &BTreeSet::new())
    });
    let round = use_state_eq(|| 0_u32);
    let acted = use_state_eq(|| 0_u32);
    let toasts = use_toasts();
    use_event("record", {
        let (reload, round) = (run.reload.clone(), round.clone());
        Callback::from(move |json: String| {
            if serde_json::from_str::<RecordChanged>(&json).is_ok_and(|changed| changed.id == id) {
                reload.emit(());
                round.set(*round + 1);
            }
        })
    });
    let of = match loaded(&run) {
        Ok(of) => of,
        Err(other) => return other,
    };
    let done = {
        let (close, round, acted) = (opened.close.clone(), round.clone(), acted.clone());
        let code = opened.shown.as_ref().map(|step| step.code).unwrap_or_default();
        Callback::from(move |_: Value| {
            toasts.done(t!("payment-done", act = i18n::code("payment-act", code)));
            close.emit(());
            round.set(*round + 1);
            acted.set(*acted + 1);
        })
    };
    let on_action = {
        let (open, of) = (opened.open.clone(), Rc::clone(&of));
        Callback::from(move |code: AttrValue| match code.as_str() {
            "add" => router::go(&path(format!("{id}/add"))),
            "print" => download::save(&format!("{RUNS}/{id}/print?lang={}", i18n::lang().code())),
            "pain" | "csv" => download::save(&format!("{RUNS}/{id}/file?format={code}")),
            code => {
                if let Some(step) = step(&of, code, &BTreeSet::new()) {
                    open.emit(step);
                }
            }
        })
    };
    let on_tab = {
        let query = query.clone();
        Callback::from(move |code: AttrValue| router::replace_query(&query.clone().with("tab", code.to_string())))
    };
    let tab = AttrValue::from(query.get("tab").unwrap_or("facts").to_owned());
    let side = match tab.as_str() {
        "log" => html! { <log::Log record={id} round={*round} /> },
        _ => html! { <Facts rows={facts(&of)} /> },
    };
    let here = of.number.clone().unwrap_or_else(|| t!("letters-no-number"));
    html! {
        <RecordShell subject={of.subject.clone()} crumbs={crumbs("", here)} line={head(&of)} steps={stages(&of)}
            actions={html! { <Actions actions={actions(&of, session.may(Permission::FinancePay))} {on_action} /> }}
            tabs={vec![Tab::new("facts", t!("details")), Tab::new("log", t!("letter-log"))]} {tab} {on_tab} {side}>
            <Items run={of} round={*round} acted={*acted} on_step={opened.open} />
            if let Some(step) = opened.shown { <Ask {step} on_done={done} on_close={opened.close} /> }
        </RecordShell>
    }
}

#[derive(Properties, PartialEq)]
struct ItemsProps {
    run: Rc<PaymentRun>,
    /// Goes up whenever the run may have changed.
    round: u32,
    /// Goes up with every step done here: what was ticked for it is done.
    acted: u32,
    /// Told of the step that is wanted for the ticked items.
    on_step: Callback<Step>,
}

/// The transfers of a run, by where they stand.
#[component]
fn Items(props: &ItemsProps) -> Html {
    let run = &props.run;
    let place = use_place();
    let query = place.query.clone().without("tab");
    let api = format!("{RUNS}/{}/items", run.id);
    let scale = run.scale;
    let items = use_lines(Some(api.clone()), query.clone(), |item: &PaymentItem| line(item, scale));
    let ticked = use_state_eq(|| Rc::new(BTreeSet::<i64>::new()));
    {
        let reload = items.reload.clone();
        let last = use_mut_ref(|| props.round);
        use_effect_with(props.round, move |round| {
            if last.replace(*round) != *round {
                reload.emit(());
            }
        });
        let ticked = ticked.setter();
        use_effect_with(props.acted, move |_| ticked.set(Rc::new(BTreeSet::new())));
    }
    let acts: Vec<Html> = [
        (PaymentRunAction::Edit, "remove"),
        (PaymentRunAction::Execute, "execute"),
        (PaymentRunAction::Reject, "reject"),
        (PaymentRunAction::Return, "return"),
    ]
    .into_iter()
    .filter(|(action, _)| may(run, *action))
    .map(|(_, code)| {
        let (run, ticked, on_step) = (Rc::clone(run), (*ticked).clone(), props.on_step.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(step) = step(&run, code, &ticked) {
                on_step.emit(step);
            }
        });
        html! { <Button label={i18n::code("payment-act", code)} action={format!("items-{code}")} {onclick} /> }
    })
    .collect();
    let on_state = {
        let query = place.query;
        Callback::from(move |code: AttrValue| router::replace_query(&query.clone().with("state", code.to_string())))
    };
    let now = AttrValue::from(query.get("state").unwrap_or_default().to_owned());
    let selected = (!acts.is_empty()).then(|| (*ticked).clone());
    let set_ticked = ticked.setter();
    html! {
        <div class="dw-card" data-testid="payment-run">
            <Tabs label={t!("payment-items")} tabs={standing(run)} current={now} onchange={on_state} />
            <Lines name="payment-items" label={t!("payment-items")} cols={COLS} answer={items} {query} ask={Callback::from(|query| router::replace_query(&query))}
                export={format!("{api}/export")} {selected} on_select={Callback::from(move |all| set_ticked.set(Rc::new(all)))}
                empty={empty(run)}>{ for acts }</Lines>
        </div>
    }
}

fn may(run: &PaymentRun, action: PaymentRunAction) -> bool {
    run.actions.iter().any(|code| code == action.code())
}

/// What the reader can do, the next useful step first.
fn actions(run: &PaymentRun, pays: bool) -> Vec<RecordAction> {
    use PaymentRunAction::{Approve, Edit, Execute, Send, Void};
    let (filled, given) = (run.items > 0, pays && run.sent_at.is_some());
    let all = [
        ("add", Icon::Plus, may(run, Edit)),
        ("approve", Icon::Check, filled && may(run, Approve)),
        ("send", Icon::Send, may(run, Send)),
        ("execute", Icon::Check, may(run, Execute)),
        (TransferFormat::Pain.code(), Icon::Download, given),
        (TransferFormat::Csv.code(), Icon::Download, given),
        ("print", Icon::Print, true),
        ("edit", Icon::Edit, may(run, Edit)),
        ("void", Icon::Trash, may(run, Void)),
    ];
    let there = all.into_iter().filter(|(.., there)| *there);
    let action = |(code, icon, _)| {
        let action = RecordAction::new(code, i18n::code("payment-act", code), icon);
        RecordAction { danger: code == "void", ..action }
    };
    there.map(action).collect()
}

fn stages(run: &PaymentRun) -> Vec<Stage> {
    use PaymentRunState::{Approved, Draft, Executed, Sent, Void};
    let now = match run.state {
        Draft => 0,
        Approved => 1,
        Sent => 2,
        Executed => 4,
        Void => return Vec::new(),
    };
    steps([Draft, Approved, Sent, Executed].map(|state| i18n::code("payment-run-state", state.code())), now)
}

fn head(run: &PaymentRun) -> Html {
    html! {
        <>
            if let Some(number) = &run.number { <span data-testid="run-number"><Num value={number.clone()} /></span>{ " " } }
            <b data-testid="run-amount">{ in_currency(run.amount, run.scale, &run.currency) }</b>
            { " " }<span data-testid="run-state">{ state(run.state) }</span>
        </>
    }
}

/// How many items stand where, as tabs.
fn standing(run: &PaymentRun) -> Vec<Tab> {
    let one = |one: &diwan_finance_api::PaymentStanding| {
        Tab::new(one.state.code(), i18n::code("payment-item-state", one.state.code())).count(one.items)
    };
    let all = Tab::new("", t!("any")).count(run.items);
    std::iter::once(all).chain(run.standing.iter().filter(|one| one.items > 0).map(one)).collect()
}

fn facts(run: &PaymentRun) -> Vec<(AttrValue, Html)> {
    let account =
        html! { <>{ i18n::name(&run.account) }<div class="dw-sm"><Num value={run.account_iban.clone()} /></div></> };
    let mut rows = vec![
        (t!("bank-account").into(), account),
        (t!("payment-pay-on").into(), day(Some(run.pay_on))),
        (t!("payment-items").into(), html! { <Num value={format::number(run.items)} /> }),
        (t!("voucher-amount").into(), in_currency(run.amount, run.scale, &run.currency)),
    ];
    if run.amount != run.base_amount {
        rows.push((t!("voucher-base").into(), amount(run.base_amount, money::JOD_SCALE)));
    }
    for one in &run.standing {
        rows.push((i18n::code("payment-item-state", one.state.code()).into(), amount(one.amount, run.scale)));
    }
    rows.push((t!("payment-prepared").into(), who(&run.prepared_by, None)));
    rows.extend(run.approved_by.as_ref().map(|by| (t!("payment-approved").into(), who(by, run.approved_at))));
    rows.extend(run.sent_by.as_ref().map(|by| (t!("payment-sent").into(), who(by, run.sent_at))));
    let hash = |label: String, hash: &Option<String>| {
        let hash = hash.clone()?;
        Some((AttrValue::from(label), html! { <bdi class="num dw-sm dw-wrap">{ hash }</bdi> }))
    };
    rows.extend(hash(t!("payment-hash-pain"), &run.file_hash));
    rows.extend(hash(t!("payment-hash-csv"), &run.csv_hash));
    if !run.reason.is_empty() {
        rows.push((t!("reason").into(), html! { <span dir="auto">{ &run.reason }</span> }));
    }
    rows
}

/// What comes next where nothing is paid yet.
fn empty(run: &PaymentRun) -> Html {
    let next = (run.items == 0 && may(run, PaymentRunAction::Edit))
        .then(|| html! { <Link to={path(format!("{}/add", run.id))}>{ t!("payment-act-add") }</Link> });
    let text = if run.items == 0 { t!("payment-items-empty") } else { t!("nothing-found") };
    html! { <Empty {text}>{ next.unwrap_or_default() }</Empty> }
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::{ExecutePayments, PaymentItems, PaymentReason, PaymentRunInput, ReturnPayments};
    use serde_json::json;

    use super::super::ask::tests::read;
    use super::*;

    fn run() -> PaymentRun {
        let name = json!({ "ar": "أ", "en": "A" });
        serde_json::from_value(json!({
            "id": 5, "version": 2, "number": null, "subject": "x", "state": "draft", "bank_account_id": 3, "account": name,
            "account_iban": "", "pay_on": "2026-11-29", "currency": "JOD", "scale": 3, "items": 0, "amount": 0, "base_amount": 0,
            "standing": [], "prepared_by": name, "approved_by": null, "approved_at": null, "sent_by": null, "sent_at": null,
            "file_hash": null, "csv_hash": null, "reason": "", "actions": ["edit", "approve", "void"], "verify_code": null,
        }))
        .unwrap()
    }

    #[test]
    fn every_step_sends_what_the_server_reads() {
        let items = BTreeSet::from([8, 9]);
        let of = |code| step(&run(), code, &items).unwrap();
        let input: PaymentRunInput = read(&of("edit"));
        assert_eq!((input.bank_account_id, of("edit").version), (3, Some(2)));
        assert_eq!(read::<PaymentItems>(&of("remove")).items, [8, 9]);
        assert_eq!(read::<ExecutePayments>(&of("execute")).items, [8, 9]);
        assert_eq!(read::<ReturnPayments>(&of("return")).reason, "x");
        assert_eq!(read::<ReturnPayments>(&of("reject")).items, [8, 9]);
        assert_eq!(read::<PaymentReason>(&of("void")).reason, "x");
        assert!(step(&run(), "nothing", &items).is_none());
    }

    #[test]
    fn nothing_is_approved_before_it_pays_something() {
        let codes = |run: &PaymentRun| actions(run, true).iter().map(|one| one.code.to_string()).collect::<Vec<_>>();
        assert_eq!(codes(&run()), ["add", "print", "edit", "void"]);
        assert_eq!(codes(&PaymentRun { items: 1, ..run() }), ["add", "approve", "print", "edit", "void"]);
    }
}
