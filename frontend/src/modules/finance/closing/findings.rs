//! What stands against closing a period, by who must act, each with a way to it.

use diwan_finance_api::{ClosingCheck, ClosingFinding, ClosingSeverity, Cockpit, FindingItem, FindingOwner};
use yew::prelude::*;

use super::{amount, path};
use crate::app::query::Query;
use crate::app::router::Link;
use crate::i18n::{self, format};
use crate::modules::finance::{page_path, record_path};
use crate::modules::record::tasks;
use crate::ui::{Button, Card, Icon, Num};

/// Every check: what it found first, then what is fine; `accept` is told the warning that is accepted.
pub(super) fn findings(of: &Cockpit, accept: &Callback<ClosingCheck>) -> Html {
    let (found, fine): (Vec<_>, Vec<_>) = of.findings.iter().partition(|one| one.count > 0);
    let nothing = |one: &ClosingFinding| {
        let (title, none) = (html! { { name(one.check) } }, html! { { t!("closing-check-fine") } });
        html! { <li data-check={one.check.code()} data-count="0">{ tasks::node("ok", Icon::Check.html(), title, none, Html::default()) }</li> }
    };
    html! {
        <Card title={t!("closing-findings")} padded=true>
            <ul class="dw-tree" data-testid="findings">
                { for found.into_iter().map(|one| finding(one, of, accept)) }
                { for fine.into_iter().map(nothing) }
            </ul>
        </Card>
    }
}

fn name(check: ClosingCheck) -> String {
    i18n::code("closing-check", check.code())
}

fn finding(one: &ClosingFinding, of: &Cockpit, accept: &Callback<ClosingCheck>) -> Html {
    let check = one.check;
    let (class, icon) = match (one.severity, &one.accepted) {
        (_, Some(_)) => ("ok", Icon::Check),
        (ClosingSeverity::Block, None) => ("bad", Icon::CircleAlert),
        (ClosingSeverity::Warn, None) => ("", Icon::Warning),
    };
    let title = html! { <>{ name(check) }{ " " }<span class="dw-badge">{ format::number(one.count) }</span></> };
    let what = html! {
        <>
            { i18n::code("closing-severity", one.severity.code()) }
            if one.amount != 0 { { t!("list-comma") }{ amount(one.amount) } }
        </>
    };
    let accepts = of.ruled && of.may_accept && one.severity == ClosingSeverity::Warn && one.accepted.is_none();
    let when = html! {
        <>
            if let Some(accepted) = &one.accepted {
                <b>{ t!("closing-accepted") }</b>{ t!("list-comma") }{ i18n::name(&accepted.by.name) }{ t!("list-comma") }{ tasks::moment(accepted.at) }
                <span class="dw-pre dw-quote" dir="auto" style="display:block">{ &accepted.reason }</span>
            }
            if accepts { <Button label={t!("closing-accept")} action="accept" onclick={accept.reform(move |_: MouseEvent| check)} /> }
        </>
    };
    let shown = i64::try_from(one.items.len()).unwrap_or(i64::MAX);
    html! {
        <li data-check={check.code()} data-count={one.count.to_string()} data-severity={one.severity.code()}>
            { tasks::node(class, icon.html(), title, what, when) }
            <ul>
                { for one.owners.iter().map(|owner| owned(owner, one, of)) }
                if one.count > shown { <li><Link to={all(check, of)}>{ t!("closing-all", n = one.count) }</Link></li> }
            </ul>
        </li>
    }
}

/// What lies with one person: how much, and the first of it.
fn owned(owner: &FindingOwner, one: &ClosingFinding, of: &Cockpit) -> Html {
    let id = owner.owner.as_ref().map(|owner| owner.id);
    let its = |item: &&FindingItem| match id {
        Some(id) => item.owners.iter().any(|other| other.id == id),
        None => item.owners.is_empty(),
    };
    let who = owner.owner.as_ref().map_or_else(|| t!("closing-nobody"), |owner| i18n::name(&owner.name));
    let title = html! { <>{ who }{ " " }<span class="dw-badge">{ format::number(owner.count) }</span></> };
    let sum = html! { if owner.amount != 0 { { amount(owner.amount) } } };
    html! {
        <li data-owner={id.map(|id| id.to_string())}>
            { tasks::node("", Icon::Person.html(), title, sum, Html::default()) }
            <ul>{ for one.items.iter().filter(its).map(|item| found(item, one.check, of)) }</ul>
        </li>
    }
}

fn found(item: &FindingItem, check: ClosingCheck, of: &Cockpit) -> Html {
    let number = item.number.clone().filter(|number| !number.is_empty());
    let kind = (!item.kind.is_empty()).then(|| i18n::code("record-kind", &item.kind));
    let sets = ["document-state", "period-state", "payment-run-state"];
    let state = sets.iter().find_map(|set| i18n::find(&i18n::code_key(set, &item.state), None));
    // What the day says where it is not that of the document itself.
    let day = match check {
        ClosingCheck::Bank | ClosingCheck::BankChanged => Some(t!("bank-reconciled-to")),
        ClosingCheck::Advances => Some(t!("voucher-due")),
        _ => None,
    };
    html! {
        <li class="dw-sm" data-row-id={item.id.to_string()}>
            <Link to={address(item, check, of)}>
                if let Some(kind) = kind { { kind }{ " " } }
                if let Some(number) = number { <Num value={number} />{ " " } }
                <bdi>{ i18n::name(&item.name) }</bdi>
            </Link>
            <div class="dw-muted">
                if let Some(at) = item.day { if let Some(day) = day { { day }{ " " } }<Num value={format::date(at)} />{ " " } }
                if let Some(state) = state { { state }{ " " } }
                if item.amount != 0 { { amount(item.amount) } }
            </div>
        </li>
    }
}

fn finance(page: &str) -> String {
    page_path(page, &Query::default())
}

/// Where something that was found is dealt with.
fn address(item: &FindingItem, check: ClosingCheck, of: &Cockpit) -> String {
    match check {
        ClosingCheck::EarlierPeriods => path(item.id),
        ClosingCheck::Bank | ClosingCheck::BankChanged => finance(&format!("bank/accounts/{}", item.id)),
        ClosingCheck::Clearing => {
            let until = Query::default().with("to", of.period.ends_on.to_string());
            page_path(&format!("ledger/account/{}", item.id), &until)
        }
        ClosingCheck::Documents | ClosingCheck::PaymentRuns | ClosingCheck::Advances => {
            record_path(&item.kind, item.id)
        }
    }
}

/// The list that has all of it.
fn all(check: ClosingCheck, of: &Cockpit) -> String {
    let days = Query::default().with("from", of.period.starts_on.to_string()).with("to", of.period.ends_on.to_string());
    match check {
        ClosingCheck::EarlierPeriods => finance(""),
        ClosingCheck::Bank | ClosingCheck::BankChanged => finance("bank"),
        ClosingCheck::Clearing => page_path("ledger/trial", &days),
        ClosingCheck::PaymentRuns => finance("payments"),
        ClosingCheck::Documents => page_path("documents", &days.with("view", "unposted")),
        ClosingCheck::Advances => {
            let open = Query::default().with("view", "open").with("kind", "advance");
            page_path("documents", &open)
        }
    }
}
