//! Closing (الإقفال): the cockpit of a period, its seal and reopenings, and the end of a fiscal year.

mod ask;
mod cockpit;
mod commitments;
mod findings;
mod reopenings;
mod sealed;
mod sign_offs;
mod year_end;

use diwan_finance_api::{COMPLEMENTARY, FiscalPeriod, FiscalYear, PeriodState};
use diwan_kernel::money;
use yew::prelude::*;

use super::by_id;
use crate::app::NotFound;
use crate::app::route::Route;
use crate::app::router::Link;
use crate::client::{self, use_api};
use crate::ui::{Empty, FailureAlert, PageHead, Screen};

/// The screen of a page.
pub(super) fn screen(page: &[&str]) -> Html {
    match page {
        [] => html! { <Next /> },
        [text] => by_id(text, |id| html! { <cockpit::Closing key={id} {id} /> }),
        ["year", text] => by_id(text, |id| html! { <year_end::EndOfYear key={id} {id} /> }),
        _ => html! { <NotFound /> },
    }
}

/// The cockpit of a period.
pub(super) fn path(period: i64) -> String {
    Route::Finance(format!("closing/{period}")).path()
}

/// The end of a year.
pub(super) fn year_path(year: i64) -> String {
    Route::Finance(format!("closing/year/{year}")).path()
}

/// An amount in the base currency.
fn amount(minor: i64) -> Html {
    super::bank::amount(minor, money::JOD_SCALE)
}

/// The cockpit of the period that is closed next.
#[component]
fn Next() -> Html {
    let years = use_api::<Vec<FiscalYear>>(Some(client::get("/api/finance/years")));
    if let Some(period) = years.data.as_ref().and_then(|years| next(years)) {
        return html! { <cockpit::Closing key={period.id} id={period.id} /> };
    }
    html! {
        <Screen head={html! { <PageHead title={t!("nav-finance-closing")} /> }}>
            <FailureAlert failure={years.failure.clone()} retry={Some(years.reload.clone())} />
            if years.data.is_some() { <Empty text={t!("closing-none")}><Link to={Route::Finance(String::new()).path()}>{ t!("fiscal-years") }</Link></Empty> }
        </Screen>
    }
}

/// Periods close in their order: the earliest month that is not closed comes next, then the complementary period.
fn next(years: &[FiscalYear]) -> Option<&FiscalPeriod> {
    let open = |period: &&FiscalPeriod| matches!(period.state, PeriodState::Open | PeriodState::SoftClosed);
    let all = years.iter().flat_map(|year| &year.periods).filter(open);
    all.min_by_key(|period| (period.number == COMPLEMENTARY, period.ends_on))
}

#[cfg(test)]
mod tests {
    use diwan_finance_api::{
        ClosingCheck, ClosingRuleKind, ClosingSeverity, CommitmentDecision, SignOffVoid, YearEndCondition, YearEndOnly,
    };

    use crate::i18n::{code_key, find};

    #[test]
    fn every_code_has_its_word() {
        let there = |set: &str, code: &str| {
            let key = code_key(set, code);
            assert!(find(&key, None).is_some(), "no text for {key}");
        };
        ClosingCheck::ALL.iter().for_each(|one| there("closing-check", one.code()));
        ClosingSeverity::ALL.iter().for_each(|one| there("closing-severity", one.code()));
        ClosingRuleKind::ALL.iter().for_each(|one| there("closing-rule-kind", one.code()));
        SignOffVoid::ALL.iter().for_each(|one| there("sign-off-void", one.code()));
        YearEndCondition::ALL.iter().for_each(|one| there("year-end-condition", one.code()));
        YearEndOnly::ALL.iter().for_each(|one| there("year-end-only", one.code()));
        CommitmentDecision::ALL.iter().for_each(|one| there("year-end-decision", one.code()));
    }
}
