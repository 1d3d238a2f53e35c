//! The sidebar: sections with counts, which the bell and the screens share. What a person may not use is not there.

use std::rc::Rc;

use diwan_kernel::Permission;
use diwan_platform_api::records::WorkCounts;
use yew::prelude::*;

use super::route::{LetterBox, Route};
use super::router::{Link, use_place};
use super::session::{SessionHandle, use_session};
use crate::client::events::use_gathered;
use crate::client::{self, use_api};
use crate::i18n::format;
use crate::ui::Icon;

/// A line of the sidebar.
#[derive(Clone, PartialEq)]
pub struct NavLine {
    /// Its name.
    pub label: String,
    /// Its picture; lines inside a section have none.
    pub icon: Option<Icon>,
    /// Where it goes.
    pub route: Route,
    /// How many wait there.
    pub count: Option<i64>,
    /// The lines below it, which make it a section.
    pub below: Vec<NavLine>,
}

impl NavLine {
    fn new(label: String, icon: Icon, route: Route) -> Self {
        Self { label, icon: Some(icon), route, count: None, below: Vec::new() }
    }

    fn below(label: String, route: Route, count: Option<i64>) -> Self {
        Self { label, icon: None, route, count, below: Vec::new() }
    }
}

/// The screens this person may use, in the order of the sidebar.
pub fn lines(session: &SessionHandle, counts: Option<&WorkCounts>) -> Vec<NavLine> {
    let may = |permission| session.may(permission);
    let mut lines =
        vec![NavLine { count: counts.map(|c| c.open), ..NavLine::new(t!("nav-work"), Icon::Inbox, Route::Home) }];
    lines.push(NavLine::new(t!("nav-dashboard"), Icon::Chart, Route::Dashboard));
    let mut letters = vec![
        NavLine::below(t!("nav-incoming"), Route::Letters(LetterBox::Incoming), counts.map(|c| c.to_register)),
        NavLine::below(t!("nav-outgoing"), Route::Letters(LetterBox::Outgoing), None),
    ];
    if may(Permission::LettersDraft) {
        letters.push(NavLine::below(t!("nav-drafts"), Route::Letters(LetterBox::Drafts), None));
    }
    letters.push(NavLine::below(t!("nav-memos"), Route::Letters(LetterBox::Memos), None));
    lines.push(NavLine {
        below: letters,
        ..NavLine::new(t!("nav-letters"), Icon::Letter, Route::Letters(LetterBox::Incoming))
    });
    if may(Permission::ArchiveRead) {
        lines.push(NavLine::new(t!("nav-archive"), Icon::Archive, Route::Archive));
    }
    if may(Permission::FinanceRead) {
        let parts = [
            (t!("nav-finance-documents"), "documents"),
            (t!("nav-finance-position"), "position"),
            (t!("nav-finance-ledger"), "ledger"),
            (t!("nav-finance-payments"), "payments"),
            (t!("nav-finance-bank"), "bank"),
            (t!("nav-finance-closing"), "closing"),
            (t!("nav-finance-reports"), "reports"),
            (t!("nav-finance-years"), ""),
        ];
        let below = parts.into_iter().map(|(label, part)| NavLine::below(label, Route::Finance(part.to_owned()), None));
        let documents = Route::Finance("documents".to_owned());
        let below = below.collect();
        lines.push(NavLine { below, ..NavLine::new(t!("nav-finance"), Icon::Columns, documents) });
    }
    lines.push(NavLine::new(t!("nav-search"), Icon::Search, Route::Search));
    let manages = [
        Permission::OrgManage,
        Permission::AgenciesManage,
        Permission::UsersManage,
        Permission::RolesManage,
        Permission::RoutesManage,
        Permission::SettingsManage,
        Permission::JobsManage,
        Permission::AuditRead,
        Permission::AccessGrant,
        Permission::ViewsRead,
    ];
    if manages.into_iter().any(may) {
        lines.push(NavLine::new(t!("nav-admin"), Icon::Gear, Route::Admin(String::new())));
    }
    lines
}

/// What stands inside [`CountsProvider`].
#[derive(Properties, PartialEq)]
pub struct CountsProps {
    /// The shell.
    pub children: Html,
}

/// The counts as they are known.
#[derive(Clone, PartialEq)]
struct Counts(Option<Rc<WorkCounts>>);

/// Gives everything inside the counts; they follow the live events.
#[component]
pub fn CountsProvider(props: &CountsProps) -> Html {
    let counts = use_api::<WorkCounts>(Some(client::get("/api/work/counts")));
    use_gathered(counts.reload.clone());
    yew::provide(Counts(counts.data), props.children.clone())
}

/// The counts; none before the first answer.
#[hook]
pub fn use_counts() -> Option<Rc<WorkCounts>> {
    use_context::<Counts>().and_then(|counts| counts.0)
}

/// The sidebar.
#[component]
pub fn Sidebar() -> Html {
    let session = use_session();
    let counts = use_counts();
    html! {
        <div class="pf-v6-c-page__sidebar" id="sidebar">
            <div class="pf-v6-c-page__sidebar-main"><div class="pf-v6-c-page__sidebar-body">
                <nav class="pf-v6-c-nav" aria-label={t!("menu")}>
                    <ul class="pf-v6-c-nav__list" role="list">
                        { for lines(&session, counts.as_deref()).into_iter().map(|line| html! { <Line {line} /> }) }
                    </ul>
                </nav>
            </div></div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    line: NavLine,
}

/// Whether the screen at `here` belongs to the line for `route`.
fn belongs(here: &Route, route: &Route) -> bool {
    match (here, route) {
        (Route::Admin(_), Route::Admin(_))
        | (
            Route::ArchiveItem(_) | Route::ArchivePart(_) | Route::CheckDesk | Route::Imports | Route::ImportItem(_),
            Route::Archive,
        ) => true,
        // Years, accounts and what else the books stand on are one line.
        (Route::Finance(here), Route::Finance(line)) => {
            let part = |page: &str| page.split('/').next().unwrap_or_default().to_owned();
            let first = part(here);
            first == *line || line.is_empty() && matches!(first.as_str(), "accounts" | "setup")
        }
        (here, route) => here == route,
    }
}

#[component]
fn Line(props: &LineProps) -> Html {
    let place = use_place();
    let open = use_state_eq(|| true);
    let line = &props.line;
    let id = crate::ui::dom::use_id("nav");
    let content = html! {
        <>
            if let Some(icon) = line.icon { <span class="pf-v6-c-nav__link-icon">{ icon }</span> }
            <span class="pf-v6-c-nav__link-text">{ &line.label }</span>
            if let Some(count) = line.count.filter(|count| *count > 0) { <span class="dw-n">{ format::number(count) }</span> }
        </>
    };
    if line.below.is_empty() {
        let current = belongs(&place.route, &line.route);
        return html! {
            <li class="pf-v6-c-nav__item">
                <Link to={line.route.path()} class={classes!("pf-v6-c-nav__link", current.then_some("pf-m-current"))} {current}>{ content }</Link>
            </li>
        };
    }
    let onclick = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <li class={classes!("pf-v6-c-nav__item", "pf-m-expandable", open.then_some("pf-m-expanded"))}>
            <button type="button" class="pf-v6-c-nav__link" id={id.clone()} aria-expanded={if *open { "true" } else { "false" }} {onclick}>
                { content }
                <span class="pf-v6-c-nav__toggle"><span class="dw-nav-twist">{ Icon::ChevronDown }</span></span>
            </button>
            if *open {
                <section class="pf-v6-c-nav__subnav" aria-labelledby={id}>
                    <ul class="pf-v6-c-nav__list" role="list">
                        { for line.below.iter().map(|line| html! { <Line line={line.clone()} /> }) }
                    </ul>
                </section>
            }
        </li>
    }
}
