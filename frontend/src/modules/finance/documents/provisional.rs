//! Spending before the law: what a rule allows, what was given so far, and the draft up to the end of a month.

use chrono::{Datelike, NaiveDate};
use diwan_finance_api::{DocumentStep, ProvisionalDocument, ProvisionalInput, ProvisionalStanding};
use diwan_kernel::money;
use yew::prelude::*;

use super::{list::state_mark, path};
use crate::app::router::{self, Link};
use crate::client::{self, use_api};
use crate::i18n::format;
use crate::modules::admin::parts::{changing, save_footer};
use crate::modules::admin::send::use_sending;
use crate::modules::finance::bank::{amount, table};
use crate::ui::{Alert, DateField, Dialog, Facts, FailureAlert, Num, Select, SelectOption, Tone};

#[derive(Properties, PartialEq)]
pub(super) struct ProvisionalProps {
    pub(super) on_close: Callback<()>,
}

/// The name of a month of a year.
fn month(year: i32, number: u32) -> String {
    NaiveDate::from_ymd_opt(year, number, 1).map(format::month_short).unwrap_or_default()
}

/// The provisional appropriation.
#[component]
pub(super) fn ProvisionalDialog(props: &ProvisionalProps) -> Html {
    let edit = use_state_eq(|| ProvisionalInput { on: format::today(), through_month: format::today().month() });
    let standing = use_api::<ProvisionalStanding>(Some(
        client::get("/api/finance/budget/provisional").query("on", edit.on.to_string()),
    ));
    let sending = use_sending();
    let submit = {
        let (edit, sending) = (edit.clone(), sending.clone());
        Callback::from(move |()| {
            let call = client::post("/api/finance/budget/provisional").json(&*edit);
            sending.answer(call, move |step: DocumentStep| router::go_to(&path(step.id)));
        })
    };
    let year = edit.on.year();
    let months: Vec<SelectOption> =
        (1..=edit.on.month()).map(|number| SelectOption::new(number.to_string(), month(year, number))).collect();
    html! {
        <Dialog wide=true title={t!("provisional")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            <p class="dw-muted">{ t!("provisional-hint") }</p>
            { sending.alert_beside(&["on", "through_month"]) }
            <div class="dw-form two">
                <DateField label={t!("voucher-day")} value={Some(edit.on)} required=true error={sending.error("on")} name="on"
                    onchange={changing(&edit, |edit: &mut ProvisionalInput, day: Option<NaiveDate>| {
                        edit.on = day.unwrap_or(edit.on);
                        edit.through_month = edit.on.month();
                    })} />
                <Select label={t!("provisional-month")} value={edit.through_month.to_string()} options={months} error={sending.error("through_month")} name="through_month"
                    onchange={changing(&edit, |edit: &mut ProvisionalInput, month: String| edit.through_month = month.parse().unwrap_or(edit.through_month))} />
            </div>
            <FailureAlert failure={standing.failure.clone()} />
            if let Some(standing) = &standing.data { { shown(standing) } }
        </Dialog>
    }
}

fn shown(standing: &ProvisionalStanding) -> Html {
    let share = standing.last / i64::from(standing.parts.max(1));
    let mut rows: Vec<(AttrValue, Html)> =
        vec![(t!("provisional-last").into(), html! { { amount(standing.last, money::JOD_SCALE) } })];
    if standing.allowed {
        let one = format!("1/{}", standing.parts);
        rows.push((
            t!("provisional-share").into(),
            html! { <><Num value={one} />{ " · " }{ amount(share, money::JOD_SCALE) }</> },
        ));
        rows.push((t!("import-column-reference").into(), html! { <bdi>{ &standing.reference }</bdi> }));
    }
    let row = |one: &ProvisionalDocument| {
        let name = one.document.number.clone().unwrap_or_else(|| one.document.subject.clone());
        html! {
            <tr>
                <td><Link to={path(one.document.id).path()}><bdi>{ name }</bdi></Link></td>
                <td>{ month(standing.year, one.through_month) }</td>
                <td>{ amount(one.amount, money::JOD_SCALE) }</td>
                <td>{ state_mark(&one.state) }if one.replaced { { " " }{ t!("provisional-replaced") } }</td>
            </tr>
        }
    };
    html! {
        <div class="dw-stack" data-testid="provisional-standing">
            if let Some(law) = &standing.law {
                <Alert title={t!("provisional-law-there", document = law.number.clone().unwrap_or_else(|| law.subject.clone()))} />
            } else if !standing.allowed {
                <Alert tone={Tone::Warning} title={t!("provisional-not-allowed", year = standing.year.to_string())} />
            }
            <Facts {rows} />
            if !standing.documents.is_empty() {
                { table(t!("provisional-documents"), "provisional-documents", vec![
                    t!("voucher-kind"), t!("provisional-month"), t!("voucher-amount"), t!("state"),
                ], standing.documents.iter().map(row).collect()) }
            }
        </div>
    }
}
