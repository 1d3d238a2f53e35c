//! The payment runs (دفعات الصرف), and beginning one.

use diwan_finance_api::{PaymentRunItem, PaymentRunState};
use diwan_kernel::{Named, Permission};
use serde_json::Value;
use yew::prelude::*;

use super::ask::{Ask, Field, Step};
use super::lines::{Col, Filter, Line, Lines, Narrow, any, days, use_lines};
use super::{day, in_currency, path, tabs};
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::i18n::{self, format};
use crate::ui::{Button, Empty, Icon, Num, PageHead, StateDot, StateTone, Variant};

/// Where runs are asked for.
pub(super) const RUNS: &str = "/api/finance/payments/runs";

pub(super) const COLS: &[Col] = &[
    ("document-number", "c-no", None),
    ("voucher-subject", "c-subj", None),
    ("bank-account", "c-agency", None),
    ("payment-pay-on", "c-due", Some("date")),
    ("payment-items", "c-to", None),
    ("voucher-amount", "c-sec", Some("amount")),
    ("state", "c-state", None),
];

/// What a run is begun with; one that is there keeps its account.
pub(super) const WORDS: &[Field] =
    &[Field::Words("subject", "voucher-subject"), Field::Day("pay_on", "payment-pay-on")];
const NEW: &[Field] = &[
    Field::Pick("bank_account_id", "bank-account", "/api/finance/bank/accounts"),
    Field::Words("subject", "voucher-subject"),
    Field::Day("pay_on", "payment-pay-on"),
];

/// The state of a run.
pub(super) fn state(state: PaymentRunState) -> Html {
    let tone = match state {
        PaymentRunState::Draft => StateTone::New,
        PaymentRunState::Approved => StateTone::Wait,
        PaymentRunState::Sent => StateTone::Work,
        PaymentRunState::Executed | PaymentRunState::Void => StateTone::Done,
    };
    html! { <StateDot {tone} label={i18n::code("payment-run-state", state.code())} /> }
}

/// What narrows a list by its state and its days.
pub(super) fn filters(state: Narrow) -> Vec<Filter> {
    let mut all = days();
    all.insert(0, Filter { name: "state", label: t!("state"), kind: state });
    all
}

fn line(run: &PaymentRunItem) -> Line {
    let failed = html! {
        if run.failed > 0 { <div class="dw-muted dw-sm">{ t!("payment-failed", n = run.failed) }</div> }
    };
    let cells = vec![
        html! { <Num value={run.number.clone().unwrap_or_default()} /> },
        html! { <Link to={path(run.id)}><span class="dw-clamp" dir="auto">{ &run.subject }</span></Link> },
        html! { { i18n::name(&run.account) } },
        day(Some(run.pay_on)),
        html! { <Num value={format::number(run.items)} /> },
        in_currency(run.amount, run.scale, &run.currency),
        html! { <>{ state(run.state) }{ failed }</> },
    ];
    Line(run.id, cells)
}

/// The list.
#[component]
pub(super) fn Runs() -> Html {
    let session = use_session();
    let query = use_place().query;
    let answer = use_lines::<PaymentRunItem, _>(Some(RUNS.to_owned()), query.clone(), line);
    let asking = use_state_eq(|| false);
    let ask = |on: bool| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(on))
    };
    let begin = session.may(Permission::FinancePay).then(|| {
        let onclick = ask(true).reform(|_: MouseEvent| ());
        html! { <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("payment-act-new")} testid="new-run" {onclick} /> }
    });
    // Choosing what it pays is the next thing to do.
    let begun = Callback::from(|run: Value| router::go(&path(format!("{}/add", run["id"]))));
    let step = Step { code: "new", fields: NEW, path: RUNS.to_owned(), ..Step::default() };
    let states = any("payment-run-state", PaymentRunState::ALL.iter().map(|state| state.code()));
    html! {
        <div class="dw-screen">
            <PageHead title={t!("nav-finance-payments")} actions={begin.unwrap_or_default()}>{ tabs("") }</PageHead>
            <Lines name="payment-runs" label={t!("payment-runs")} cols={COLS} {answer} {query} ask={Callback::from(|query| router::replace_query(&query))}
                filters={filters(states)} export={format!("{RUNS}/export")} on_open={Callback::from(|id: i64| router::go(&path(id)))}
                empty={html! { <Empty text={t!("payment-runs-empty")}><Link to={path("payable")}>{ t!("payable") }</Link></Empty> }} />
            if *asking { <Ask {step} on_done={begun} on_close={ask(false)} /> }
        </div>
    }
}

/// Who did something, and when.
pub(super) fn who(name: &Named, at: Option<chrono::NaiveDateTime>) -> Html {
    html! { <>{ i18n::name(name) }if let Some(at) = at { { " · " }<Num value={format::date_time(at)} /> }</> }
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::PaymentRunInput;

    use super::super::ask::tests::read;
    use super::*;

    #[test]
    fn a_run_is_begun_with_what_the_server_asks_for() {
        let step = Step { fields: NEW, ..Step::default() };
        let input: PaymentRunInput = read(&step);
        assert_eq!((input.bank_account_id, input.pay_on), (7, format::today()));
    }
}
