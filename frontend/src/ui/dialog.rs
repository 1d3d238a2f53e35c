//! Dialogs on the browser's own `<dialog>`: it keeps the focus inside, closes on Esc and gives the focus back.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::button::{Button, IconButton, Variant};
use super::dom;
use super::icon::Icon;

/// Opens the dialog over the page while the component stands, and gives it the keyboard.
#[hook]
pub(super) fn use_modal(node: &NodeRef) {
    let node = node.clone();
    use_effect_with((), move |()| {
        let dialog = node.cast::<HtmlDialogElement>();
        if let Some(dialog) = &dialog {
            // Fails only for a dialog that is open or not in the page.
            let _ = dialog.show_modal();
            focus_first(dialog);
        }
        move || {
            if let Some(dialog) = dialog {
                dialog.close();
            }
        }
    });
}

/// A dialog. It stands in the tree only while it is open.
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// Its title.
    pub title: AttrValue,
    /// Asked when the user wants to leave it (Esc, the cross). Without it the dialog cannot be left.
    #[prop_or_default]
    pub on_close: Option<Callback<()>>,
    /// The buttons; the primary one first.
    #[prop_or_default]
    pub footer: Html,
    /// Wider than usual.
    #[prop_or_default]
    pub wide: bool,
    /// Makes the dialog a form: Enter in a field does the primary action.
    #[prop_or_default]
    pub on_submit: Option<Callback<()>>,
    /// The content.
    pub children: Html,
}

/// A dialog.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    let id = dom::use_id("dialog");
    use_modal(&node);
    let oncancel = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            if let Some(on_close) = &on_close {
                on_close.emit(());
            }
        })
    };
    let onsubmit = {
        let on_submit = props.on_submit.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(on_submit) = &on_submit {
                on_submit.emit(());
            }
        })
    };
    let content = html! {
        <>
            <header>
                <h2 class="dw-h2" id={id.clone()}>{ &props.title }</h2>
                if let Some(on_close) = props.on_close.clone() {
                    <span class="dw-push">
                        <IconButton small=true icon={Icon::Close} label={t!("close")} onclick={Callback::from(move |_| on_close.emit(()))} />
                    </span>
                }
            </header>
            <div class="body">{ props.children.clone() }</div>
            if props.footer != Html::default() { <footer>{ props.footer.clone() }</footer> }
        </>
    };
    html! {
        <dialog ref={node} class={classes!("dw-dialog", props.wide.then_some("wide"))} aria-labelledby={id.clone()} {oncancel}>
            if props.on_submit.is_some() {
                <form class="dw-dialog__form" {onsubmit} novalidate=true>{ content }</form>
            } else { { content } }
        </dialog>
    }
}

/// The keyboard goes to the first field, else to the first button of the foot; never to the cross.
fn focus_first(dialog: &HtmlDialogElement) {
    if dialog.query_selector("[autofocus]").ok().flatten().is_some() {
        return;
    }
    let fields = dom::all(dialog, ".body :is(input, select, textarea):not(:disabled), footer button:not(:disabled)");
    if let Some(first) = fields.first() {
        let _ = first.focus();
    }
}

/// Asks before something that cannot be undone.
#[derive(Properties, PartialEq)]
pub struct ConfirmProps {
    /// The question.
    pub title: AttrValue,
    /// What will happen, in a sentence.
    pub text: AttrValue,
    /// The words of the button that does it: a verb, never "yes".
    pub action: AttrValue,
    /// It destroys something.
    #[prop_or_default]
    pub danger: bool,
    /// It is going on.
    #[prop_or_default]
    pub busy: bool,
    /// Do it.
    pub on_confirm: Callback<()>,
    /// Leave it.
    pub on_close: Callback<()>,
    /// More to fill in, such as a reason.
    #[prop_or_default]
    pub children: Html,
}

/// Asks before something that cannot be undone.
#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let leave = props.on_close.clone();
    let variant = if props.danger { Variant::Danger } else { Variant::Primary };
    let footer = html! {
        <>
            <Button submit=true {variant} label={props.action.clone()} busy={props.busy} testid="confirm" />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={Callback::from(move |_| leave.emit(()))} />
        </>
    };
    html! {
        <Dialog title={props.title.clone()} on_close={props.on_close.clone()} on_submit={props.on_confirm.clone()} {footer}>
            <p>{ &props.text }</p>
            { props.children.clone() }
        </Dialog>
    }
}
