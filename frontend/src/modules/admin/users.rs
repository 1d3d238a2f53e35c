//! Users (المستخدمون): the list.

use std::rc::Rc;

use diwan_kernel::{Page, Secrecy};
use diwan_platform_api::people::UserItem;
use yew::prelude::*;

use super::parts::PageProps;
use super::user_dialog::{NewUserDialog, UserDialog};
use crate::app::query::Query;
use crate::app::router::{self, use_place};
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::tools::{Export, FilterChip, Foot, Tools, use_paging};
use crate::ui::{
    Button, Column, DataTable, Empty, FailureAlert, Icon, Num, PageHead, Row, SecrecyBadge, Select, SelectOption, Sort,
    StateDot, StateTone, Variant,
};

/// Rows of one page.
const LIMIT: usize = 25;

impl Row for UserItem {
    fn key(&self) -> i64 {
        self.id
    }
}

/// The mark of whether something takes part.
pub(super) fn active_mark(active: bool) -> Html {
    let (tone, label) = if active { (StateTone::Work, t!("active")) } else { (StateTone::Done, t!("inactive")) };
    html! { <StateDot {tone} {label} /> }
}

fn columns() -> Rc<Vec<Column<UserItem>>> {
    let name = |user: &UserItem| html! { <span class="dw-subj">{ i18n::name(&user.name) }</span> };
    let place = |user: &UserItem| {
        let title = user.title.as_ref().map(i18n::name).unwrap_or_default();
        let unit = user.unit.as_ref().map(|unit| i18n::name(&unit.name)).unwrap_or_default();
        html! { <span class="dw-clamp">{ title }<div class="dw-muted dw-sm">{ unit }</div></span> }
    };
    let seen = |user: &UserItem| {
        let at = user.last_login_at.map(|at| format::date_time(at.naive_utc()));
        html! { <Num value={at.unwrap_or_else(|| "—".to_owned())} /> }
    };
    Rc::new(vec![
        Column::new("name", t!("user-name"), name).class("c-subj").sort("name"),
        Column::new("username", t!("username"), |user: &UserItem| html! { <Num value={user.username.clone()} /> })
            .class("c-no")
            .sort("username"),
        Column::new("place", t!("user-position"), place).class("c-agency"),
        Column::new(
            "clearance",
            t!("user-clearance"),
            |user: &UserItem| html! { <SecrecyBadge level={user.clearance} /> },
        )
        .class("c-sec")
        .plain_when(|user| user.clearance == Secrecy::Normal),
        Column::new("seen", t!("user-last-login"), seen).class("c-due"),
        Column::new("state", t!("state"), |user: &UserItem| active_mark(user.active)).class("c-state"),
    ])
}

/// The list of users.
#[component]
pub(super) fn Users(props: &PageProps) -> Html {
    let query = use_place().query;
    let paging = use_paging(query.clone());
    let call = client::get("/api/users").queries(&query).query("limit", LIMIT.to_string());
    let page = use_api::<Page<UserItem>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let shown = use_state(columns);
    let current = use_state_eq(|| None::<i64>);
    let open = use_state_eq(|| None::<i64>);
    let creating = use_state_eq(|| false);
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value.trim())))
    };
    let (set_current, set_open, create) = (current.setter(), open.setter(), creating.setter());
    let closed = {
        let (open, creating, reload) = (open.setter(), creating.setter(), page.reload.clone());
        Callback::from(move |()| {
            open.set(None);
            creating.set(false);
            reload.emit(());
        })
    };
    let actions = html! {
        <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("user-new")} testid="new-user" onclick={Callback::from(move |_| create.set(true))} />
    };
    let states = vec![
        SelectOption::new("", t!("any")),
        SelectOption::new("true", t!("active")),
        SelectOption::new("false", t!("inactive")),
    ];
    let active = query.get("active").unwrap_or_default().to_owned();
    let filters = html! { <Select label={t!("state")} value={active.clone()} options={states} onchange={set("active")} name="active" /> };
    let clear = set("active").reform(|()| String::new());
    let word = if active == "true" { t!("active") } else { t!("inactive") };
    let chips = if active.is_empty() {
        Vec::new()
    } else {
        vec![FilterChip { name: t!("state").into(), value: word.into(), on_remove: clear }]
    };
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <div class="dw-screen" data-testid="users">
            <PageHead title={t!("admin-users")} {actions}>{ props.tabs.clone() }</PageHead>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set("q"))} filters={Some(filters)} {chips}
                on_clear={Callback::from(|()| router::replace_query(&Query::default()))}>
                <Export path="/api/users/export" query={query.clone()} />
            </Tools>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<UserItem> label={t!("admin-users")} columns={(*shown).clone()} page={page.data.clone()} loading={page.loading}
                sort={Sort::parse(query.get("sort").unwrap_or("name"))} on_sort={set("sort").reform(|sort: Sort| sort.text())} current={*current}
                on_current={Callback::from(move |id| set_current.set(Some(id)))} on_open={Callback::from(move |id| set_open.set(Some(id)))}
                empty={html! { <Empty text={t!("nothing-found")} /> }} />
            <Foot {rows} limit={LIMIT} total={page.data.as_ref().and_then(|page| page.total)} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging}>
            </Foot>
            if let Some(id) = *current { { open_bar(id, &open) } }
            if let Some(id) = *open { <UserDialog {id} on_close={closed.clone()} /> }
            if *creating { <NewUserDialog on_close={closed} /> }
        </div>
    }
}

/// What can be done with the current row, for those who do not double-click.
fn open_bar(id: i64, open: &UseStateHandle<Option<i64>>) -> Html {
    let open = open.setter();
    html! {
        <div class="dw-foot">
            <Button icon={Icon::Edit} label={t!("action-edit")} testid="edit-user" onclick={Callback::from(move |_| open.set(Some(id)))} />
        </div>
    }
}
