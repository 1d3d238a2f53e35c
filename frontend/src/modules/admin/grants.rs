//! Grants of access (منح الاطلاع): who sees a record until a day, and who sees the records of a class.

use std::rc::Rc;

use chrono::NaiveDate;
use diwan_archive_api::DocumentClasses;
use diwan_platform_api::access::{Grant, GrantTo, NewClassGrant, NewGrant};
use diwan_platform_api::records::Ref;
use yew::prelude::*;

use super::parts::{PageProps, options, picked_id, save_footer, use_pick};
use super::send::use_sending;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::{
    Button, Choice, DateField, Dialog, Empty, FailureAlert, Icon, Num, PageHead, Picker, Screen, Select, SelectOption,
    StateDot, StateTone, TextField, Variant,
};

/// What grants are shown of.
#[derive(Properties, PartialEq)]
pub struct GrantsProps {
    /// The record; none for the classes of the agency.
    #[prop_or_default]
    pub record: Option<i64>,
}

/// Who sees the records of which class.
#[component]
pub(super) fn ClassAccess(props: &PageProps) -> Html {
    html! {
        <Screen head={html! { <PageHead title={t!("admin-class-access")}>{ props.tabs.clone() }</PageHead> }}>
            <p class="dw-muted">{ t!("class-access-what") }</p>
            <Grants />
        </Screen>
    }
}

/// The grants on a record, or on classes; giving and taking back.
#[component]
pub fn Grants(props: &GrantsProps) -> Html {
    let path = props.record.map_or_else(|| "/api/class-grants".to_owned(), |id| format!("/api/records/{id}/grants"));
    let grants = use_api::<Vec<Grant>>(Some(client::get(path.clone())));
    let sending = use_sending();
    let giving = use_state_eq(|| false);
    let revoke = |id: i64| {
        let (sending, reload) = (sending.clone(), grants.reload.clone());
        Callback::from(move |_: MouseEvent| {
            let reload = reload.clone();
            sending.done(client::delete(format!("/api/grants/{id}")), move || reload.emit(()));
        })
    };
    let row = |grant: &Grant| {
        let (tone, state) = match (grant.in_force, grant.revoked_at) {
            (true, _) => (StateTone::Work, t!("grant-in-force")),
            (false, Some(_)) => (StateTone::Done, t!("grant-revoked")),
            (false, None) => (StateTone::Done, t!("grant-over")),
        };
        let until = grant.until.map_or_else(|| t!("grant-for-ever"), format::date);
        html! {
            <li key={grant.id} data-row-id={grant.id.to_string()} data-in-force={grant.in_force.to_string()}>
                <div>
                    if let Some(class) = &grant.class_code { <Num value={class.clone()} />{ " · " } }
                    <span class="dw-b">{ i18n::name(&grant.to.name) }</span>{ " " }<span class="dw-muted">{ i18n::code("grant-to", grant.to_kind.code()) }</span>
                </div>
                <div><StateDot {tone} label={state} />{ " " }{ t!("grant-until", day = until) }</div>
                <div class="dw-sm"><bdi>{ &grant.reason }</bdi></div>
                <div class="dw-muted dw-sm">{ t!("grant-by", name = i18n::name(&grant.created_by.name)) }{ " · " }<Num value={format::date_time(grant.created_at)} /></div>
                if grant.in_force { <Button variant={Variant::Link} label={t!("grant-revoke")} onclick={revoke(grant.id)} action="revoke" /> }
            </li>
        }
    };
    let (open, close) = (giving.setter(), giving.setter());
    let given = {
        let set = grants.set.clone();
        Callback::from(move |new: Option<Rc<Vec<Grant>>>| {
            close.set(false);
            if let Some(new) = new {
                set.emit(new);
            }
        })
    };
    html! {
        <div data-testid="grants">
            <FailureAlert failure={grants.failure.clone()} retry={Some(grants.reload.clone())} />
            { sending.alert() }
            <Button icon={Icon::Plus} label={t!("grant-new")} testid="new-grant" onclick={Callback::from(move |_: MouseEvent| open.set(true))} />
            if let Some(items) = &grants.data {
                if items.is_empty() { <Empty text={if props.record.is_some() { t!("grant-none") } else { t!("class-grant-none") }} /> }
                <ul class="dw-form" role="list" style="list-style:none;padding:0">{ for items.iter().map(row) }</ul>
            }
            if *giving { <NewOne path={path} of_class={props.record.is_none()} on_done={given} /> }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct NewProps {
    path: String,
    of_class: bool,
    on_done: Callback<Option<Rc<Vec<Grant>>>>,
}

/// What is typed.
#[derive(Clone, PartialEq)]
struct Typed {
    class: String,
    kind: GrantTo,
    to: Vec<Choice>,
    role: String,
    until: Option<NaiveDate>,
    reason: String,
}

impl Typed {
    fn receiver(&self) -> Option<i64> {
        if self.kind == GrantTo::Role { self.role.parse().ok() } else { picked_id(&self.to) }
    }
}

/// Gives something.
#[component]
fn NewOne(props: &NewProps) -> Html {
    let typed = use_state_eq(|| Typed {
        class: String::new(),
        kind: GrantTo::User,
        to: Vec::new(),
        role: String::new(),
        until: None,
        reason: String::new(),
    });
    let tried = use_state_eq(|| false);
    let sending = use_sending();
    let submit = {
        let (typed, tried, sending) = (typed.clone(), tried.setter(), sending.clone());
        let (path, of_class, on_done) = (props.path.clone(), props.of_class, props.on_done.clone());
        Callback::from(move |()| {
            tried.set(true);
            let Some(to_id) = typed.receiver() else { return };
            let grant =
                NewGrant { to_kind: typed.kind, to_id, until: typed.until, reason: typed.reason.trim().to_owned() };
            let call = client::post(path.clone());
            let call = if of_class {
                call.json(&NewClassGrant { class_code: typed.class.clone(), grant })
            } else {
                call.json(&grant)
            };
            let on_done = on_done.clone();
            sending.answer(call, move |grants: Vec<Grant>| on_done.emit(Some(Rc::new(grants))));
        })
    };
    let on_close = props.on_done.reform(|()| None);
    html! {
        <Dialog title={t!("grant-new")} on_close={Some(on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &on_close)}>
            { sending.alert() }
            <Fields typed={(*typed).clone()} onchange={let set = typed.setter(); Callback::from(move |next| set.set(next))} of_class={props.of_class}
                missing={*tried && typed.receiver().is_none()}
                errors={["class_code", "to_id", "until", "reason"].map(|field| sending.error(field))} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct FieldsProps {
    typed: Typed,
    onchange: Callback<Typed>,
    of_class: bool,
    missing: bool,
    /// Of the class, the receiver, the day and the reason.
    errors: [Option<AttrValue>; 4],
}

#[component]
fn Fields(props: &FieldsProps) -> Html {
    let (people, units) = (use_pick("people"), use_pick("units"));
    let roles = use_api::<Vec<Ref>>(Some(client::get("/api/grants/roles")));
    let classes = use_api::<DocumentClasses>(props.of_class.then(|| client::get("/api/archive/classes")));
    let typed = &props.typed;
    let changed = |apply: fn(&mut Typed, String)| {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = typed.clone();
            apply(&mut next, text);
            onchange.emit(next);
        })
    };
    let [class_error, to_error, until_error, reason_error] = props.errors.clone();
    let to_error = to_error.or_else(|| props.missing.then(|| AttrValue::from(t!("err-required"))));
    let first = || std::iter::once(SelectOption::new("", t!("choose")));
    let class_options = first().chain(classes.data.iter().flat_map(|classes| {
        classes
            .items
            .iter()
            .map(|class| SelectOption::new(class.code.clone(), format!("{} {}", class.code, i18n::name(&class.name))))
    }));
    let role_options = first().chain(
        roles
            .data
            .iter()
            .flat_map(|roles| roles.iter().map(|role| SelectOption::new(role.id.to_string(), i18n::name(&role.name)))),
    );
    let picked = {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        Callback::from(move |to: Vec<Choice>| onchange.emit(Typed { to, ..typed.clone() }))
    };
    let day = {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        Callback::from(move |until: Option<NaiveDate>| onchange.emit(Typed { until, ..typed.clone() }))
    };
    let kind = changed(|typed, code| {
        typed.kind = code.parse().unwrap_or(GrantTo::User);
        typed.to = Vec::new();
    });
    html! {
        <div class="dw-form">
            if props.of_class {
                <Select label={t!("document-class")} value={typed.class.clone()} options={class_options.collect::<Vec<_>>()} required=true
                    error={class_error} onchange={changed(|typed, code| typed.class = code)} name="class_code" />
            }
            <Select label={t!("grant-kind")} value={typed.kind.code()} options={options("grant-to", GrantTo::ALL.iter().map(|kind| kind.code()))}
                onchange={kind} name="to_kind" />
            if typed.kind == GrantTo::Role {
                <Select label={t!("grant-receiver")} value={typed.role.clone()} options={role_options.collect::<Vec<_>>()} required=true
                    error={to_error} onchange={changed(|typed, id| typed.role = id)} name="role" />
            } else {
                <Picker key={typed.kind.code()} label={t!("grant-receiver")} source={if typed.kind == GrantTo::User { people } else { units }} picked={typed.to.clone()}
                    onchange={picked} single=true required=true error={to_error} name="to" />
            }
            <DateField label={t!("grant-last-day")} value={typed.until} onchange={day} required={!props.of_class} error={until_error} name="until" />
            <TextField label={t!("reason")} value={typed.reason.clone()} oninput={changed(|typed, text| typed.reason = text)} required=true
                error={reason_error} maxlength={500} name="reason" />
        </div>
    }
}
