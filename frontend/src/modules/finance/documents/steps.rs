//! The steps of a document: buttons by the codes the server gives, a word or a reason where one is asked.

use std::rc::Rc;

use chrono::Datelike;
use diwan_finance_api::{DocumentNote, DocumentStep, FinanceDocument, VoucherTemplate};
use yew::prelude::*;

use super::cells::refused;
use super::path;
use super::template_form::TemplateForm;
use crate::app::router;
use crate::app::session::use_session;
use crate::client::draft::use_kept;
use crate::client::{self, download, use_seen};
use crate::i18n::{self, format};
use crate::modules::admin::send::{Sending, use_sending};
use crate::ui::record::{Actions, RecordAction};
use crate::ui::toast::Toaster;
use crate::ui::{Button, Checkbox, DateField, Dialog, Icon, TextArea, Variant, use_toasts};

/// Steps that need a reason.
fn needs_reason(action: &str) -> bool {
    matches!(action, "return" | "void" | "reverse" | "close")
}

/// The order of the buttons: the next useful step first.
const ORDER: [&str; 10] =
    ["authorise", "certify", "submit", "edit", "slice", "return", "reverse", "close", "withdraw", "void"];

fn icon(action: &str) -> Icon {
    match action {
        "authorise" | "certify" => Icon::Check,
        "submit" => Icon::Send,
        "edit" => Icon::Edit,
        "print" => Icon::Print,
        "copy" => Icon::Copy,
        "template" | "slice" => Icon::FileText,
        _ => Icon::Back,
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct StepsProps {
    pub(super) document: Rc<FinanceDocument>,
    pub(super) on_change: Callback<()>,
}

/// The buttons of a document and the dialog that one of them opens.
#[component]
pub(super) fn Steps(props: &StepsProps) -> Html {
    let doing = use_state_eq(|| None::<AttrValue>);
    let sending = use_sending();
    let toasts = use_toasts();
    let session = use_session();
    let id = props.document.head.id;
    let named = |code: &'static str| {
        let action = RecordAction::new(code, i18n::text(&i18n::code_key("voucher-action", code), None), icon(code));
        RecordAction { danger: code == "void", ..action }
    };
    let can = |code: &&str| props.document.actions.iter().any(|action| action == code);
    let prepares = session.may(props.document.kind.shape().prepare);
    let template = prepares && props.document.reverses.is_none();
    let others = ["print"].into_iter().chain(prepares.then_some("copy")).chain(template.then_some("template"));
    let actions: Vec<RecordAction> = ORDER.into_iter().filter(|code| can(code)).chain(others).map(named).collect();
    let on_action = {
        let (doing, sending, document, on_change) =
            (doing.setter(), sending.clone(), Rc::clone(&props.document), props.on_change.clone());
        Callback::from(move |code: AttrValue| match code.as_str() {
            "edit" | "copy" => router::go_to(&path(format!("{id}/{code}"))),
            "print" => download::save(&format!("/api/finance/documents/{id}/pdf?lang={}", i18n::lang().code())),
            "submit" | "withdraw" => {
                send(&sending, &toasts, &document, (code, DocumentNote::default()), on_change.clone());
            }
            _ => doing.set(Some(code)),
        })
    };
    let busy = sending.busy.then(|| AttrValue::from("submit"));
    let close = doing.setter();
    html! {
        <>
            <Actions {actions} {on_action} {busy} />
            if let Some("template") = doing.as_deref() {
                <TemplateForm document={Some(id)} name={props.document.head.subject.clone()}
                    on_done={Callback::from(|made: VoucherTemplate| router::go_to(&path(format!("templates/{}", made.id))))} on_close={Callback::from(move |()| close.set(None))} />
            } else if let Some(action) = (*doing).clone() {
                <StepDialog key={action.to_string()} document={Rc::clone(&props.document)} action={action.clone()} on_change={props.on_change.clone()}
                    on_close={Callback::from(move |()| close.set(None))} />
            } else { { refused(props.document.kind.shape(), &sending, false) } }
        </>
    }
}

/// Sends a step of the document as it was seen; `done` is told before the page of what came of it opens.
fn send(
    sending: &Sending,
    toasts: &Toaster,
    document: &FinanceDocument,
    (action, note): (AttrValue, DocumentNote),
    done: Callback<()>,
) {
    let (id, toasts) = (document.head.id, toasts.clone());
    let call =
        client::post(format!("/api/finance/documents/{id}/{action}")).if_match(document.head.version).json(&note);
    sending.answer(call, move |step: DocumentStep| {
        toasts.done(i18n::text(&i18n::code_key("voucher-done", &action), None));
        done.emit(());
        if step.id != id {
            router::go_to(&path(step.id));
        }
    });
}

#[derive(Properties, PartialEq)]
struct DialogProps {
    document: Rc<FinanceDocument>,
    action: AttrValue,
    on_change: Callback<()>,
    on_close: Callback<()>,
}

/// A step with a word or a reason; a reversal has its own day, or the last one of a year that is over. When somebody else was
/// faster, the document is loaded anew and the words stay.
#[component]
fn StepDialog(props: &DialogProps) -> Html {
    let action = props.action.clone();
    let sending = use_sending();
    let toasts = use_toasts();
    let seen = use_seen(&props.document, |document| document.head.version, sending.failure.as_ref(), &props.on_change);
    let note = use_kept(format!("voucher-step-{}-{action}", props.document.head.id), String::new);
    let on = use_state_eq(|| None);
    let complementary = use_state_eq(|| false);
    let over = action == "reverse" && props.document.year < format::today().year();
    let reason = needs_reason(&action);
    let on_submit = {
        let (sending, action, value) = (sending.clone(), action.clone(), Rc::clone(&note.value));
        let (complementary, on) = (*complementary, on.filter(|_| !*complementary));
        let (forget, on_close, on_change) = (note.forget.clone(), props.on_close.clone(), props.on_change.clone());
        let done = Callback::from(move |()| {
            forget.emit(());
            on_close.emit(());
            on_change.emit(());
        });
        Callback::from(move |()| {
            let note = Some(value.trim().to_owned()).filter(|note| !note.is_empty());
            send(&sending, &toasts, &seen, (action.clone(), DocumentNote { note, on, complementary }), done.clone());
        })
    };
    let word = i18n::text(&i18n::code_key("voucher-action", &action), None);
    let variant = if action == "void" { Variant::Danger } else { Variant::Primary };
    let (set_on, set_complementary) = (on.setter(), complementary.setter());
    let footer = html! {
        <>
            <Button submit=true {variant} label={word.clone()} icon={icon(&action)} busy={sending.busy} testid="confirm" disabled={reason && note.value.trim().is_empty()} />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={props.on_close.reform(|_: MouseEvent| ())} />
        </>
    };
    html! {
        <Dialog title={word} on_close={Some(props.on_close.clone())} on_submit={Some(on_submit)} {footer}>
            <p>{ i18n::text(&i18n::code_key("voucher-ask", &action), None) }</p>
            { refused(props.document.kind.shape(), &sending, true) }
            if over {
                <div data-testid="complementary"><Checkbox label={t!("voucher-complementary")} checked={*complementary} onchange={Callback::from(move |on| set_complementary.set(on))} /></div>
            }
            if (action == "reverse" && !*complementary) || action == "slice" {
                <DateField label={if action == "slice" { t!("voucher-day") } else { t!("voucher-reversal-day") }} value={*on} onchange={Callback::from(move |day| set_on.set(day))} error={sending.error("on")} name="on" />
            }
            <TextArea label={if reason { t!("reason") } else { t!("voucher-note") }} value={(*note.value).clone()} oninput={note.set.clone()} required={reason}
                error={sending.error("note")} maxlength={4000} autofocus=true name="note" />
        </Dialog>
    }
}
