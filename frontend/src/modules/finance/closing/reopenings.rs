//! The reopenings of a period (إعادات الفتح): why, until when, and all that was posted under them.

use diwan_finance_api::{Reopening, TouchedEntry};
use diwan_kernel::{Page, Permission};
use yew::prelude::*;

use super::amount;
use crate::app::query::Query;
use crate::app::router::Link;
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::finance::bank::table;
use crate::modules::finance::record_path;
use crate::modules::finance::reports::taking;
use crate::modules::record::tasks;
use crate::ui::tools::{Foot, use_paging};
use crate::ui::{Button, Card, FailureAlert, Icon, Num, Variant};

/// Rows of one page.
const LIMIT: usize = 25;

#[derive(Properties, PartialEq)]
pub(super) struct ReopeningsProps {
    pub(super) period: i64,
}

/// The reopenings, latest first.
#[component]
pub(super) fn Reopenings(props: &ReopeningsProps) -> Html {
    let call = client::get(format!("/api/finance/periods/{}/reopenings", props.period));
    let list = use_api::<Vec<Reopening>>(Some(call));
    let opened = use_state_eq(|| None::<i64>);
    let open = {
        let opened = opened.clone();
        Callback::from(move |id: i64| opened.set((*opened != Some(id)).then_some(id)))
    };
    html! {
        <Card title={t!("reopenings")} padded=true>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            <ul class="dw-tree" data-testid="reopenings">
                { for list.data.iter().flat_map(|all| all.iter()).map(|one| html! {
                    <li key={one.id} data-row-id={one.id.to_string()}>
                        { reopening(one, &open) }
                        if *opened == Some(one.id) { <Touched id={one.id} /> }
                    </li>
                }) }
            </ul>
        </Card>
    }
}

fn reopening(one: &Reopening, open: &Callback<i64>) -> Html {
    let id = one.id;
    let days = t!("reopening-until", from = format::date_time(one.opened_at), until = format::date_time(one.until));
    let ended =
        one.ended_at.map_or_else(|| t!("reopening-now"), |at| t!("reopening-ended", at = format::date_time(at)));
    let what = html! { <><span class="dw-pre dw-quote" dir="auto" style="display:block">{ &one.reason }</span>{ days }{ t!("list-comma") }{ ended }</> };
    let when = html! {
        if one.touched > 0 {
            <Button variant={Variant::Link} label={t!("reopening-touched")} action="touched" onclick={open.reform(move |_: MouseEvent| id)} />
            { " " }<Num value={format::number(one.touched)} />{ " · " }{ amount(one.amount) }
        } else { { t!("reopening-nothing") } }
    };
    tasks::node("", Icon::History.html(), html! { { i18n::name(&one.by.name) } }, what, when)
}

#[derive(Properties, PartialEq)]
struct TouchedProps {
    id: i64,
}

/// What was posted under a reopening.
#[component]
fn Touched(props: &TouchedProps) -> Html {
    let exports = use_session().may(Permission::Export);
    let paging = use_paging(props.id);
    let call = client::get(format!("/api/finance/reopenings/{}/entries", props.id)).query("limit", LIMIT.to_string());
    let page = use_api::<Page<TouchedEntry>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let row = |one: &TouchedEntry| {
        let to = record_path(&one.kind, one.record_id);
        html! {
            <tr key={one.entry_id.unwrap_or(-one.record_id)} data-row-id={one.record_id.to_string()}>
                <td><Link {to}>{ i18n::code("record-kind", &one.kind) }{ " " }<Num value={one.number.clone().unwrap_or_default()} /></Link></td>
                <td><bdi class="dw-clamp">{ &one.subject }</bdi></td>
                <td><Num value={format::date(one.day)} /></td>
                <td>{ amount(one.amount) }</td>
                <td>{ i18n::name(&one.by.name) }<div class="dw-muted dw-sm"><Num value={format::date_time(one.at)} /></div></td>
            </tr>
        }
    };
    let report = format!("/api/finance/reopenings/{}/report", props.id);
    html! {
        <>
            <div class="dw-row">{ taking(&report, &Query::default(), exports) }</div>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            if let Some(data) = &page.data {
                { table(t!("reopening-touched"), "touched", vec![
                    t!("payment-document"), t!("voucher-subject"), t!("voucher-day"), t!("voucher-amount"), t!("closing-posted-by"),
                ], data.items.iter().map(row).collect()) }
                <Foot rows={data.items.len()} limit={LIMIT} next={data.next.clone()} {paging} />
            }
        </>
    }
}
