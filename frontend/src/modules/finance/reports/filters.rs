//! What a report is asked for. It stands in the address, so that a view can be kept and sent.

use chrono::NaiveDate;
use diwan_finance_api::{Dimension, DocumentKind};
use yew::prelude::*;

use super::Kind;
use crate::app::query::Query;
use crate::app::router;
use crate::i18n;
use crate::modules::admin::parts::options;
use crate::ui::tools::{Filters, Finder};
use crate::ui::{DateField, Select, SelectOption};

/// The fields of a page, in their order.
fn fields(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Position => &["to", "known", "by", "q"],
        Kind::Journal => &["from", "to", "known", "account", "kind", "number", "amount"],
        Kind::Trial => &["from", "to", "known", "by", "then", "q"],
        Kind::Statement => &["from", "to", "known"],
        Kind::Open | Kind::Keys => &["to", "known", "q"],
        Kind::Detail => &["from", "to", "known"],
    }
}

/// Whether a report is asked for some of its rows: where it has none, others may be there.
pub(super) fn narrows(query: &Query) -> bool {
    ["q", "only", "account", "kind", "number", "amount"].iter().any(|name| query.get(name).is_some())
}

/// The filters of a page.
pub(super) fn draw(kind: Kind, query: &Query) -> Html {
    let names = fields(kind);
    let set = names.iter().filter(|name| query.get(name).is_some()).count();
    html! { <Filters {set}>{ for names.iter().map(|name| field(kind, name, query)) }</Filters> }
}

fn field(kind: Kind, name: &'static str, query: &Query) -> Html {
    let now = query.get(name).unwrap_or_default().to_owned();
    let label = i18n::code("report", name);
    let set = {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value)))
    };
    match name {
        "from" | "to" | "known" => {
            let onchange = set.reform(|day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default());
            html! { <DateField {label} value={now.parse::<NaiveDate>().ok()} {onchange} {name} /> }
        }
        "by" | "then" => {
            let parts =
                Dimension::ALL.iter().filter(|by| kind != Kind::Position || by.is_part() || **by == Dimension::Key);
            let options = choices("dimension", parts.map(|by| by.code()));
            html! { <Select {label} value={now} {options} onchange={set} {name} /> }
        }
        "kind" => {
            let options = choices("record-kind", DocumentKind::ALL.iter().map(|kind| kind.code()));
            html! { <Select {label} value={now} {options} onchange={set} {name} /> }
        }
        _ => html! { <Finder {label} value={now} on_text={set} {name} /> },
    }
}

/// The choices of a set, and none of them.
fn choices(texts: &str, codes: impl Iterator<Item = &'static str>) -> Vec<SelectOption> {
    std::iter::once(SelectOption::new("", t!("any"))).chain(options(texts, codes)).collect()
}
