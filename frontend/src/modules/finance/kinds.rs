//! Which kinds of documents an open period takes.

use std::collections::BTreeSet;

use diwan_finance_api::{DocumentKind, FiscalPeriod, PeriodKinds};
use yew::prelude::*;

use super::years::period_name;
use crate::client;
use crate::i18n;
use crate::modules::admin::parts::save_footer;
use crate::modules::admin::send::use_sending;
use crate::ui::{Checkbox, Dialog};

#[derive(Properties, PartialEq)]
pub(super) struct KindsProps {
    pub(super) period: FiscalPeriod,
    pub(super) done: Callback<()>,
}

/// Asks which kinds the period takes: what is not ticked is closed.
#[component]
pub(super) fn Kinds(props: &KindsProps) -> Html {
    let closed = use_state_eq(|| props.period.closed_kinds.iter().copied().collect::<BTreeSet<DocumentKind>>());
    let sending = use_sending();
    let submit = {
        let (closed, sending, done, period) =
            (closed.clone(), sending.clone(), props.done.clone(), props.period.clone());
        Callback::from(move |()| {
            let body = PeriodKinds { closed: closed.iter().copied().collect() };
            let call = client::put(format!("/api/finance/periods/{}/kinds", period.id)).if_match(period.version);
            let done = done.clone();
            sending.answer(call.json(&body), move |_: FiscalPeriod| done.emit(()));
        })
    };
    let kind = |kind: DocumentKind| {
        let onchange = {
            let closed = closed.clone();
            Callback::from(move |takes: bool| {
                let mut next = (*closed).clone();
                if takes {
                    next.remove(&kind);
                } else {
                    next.insert(kind);
                }
                closed.set(next);
            })
        };
        html! {
            <div data-kind={kind.code()}>
                <Checkbox label={i18n::code("record-kind", kind.code())} checked={!closed.contains(&kind)} {onchange} />
            </div>
        }
    };
    let title = t!("period-kinds-of", period = period_name(&props.period));
    html! {
        <Dialog {title} on_close={Some(props.done.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.done)}>
            { sending.alert() }
            <p class="dw-muted">{ t!("period-kinds-means") }</p>
            <div class="dw-form two" data-testid="period-kinds">
                { for DocumentKind::ALL.iter().copied().filter(|one| one.closes_alone()).map(kind) }
            </div>
        </Dialog>
    }
}
