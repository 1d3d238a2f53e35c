//! Administration (الإدارة): people, organisation, rights, approval routes, holidays, the index.

mod agencies;
mod agent;
mod audit;
mod delegations;
mod drills;
mod grants;
mod holidays;
pub(super) mod import;
mod index;
mod jobs;
mod letterheads;
mod me;
mod narrow;
pub(super) mod parts;
mod requests;
mod role_form;
mod roles;
mod route_form;
mod routes;
mod safety;
pub(super) mod send;
mod templates;
mod units;
mod user_dialog;
mod user_form;
mod users;
mod views;

use diwan_kernel::Permission;
use yew::prelude::*;

pub use grants::Grants;
pub use me::MyAccount;
pub use views::RecordViews;

use crate::app::NotFound;
use crate::app::route::Route;
use crate::app::router;
use crate::app::session::{SessionHandle, use_session};
use crate::ui::{Tab, Tabs};

/// Administration.
#[derive(Properties, PartialEq)]
pub struct AdminProps {
    /// Which page, empty for the first.
    pub page: String,
}

/// The pages this person may use: code and name.
fn pages(session: &SessionHandle) -> Vec<(&'static str, String)> {
    let all = [
        ("users", Permission::UsersManage, t!("admin-users")),
        ("units", Permission::OrgManage, t!("admin-units")),
        ("agencies", Permission::AgenciesManage, t!("admin-agencies")),
        ("roles", Permission::RolesManage, t!("admin-roles")),
        ("routes", Permission::RoutesManage, t!("admin-routes")),
        ("templates", Permission::SettingsManage, t!("admin-templates")),
        ("letterheads", Permission::SettingsManage, t!("admin-letterheads")),
        ("holidays", Permission::SettingsManage, t!("admin-holidays")),
        ("jobs", Permission::JobsManage, t!("admin-jobs")),
        ("index", Permission::JobsManage, t!("admin-index")),
        ("class-access", Permission::AccessGrant, t!("admin-class-access")),
        ("views", Permission::ViewsRead, t!("admin-views")),
        ("safety", Permission::JobsManage, t!("admin-safety")),
    ];
    let allowed =
        all.into_iter().filter(|(_, permission, _)| session.may(*permission)).map(|(code, _, name)| (code, name));
    let import = import::may_import(session).then(|| ("import", t!("admin-import")));
    let audit = session.may(Permission::AuditRead).then(|| ("audit", t!("admin-audit")));
    // Everybody may hand their own work to a colleague.
    allowed
        .chain(import)
        .chain(audit)
        .chain([("delegations", t!("admin-delegations")), ("requests", t!("admin-requests"))])
        .collect()
}

/// Administration.
#[component]
pub fn Admin(props: &AdminProps) -> Html {
    let session = use_session();
    let pages = pages(&session);
    let first = pages.first().map_or("delegations", |(code, _)| *code);
    let page = if props.page.is_empty() { first } else { props.page.as_str() };
    let tabs = pages.iter().map(|(code, name)| Tab::new(*code, name.clone())).collect::<Vec<_>>();
    let Some((code, _)) = pages.iter().find(|(code, _)| *code == page) else { return html! { <NotFound /> } };
    let onchange = Callback::from(|code: AttrValue| router::go_to(&Route::Admin(code.to_string())));
    let tabs = html! { <Tabs label={t!("nav-admin")} {tabs} current={*code} {onchange} /> };
    match *code {
        "users" => html! { <users::Users {tabs} /> },
        "units" => html! { <units::Units {tabs} /> },
        "agencies" => html! { <agencies::Agencies {tabs} /> },
        "roles" => html! { <roles::Roles {tabs} /> },
        "routes" => html! { <routes::ApprovalRoutes {tabs} /> },
        "templates" => html! { <templates::Templates {tabs} /> },
        "letterheads" => html! { <letterheads::Letterheads {tabs} /> },
        "holidays" => html! { <holidays::Holidays {tabs} /> },
        "jobs" => html! { <jobs::Jobs {tabs} /> },
        "index" => html! { <index::Index {tabs} /> },
        "requests" => html! { <requests::Requests {tabs} /> },
        "class-access" => html! { <grants::ClassAccess {tabs} /> },
        "views" => html! { <views::Views {tabs} /> },
        "safety" => html! { <safety::Safety {tabs} /> },
        "import" => html! { <import::Import {tabs} /> },
        "audit" => html! { <audit::Audit {tabs} /> },
        _ => html! { <delegations::Delegations {tabs} /> },
    }
}
