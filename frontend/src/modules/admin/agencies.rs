//! Agencies (الجهات) of the installation.

use std::rc::Rc;

use diwan_kernel::{Named, Page};
use diwan_platform_api::people::{Agency, AgencyInput, AgencyKind};
use yew::prelude::*;

use super::parts::{NameFields, PageProps, changing, name_errors, options, picked_id, save_footer, use_pick};
use super::send::use_sending;
use super::users::active_mark;
use crate::app::query::Query;
use crate::app::router::{self, use_place};
use crate::client::{self, newest, use_api, use_opened};
use crate::i18n;
use crate::ui::tools::{Export, Foot, Tools, use_paging};
use crate::ui::{
    Button, Checkbox, Choice, Column, DataTable, Dialog, Empty, FailureAlert, Icon, Num, PageHead, Picker, Row, Select,
    Sort, TextField, Variant,
};

/// Rows of one page.
const LIMIT: usize = 25;

impl Row for Agency {
    fn key(&self) -> i64 {
        self.id
    }
}

fn columns(edit: &Callback<Agency>) -> Rc<Vec<Column<Agency>>> {
    let name = |agency: &Agency| html! { <span class="dw-subj">{ i18n::name(&agency.name) }</span> };
    let parent = |agency: &Agency| html! { { agency.parent.as_ref().map(|parent| i18n::name(&parent.name)).unwrap_or_default() } };
    let edit = edit.clone();
    let button = move |agency: &Agency| {
        let chosen = agency.clone();
        html! { <Button variant={Variant::Link} label={t!("action-edit")} action={"edit"} onclick={edit.reform(move |_: MouseEvent| chosen.clone())} /> }
    };
    Rc::new(vec![
        Column::new(
            "code",
            t!("code"),
            |agency: &Agency| html! { <span class="dw-no"><Num value={agency.code.clone()} /></span> },
        )
        .class("c-no")
        .sort("code"),
        Column::new("name", t!("agency-name"), name).class("c-subj").sort("name"),
        Column::new(
            "kind",
            t!("unit-kind"),
            |agency: &Agency| html! { { i18n::code("agency-kind", agency.kind.code()) } },
        )
        .class("c-to"),
        Column::new("parent", t!("agency-parent"), parent).class("c-agency"),
        Column::new("state", t!("state"), |agency: &Agency| active_mark(agency.active)).class("c-state"),
        Column::new("edit", t!("action-edit"), button).class("c-due"),
    ])
}

/// The agencies.
#[component]
pub(super) fn Agencies(props: &PageProps) -> Html {
    let query = use_place().query;
    let paging = use_paging(query.clone());
    let call = client::get("/api/agencies").queries(&query).query("limit", LIMIT.to_string());
    let page = use_api::<Page<Agency>>(Some(call.query("after", paging.after.clone().unwrap_or_default())));
    let opened = use_opened(&page, |all: &Page<Agency>, asked: &Option<Agency>| {
        newest(&all.items, asked.as_ref(), |one| one.id)
    });
    let shown = {
        let open = opened.open.clone();
        use_state(|| columns(&open.reform(Some)))
    };
    let current = use_state_eq(|| None::<i64>);
    let set = |name: &'static str| {
        let query = query.clone();
        Callback::from(move |value: String| router::replace_query(&query.clone().with(name, value.trim())))
    };
    let on_open = {
        let (open, data) = (opened.open.clone(), page.data.clone());
        Callback::from(move |id: i64| {
            let found = data.as_ref().and_then(|page| page.items.iter().find(|agency| agency.id == id).cloned());
            if found.is_some() {
                open.emit(found);
            }
        })
    };
    let set_current = current.setter();
    let actions = html! {
        <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("agency-new")} testid="new-agency" onclick={opened.button(None)} />
    };
    let rows = page.data.as_ref().map_or(0, |page| page.items.len());
    html! {
        <div class="dw-screen" data-testid="agencies">
            <PageHead title={t!("admin-agencies")} {actions}>{ props.tabs.clone() }</PageHead>
            <Tools text={query.get("q").unwrap_or_default().to_owned()} on_text={Some(set("q"))}
                on_clear={Callback::from(|()| router::replace_query(&Query::default()))}>
                <Export path="/api/agencies/export" query={query.clone()} />
            </Tools>
            <FailureAlert failure={page.failure.clone()} retry={Some(page.reload.clone())} />
            <DataTable<Agency> label={t!("admin-agencies")} columns={(*shown).clone()} page={page.data.clone()} loading={page.loading}
                sort={Sort::parse(query.get("sort").unwrap_or("name"))} on_sort={set("sort").reform(|sort: Sort| sort.text())} current={*current}
                on_current={Callback::from(move |id| set_current.set(Some(id)))} {on_open} empty={html! { <Empty text={t!("nothing-found")} /> }} />
            <Foot {rows} limit={LIMIT} total={page.data.as_ref().and_then(|page| page.total)} next={page.data.as_ref().and_then(|page| page.next.clone())} {paging} />
            if let Some(agency) = &opened.shown { <AgencyDialog agency={agency.clone()} on_close={opened.close.clone()} /> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct AgencyProps {
    /// None for a new one.
    agency: Option<Agency>,
    on_close: Callback<()>,
}

fn input(agency: Option<&Agency>) -> AgencyInput {
    match agency {
        Some(old) => AgencyInput {
            parent_id: old.parent.as_ref().map(|parent| parent.id),
            kind: old.kind,
            code: old.code.clone(),
            name: old.name.clone(),
            addressee: old.addressee.clone(),
            email: old.email.clone(),
            active: old.active,
        },
        None => AgencyInput {
            parent_id: None,
            kind: AgencyKind::Ministry,
            code: String::new(),
            name: Named::default(),
            addressee: Named::default(),
            email: None,
            active: true,
        },
    }
}

/// Makes or changes an agency.
#[component]
fn AgencyDialog(props: &AgencyProps) -> Html {
    let edit = use_state_eq(|| input(props.agency.as_ref()));
    let parent = use_state_eq(|| {
        let above = props.agency.as_ref().and_then(|agency| agency.parent.as_ref());
        above
            .map(|parent| Choice::new(parent.id.to_string(), i18n::name(&parent.name)))
            .into_iter()
            .collect::<Vec<Choice>>()
    });
    let agencies = use_pick("agencies");
    let sending = use_sending();
    let submit = {
        let (edit, parent, sending, on_close, agency) =
            (edit.clone(), parent.clone(), sending.clone(), props.on_close.clone(), props.agency.clone());
        Callback::from(move |()| {
            let body = AgencyInput { parent_id: picked_id(&parent), ..(*edit).clone() };
            let call = match &agency {
                Some(agency) => client::put(format!("/api/agencies/{}", agency.id)).if_match(agency.version),
                None => client::post("/api/agencies"),
            };
            let on_close = on_close.clone();
            sending.answer(call.json(&body), move |_: Agency| on_close.emit(()));
        })
    };
    let set_parent = parent.setter();
    let (error_ar, error_en) = name_errors(&sending, "name");
    let (to_ar, to_en) = name_errors(&sending, "addressee");
    let email = changing(&edit, |edit: &mut AgencyInput, text: String| {
        edit.email = Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    });
    html! {
        <Dialog wide=true title={if props.agency.is_some() { t!("agency-edit") } else { t!("agency-new") }} on_close={Some(props.on_close.clone())}
            on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form two">
                <NameFields value={edit.name.clone()} onchange={changing(&edit, |edit: &mut AgencyInput, name| edit.name = name)} {error_ar} {error_en} />
                <TextField label={t!("code")} value={edit.code.clone()} oninput={changing(&edit, |edit: &mut AgencyInput, code| edit.code = code)} dir="ltr" required=true
                    error={sending.error("code")} maxlength={40} name="code" />
                <Select label={t!("unit-kind")} value={edit.kind.code()} options={options("agency-kind", AgencyKind::ALL.iter().map(|kind| kind.code()))} name="kind"
                    onchange={changing(&edit, |edit: &mut AgencyInput, code: String| edit.kind = code.parse().unwrap_or(edit.kind))} />
                <TextField label={t!("agency-addressee-ar")} value={edit.addressee.ar.clone()} error={to_ar} maxlength={200} name="addressee_ar"
                    oninput={changing(&edit, |edit: &mut AgencyInput, ar| edit.addressee.ar = ar)} />
                <TextField label={t!("agency-addressee-en")} value={edit.addressee.en.clone()} error={to_en} maxlength={200} dir="ltr" name="addressee_en"
                    oninput={changing(&edit, |edit: &mut AgencyInput, en| edit.addressee.en = en)} />
                <Picker label={t!("agency-parent")} source={agencies} picked={(*parent).clone()} onchange={Callback::from(move |next| set_parent.set(next))} single=true
                    error={sending.error("parent_id")} name="parent" />
                <TextField label={t!("user-email")} kind="email" value={edit.email.clone().unwrap_or_default()} oninput={email} error={sending.error("email")} name="email" />
                <Checkbox label={t!("active")} checked={edit.active} onchange={changing(&edit, |edit: &mut AgencyInput, on| edit.active = on)} />
            </div>
        </Dialog>
    }
}
