//! What the books say (الدفاتر والموقف المالي والكشوف): one screen for all of it, as all of it comes in one form.

mod board;
mod filters;
mod rows;

use diwan_finance_api::{OpenReport, Report, STATEMENTS};
use diwan_kernel::Permission;
use yew::prelude::*;

use board::Board;

use crate::app::NotFound;
use crate::app::query::Query;
use crate::app::route::Route;
use crate::app::router::{self, Link, use_place};
use crate::app::session::use_session;
use crate::client::{self, use_api};
use crate::i18n;
use crate::ui::tools::{Export, Foot, use_paging};
use crate::ui::{Button, Empty, FailureAlert, Icon, PageHead, Screen, Tab, Tabs};

/// Rows of one page, where a report is paged.
const LIMIT: usize = 100;

/// Which way of asking a page offers.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Position,
    Journal,
    Trial,
    Statement,
    /// What is open on a day.
    Open,
    /// The budget keys.
    Keys,
    /// What a row of another page opens.
    Detail,
}

/// The screen of a page.
pub(super) fn screen(page: &[&str]) -> Html {
    let (api, kind, tab) = match page {
        ["position"] => ("position".to_owned(), Kind::Position, "position"),
        ["position", "keys"] => ("budget-keys".to_owned(), Kind::Keys, "position/keys"),
        ["position", id] => (format!("position/{id}/moves"), Kind::Detail, ""),
        ["ledger"] => ("journal".to_owned(), Kind::Journal, "ledger"),
        ["ledger", "trial"] => ("trial-balance".to_owned(), Kind::Trial, "ledger/trial"),
        ["ledger", "entry", id] => (format!("entries/{id}"), Kind::Detail, "ledger"),
        ["ledger", "account", id] => (format!("accounts/{id}/statement"), Kind::Detail, "ledger"),
        ["reports"] => return html! { <Board /> },
        ["reports", code] if code.parse::<OpenReport>().is_ok() => (format!("open/{code}"), Kind::Open, *code),
        ["reports", code] => (format!("statements/{code}"), Kind::Statement, *code),
        _ => return html! { <NotFound /> },
    };
    let tab = if matches!(kind, Kind::Statement | Kind::Open) { format!("reports/{tab}") } else { tab.to_owned() };
    html! { <Page key={api.clone()} api={api.clone()} {kind} {tab} /> }
}

/// The pages beside the current one.
fn tabs(current: &str) -> Html {
    let tabs: Vec<Tab> = if current.starts_with("ledger") {
        vec![Tab::new("ledger", t!("journal")), Tab::new("ledger/trial", t!("trial-balance"))]
    } else if current.starts_with("position") {
        vec![Tab::new("position", t!("nav-finance-position")), Tab::new("position/keys", t!("budget-keys"))]
    } else if current.starts_with("reports") {
        let codes = STATEMENTS.into_iter().chain(OpenReport::ALL.iter().map(|of| of.code()));
        let statements = codes.map(|code| Tab::new(format!("reports/{code}"), i18n::code("statement", code)));
        std::iter::once(Tab::new("reports", t!("finance-board"))).chain(statements).collect()
    } else {
        return Html::default();
    };
    let onchange = Callback::from(|page: AttrValue| router::go_to(&Route::Finance(page.to_string())));
    html! { <Tabs label={t!("nav-finance")} {tabs} current={current.to_owned()} {onchange} /> }
}

#[derive(Properties, PartialEq)]
struct PageProps {
    /// Where the report is asked for, below `/api/finance/`.
    api: AttrValue,
    kind: Kind,
    /// The current tab.
    tab: AttrValue,
}

#[component]
fn Page(props: &PageProps) -> Html {
    let session = use_session();
    let query = use_place().query;
    let paging = use_paging(query.clone());
    let path = format!("/api/finance/{}", props.api);
    let call = client::get(path.clone()).queries(&query).query("limit", LIMIT.to_string());
    let report = use_api::<Report>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let title = report.data.as_ref().map(|one| i18n::name(&one.title));
    let title = title.unwrap_or_else(|| t!("nav-finance-reports"));
    let actions = taking(&path, &query, session.may(Permission::Export));
    let paged = report.data.as_ref().is_some_and(|one| one.next.is_some()) || paging.index > 0;
    html! {
        <Screen head={html! { <PageHead {title} marks={on_its_way(report.loading)} {actions}>{ tabs(&props.tab) }</PageHead> }}>
            <div class="dw-stack">
                { filters::draw(props.kind, &query) }
                <FailureAlert failure={report.failure.clone()} retry={Some(report.reload.clone())} />
                if let Some(one) = &report.data {
                    { rows::above(one, &query) }
                    { match one.rows.is_empty() {
                        false => rows::table(one, &query, report.loading, paged),
                        true if filters::narrows(&query) => html! { <Empty text={t!("nothing-found")} /> },
                        true => nothing(),
                    } }
                    { rows::checks(one) }
                    if paged { <Foot rows={one.rows.len()} limit={LIMIT} next={one.next.clone()} {paging} /> }
                }
            </div>
        </Screen>
    }
}

/// Takes a report away: on paper, and as a sheet for whoever may export.
pub(super) fn taking(path: &str, query: &Query, exports: bool) -> Html {
    let url = format!("{path}/pdf{}", query.clone().with("lang", i18n::lang().code()).text());
    let print = Callback::from(move |_: MouseEvent| client::download::save(&url));
    html! {
        <>
            if exports { <Export path={format!("{path}/export")} query={query.clone()} /> }
            <Button icon={Icon::Print} label={t!("print")} action="print" onclick={print} />
        </>
    }
}

/// Said while figures are on their way; beside the title, so that those below stay where they are.
fn on_its_way(loading: bool) -> Html {
    html! { <span class="dw-muted dw-sm" role="status">if loading { <span class="dw-skel-late">{ t!("loading") }</span> }</span> }
}

/// What stands where nothing was found, and what comes first.
fn nothing() -> Html {
    html! {
        <>
            <Empty text={t!("report-empty")} />
            <div data-testid="report-next">
                <p class="dw-muted dw-sm">{ t!("report-empty-next") }</p>
                <div class="dw-head__line">
                    <Link to={Route::Finance(String::new()).path()}>{ t!("fiscal-years") }</Link>
                    <Link to={Route::Finance("documents".to_owned()).path()}>{ t!("nav-finance-documents") }</Link>
                </div>
            </div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{code_key, find};

    #[test]
    fn every_report_has_its_words() {
        for code in STATEMENTS.into_iter().chain(OpenReport::ALL.iter().map(|of| of.code())) {
            assert!(find(&code_key("statement", code), None).is_some(), "no text for {code}");
        }
    }
}
