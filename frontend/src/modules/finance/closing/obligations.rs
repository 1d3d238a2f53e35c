//! What contracts take from coming years (التزامات السنوات القادمة) and no commitment took over yet, by year and key.

use diwan_finance_api::Obligation;
use yew::prelude::*;

use super::amount;
use crate::client::{self, use_api};
use crate::modules::finance::bank::figures;
use crate::ui::{Card, FailureAlert, Num};

/// The obligations of coming years; nothing where there are none.
#[component]
pub(super) fn Obligations() -> Html {
    let list = use_api::<Vec<Obligation>>(Some(client::get("/api/finance/obligations")));
    if list.failure.is_none() && list.data.as_ref().is_none_or(|list| list.is_empty()) {
        return Html::default();
    }
    let row = |one: &Obligation| {
        html! {
            <tr key={format!("{}-{}", one.year, one.key)}>
                <td><Num value={one.year.to_string()} /></td>
                <td><Num value={one.key.clone()} /></td>
                <td>{ one.commitments }</td>
                <td class="dw-amt">{ amount(one.amount) }</td>
            </tr>
        }
    };
    let titles = vec![t!("import-column-year"), t!("voucher-key"), t!("obligations-commitments"), t!("voucher-amount")];
    html! {
        <Card title={t!("obligations")} padded=true>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if let Some(data) = &list.data { { figures(t!("obligations"), "obligations", (titles, &[3]), data.iter().map(row).collect()) } }
        </Card>
    }
}
