//! Adding and changing an account.

use diwan_finance_api::{Account, AccountInput, Side};
use diwan_kernel::Named;
use yew::prelude::*;

use crate::client;
use crate::i18n::{self, format};
use crate::modules::admin::parts::{NameFields, changing, name_errors, options, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::{Checkbox, DateField, Dialog, Select, SelectOption, TextField};

/// What the dialog is given.
#[derive(Properties, PartialEq)]
pub(super) struct AccountProps {
    /// The account that is changed; none for a new one.
    pub(super) account: Option<Account>,
    /// The chart, to choose what stands above.
    pub(super) all: Vec<Account>,
    /// Closes the dialog.
    pub(super) done: Callback<()>,
}

fn input(account: Option<&Account>) -> AccountInput {
    match account.cloned() {
        Some(one) => AccountInput {
            parent_id: one.parent_id,
            code: one.code,
            name: one.name,
            side: one.side,
            posting: one.posting,
            gfsm: one.gfsm,
            currency: one.currency,
            budgeted: one.budgeted,
            needs_party: one.needs_party,
            needs_centre: one.needs_centre,
            trust: one.trust,
            active_from: one.active_from,
            active_to: one.active_to,
        },
        None => AccountInput {
            parent_id: None,
            code: String::new(),
            name: Named::default(),
            side: Side::Debit,
            posting: true,
            gfsm: String::new(),
            currency: None,
            budgeted: false,
            needs_party: false,
            needs_centre: false,
            trust: false,
            active_from: format::today(),
            active_to: None,
        },
    }
}

/// Adds or changes an account.
#[component]
pub(super) fn AccountDialog(props: &AccountProps) -> Html {
    let edit = use_state_eq(|| input(props.account.as_ref()));
    let sending = use_sending();
    let submit = {
        let (edit, sending, done, account) = (edit.clone(), sending.clone(), props.done.clone(), props.account.clone());
        Callback::from(move |()| {
            let call = match &account {
                Some(one) => client::put(format!("/api/finance/accounts/{}", one.id)).if_match(one.version),
                None => client::post("/api/finance/accounts"),
            };
            let done = done.clone();
            sending.answer(call.json(&*edit), move |_: Account| done.emit(()));
        })
    };
    let own = props.account.as_ref().map(|one| one.id);
    let groups = props.all.iter().filter(|one| !one.posting && Some(one.id) != own);
    let above: Vec<SelectOption> = std::iter::once(SelectOption::new("", t!("account-top")))
        .chain(
            groups.map(|one| SelectOption::new(one.id.to_string(), format!("{} {}", one.code, i18n::name(&one.name)))),
        )
        .collect();
    let parent = edit.parent_id.map(|id| id.to_string()).unwrap_or_default();
    let (error_ar, error_en) = name_errors(&sending, "name");
    let title = if own.is_some() { t!("account-edit") } else { t!("account-new") };
    html! {
        <Dialog wide=true {title} on_close={Some(props.done.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.done)}>
            { sending.alert_beside(&["code", "parent_id", "name", "gfsm", "currency", "active_from", "active_to"]) }
            <div class="dw-form two">
                <TextField label={t!("code")} value={edit.code.clone()} oninput={changing(&edit, |edit: &mut AccountInput, code| edit.code = code)} dir="ltr" required=true
                    error={sending.error("code")} maxlength={20} name="code" />
                <Select label={t!("account-above")} value={parent} options={above} error={sending.error("parent_id")} name="parent_id"
                    onchange={changing(&edit, |edit: &mut AccountInput, id: String| edit.parent_id = id.parse().ok())} />
                <NameFields value={edit.name.clone()} onchange={changing(&edit, |edit: &mut AccountInput, name| edit.name = name)} {error_ar} {error_en} />
                <Select label={t!("account-side")} value={edit.side.code()} options={options("side", Side::ALL.iter().map(|one| one.code()))} name="side"
                    onchange={changing(&edit, |edit: &mut AccountInput, code: String| edit.side = code.parse().unwrap_or(edit.side))} />
                <TextField label={t!("account-gfsm")} value={edit.gfsm.clone()} oninput={changing(&edit, |edit: &mut AccountInput, code| edit.gfsm = code)} dir="ltr"
                    hint={t!("account-gfsm-hint")} error={sending.error("gfsm")} maxlength={6} name="gfsm" />
                <TextField label={t!("account-currency")} value={edit.currency.clone().unwrap_or_default()} dir="ltr" error={sending.error("currency")} maxlength={3} name="currency"
                    hint={t!("account-currency-hint")} oninput={changing(&edit, |edit: &mut AccountInput, text: String| edit.currency = Some(text).filter(|text| !text.is_empty()))} />
                <DateField label={t!("account-from")} value={Some(edit.active_from)} required=true error={sending.error("active_from")} name="active_from"
                    onchange={changing(&edit, |edit: &mut AccountInput, day: Option<chrono::NaiveDate>| edit.active_from = day.unwrap_or(edit.active_from))} />
                <DateField label={t!("account-to")} value={edit.active_to} error={sending.error("active_to")} name="active_to"
                    onchange={changing(&edit, |edit: &mut AccountInput, day| edit.active_to = day)} />
                <Checkbox label={t!("account-posting")} checked={edit.posting} onchange={changing(&edit, |edit: &mut AccountInput, on| edit.posting = on)} />
                <Checkbox label={t!("account-budgeted")} checked={edit.budgeted} onchange={changing(&edit, |edit: &mut AccountInput, on| edit.budgeted = on)} />
                <Checkbox label={t!("account-party")} checked={edit.needs_party} onchange={changing(&edit, |edit: &mut AccountInput, on| edit.needs_party = on)} />
                <Checkbox label={t!("account-centre")} checked={edit.needs_centre} onchange={changing(&edit, |edit: &mut AccountInput, on| edit.needs_centre = on)} />
                <Checkbox label={t!("account-trust")} checked={edit.trust} onchange={changing(&edit, |edit: &mut AccountInput, on| edit.trust = on)} />
            </div>
        </Dialog>
    }
}
