//! What was deducted and is to be remitted (توريد الاقتطاعات), by account and month; the draft that remits it.

use chrono::{Datelike, NaiveDate};
use diwan_finance_api::{DeductionBalance, DocumentRef, PayMethod};
use diwan_kernel::{Permission, money};
use serde_json::Value;
use yew::prelude::*;

use super::ask::{Ask, Field, Step, given};
use super::{document, tabs};
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::parts::options;
use crate::modules::finance::bank::{amount, table};
use crate::modules::finance::page_path;
use crate::ui::tools::Export;
use crate::ui::{Button, Checkbox, Empty, FailureAlert, Num, PageHead, Screen, Select, SelectOption, Variant};

const DEDUCTIONS: &str = "/api/finance/payments/deductions";

const REMIT: &[Field] = &[
    Field::Pick("party_id", "payment-authority", "/api/finance/pick/parties"),
    Field::Choice("method", "voucher-method"),
    Field::Day("on", "voucher-day"),
];

/// How many years back are offered.
const YEARS: i32 = 6;

/// What remits a month of an account.
fn remittance(of: &DeductionBalance) -> Step {
    let party = of.party.as_ref().map_or(Value::Null, |party| party.id.into());
    Step {
        code: "remit",
        fields: REMIT,
        choices: options("pay-method", [PayMethod::Transfer, PayMethod::Cheque].map(PayMethod::code)),
        path: format!("{DEDUCTIONS}/remit"),
        given: given([
            ("account_id", of.account.id.into()),
            ("deducted_from_id", party),
            ("month", of.month.to_string().into()),
        ]),
        ..Step::default()
    }
}

/// The statement of an account in a month, where the amount comes from.
fn statement(account: i64, month: NaiveDate) -> String {
    let last = month.checked_add_months(chrono::Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(month);
    let query = Query::default().with("from", month.to_string()).with("to", last.to_string());
    page_path(&format!("ledger/account/{account}"), &query)
}

/// The balances.
#[component]
pub(super) fn Deductions() -> Html {
    let session = use_session();
    let query = use_place().query;
    let all = use_api::<Vec<DeductionBalance>>(Some(client::get(DEDUCTIONS).queries(&query)));
    let doing = use_state_eq(|| None::<Step>);
    let prepares = session.may(Permission::FinancePrepare);
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value)))
    };
    let this = format::today().year();
    let years: Vec<SelectOption> =
        (0..YEARS).map(|back| (this - back).to_string()).map(|year| SelectOption::new(year.clone(), year)).collect();
    let year = query.get("year").map_or_else(|| this.to_string(), str::to_owned);
    let open = query.get("open").is_some();
    let row = |one: &DeductionBalance| {
        let to = statement(one.account.id, one.month);
        let step = (prepares && one.open > 0).then(|| remittance(one));
        let remit = step.map(|step| {
            let doing = doing.setter();
            let onclick = Callback::from(move |_: MouseEvent| doing.set(Some(step.clone())));
            html! { <Button variant={Variant::Link} label={t!("payment-act-remit")} action="remit" {onclick} /> }
        });
        html! {
            <tr data-code={one.account.code.clone()} data-month={one.month.to_string()}>
                <td><Num value={format!("{}/{}", one.month.month(), one.month.year())} /></td>
                <td><Num value={one.account.code.clone()} />{ " " }{ i18n::name(&one.account.name) }
                    if let Some(party) = &one.party { <div class="dw-sm"><bdi>{ i18n::name(&party.name) }</bdi></div> }</td>
                <td><Link {to}>{ amount(one.deducted, money::JOD_SCALE) }</Link></td>
                <td>{ amount(one.remitted, money::JOD_SCALE) }{ for one.remittances.iter().map(voucher) }</td>
                <td><b>{ amount(one.open, money::JOD_SCALE) }</b></td>
                <td>{ remit }</td>
            </tr>
        }
    };
    let titles = vec![
        t!("deduction-month"),
        t!("voucher-cell-account"),
        t!("deduction-deducted"),
        t!("deduction-remitted"),
        t!("voucher-open"),
        t!("payment-acts"),
    ];
    let left = all.data.as_ref().and_then(|rows| rows.iter().try_fold(0_i64, |sum, one| sum.checked_add(one.open)));
    let close = doing.setter();
    let made = Callback::from(|step: Value| router::go_to(&Route::Finance(format!("documents/{}", step["id"]))));
    let export = html! {
        if session.may(Permission::Export) { <Export path={format!("{DEDUCTIONS}/export")} query={query.clone()} /> }
    };
    html! {
        <Screen head={html! { <PageHead title={t!("nav-finance-payments")} actions={export}>{ tabs("deductions") }</PageHead> }}>
            <div class="dw-stack" data-testid="deductions">
                <div class="dw-form two" role="search">
                    <Select label={t!("fiscal-year-field")} value={year} options={years} onchange={set("year")} name="year" />
                    <Checkbox label={t!("deduction-open-only")} checked={open} onchange={set("open").reform(|on: bool| if on { "true".to_owned() } else { String::new() })} />
                </div>
                <FailureAlert failure={all.failure.clone()} retry={Some(all.reload.clone())} />
                if let Some(rows) = &all.data {
                    if rows.is_empty() { <Empty text={t!("deductions-empty")} /> } else {
                        if let Some(left) = left { <p role="status">{ t!("deduction-left") }{ " " }<b data-testid="deductions-left">{ amount(left, money::JOD_SCALE) }</b></p> }
                        { table(t!("deductions"), "deduction-rows", titles, rows.iter().map(row).collect()) }
                    }
                }
            </div>
            if let Some(step) = (*doing).clone() { <Ask {step} on_done={made} on_close={Callback::from(move |()| close.set(None))} /> }
        </Screen>
    }
}

/// A voucher that remits; a draft has no number yet.
fn voucher(of: &DocumentRef) -> Html {
    html! { <div class="dw-sm" style="margin-block:0.375rem">{ document(of.id, of.number.as_ref().unwrap_or(&of.subject)) }</div> }
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::RemittanceInput;
    use serde_json::json;

    use super::super::ask::tests::read;
    use super::*;

    #[test]
    fn a_month_of_an_account_is_remitted_and_opens_its_statement() {
        let balance: DeductionBalance = serde_json::from_value(json!({
            "account": { "id": 4, "code": "630811", "name": { "ar": "أ", "en": "A" } }, "party": null, "month": "2026-02-01",
            "deducted": 6000, "remitted": 0, "open": 6000, "remittances": [],
        }))
        .unwrap();
        let input: RemittanceInput = read(&remittance(&balance));
        assert_eq!((input.account_id, input.deducted_from_id, input.method), (4, None, PayMethod::Transfer));
        assert!(statement(4, balance.month).ends_with("/finance/ledger/account/4?from=2026-02-01&to=2026-02-28"));
    }
}
