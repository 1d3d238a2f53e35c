//! Bringing a statement: choose the file, look at what it says, then import it.

use std::rc::Rc;

use diwan_finance_api::{StatementImport, StatementPreview};
use web_sys::File;
use yew::prelude::*;

use super::{amount, table};
use crate::client::{self, Call, Failure};
use crate::i18n::{self, format};
use crate::modules::admin::parts::changing;
use crate::modules::admin::send::use_sending;
use crate::ui::file_drop::FileDrop;
use crate::ui::{Alert, Button, Dialog, Num, TextField, Tone, Variant, use_toasts};

/// The largest file the server takes, bytes.
const MOST_BYTES: i64 = 32 << 20;

#[derive(Properties, PartialEq)]
pub(super) struct BringProps {
    pub(super) account_id: i64,
    pub(super) on_close: Callback<()>,
}

/// A statement out of a file.
#[component]
pub(super) fn Bring(props: &BringProps) -> Html {
    let file = use_state(|| None::<File>);
    let seen = use_state(|| None::<Rc<StatementImport>>);
    let balances = use_state_eq(<(String, String)>::default);
    let sending = use_sending();
    let toasts = use_toasts();
    let call = {
        let (balances, id) = (balances.clone(), props.account_id);
        move |step: &str, file: File| -> Call {
            let call =
                client::post(format!("/api/finance/bank/accounts/{id}/statements{step}")).query("name", file.name());
            call.query("opening", balances.0.clone()).query("closing", balances.1.clone()).file(file)
        }
    };
    let on_files = {
        let (file, seen, sending, call) = (file.setter(), seen.setter(), sending.clone(), call.clone());
        Callback::from(move |files: Vec<File>| {
            let Some(chosen) = files.into_iter().next() else { return };
            file.set(Some(chosen.clone()));
            seen.set(None);
            let seen = seen.clone();
            sending.answer(call("/preview", chosen), move |answer: StatementImport| seen.set(Some(Rc::new(answer))));
        })
    };
    let on_import = {
        let (file, sending, on_close) = (file.clone(), sending.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(chosen) = (*file).clone() else { return };
            let (toasts, on_close) = (toasts.clone(), on_close.clone());
            sending.answer(call("", chosen), move |answer: StatementImport| {
                let lines: usize = answer.statements.iter().map(|one| one.lines).sum();
                toasts.done(t!("bank-import-done", n = lines));
                on_close.emit(());
            });
        })
    };
    let footer = html! {
        <>
            if seen.is_some() { <Button variant={Variant::Primary} label={t!("setup-import")} busy={sending.busy} testid="import-statement" onclick={on_import} /> }
            <Button variant={Variant::Link} label={t!("cancel")} onclick={props.on_close.reform(|_: MouseEvent| ())} />
        </>
    };
    html! {
        <Dialog wide=true title={t!("bank-import")} on_close={Some(props.on_close.clone())} {footer}>
            <p class="dw-muted">{ t!("bank-import-hint") }</p>
            <details>
                <summary>{ t!("bank-import-balances") }</summary>
                <div class="dw-form">
                    <TextField label={t!("bank-opening")} value={balances.0.clone()} inputmode="decimal" name="opening" error={sending.error("opening")}
                        oninput={changing(&balances, |both: &mut (String, String), text| both.0 = text)} />
                    <TextField label={t!("bank-closing")} value={balances.1.clone()} inputmode="decimal" name="closing" error={sending.error("closing")}
                        oninput={changing(&balances, |both: &mut (String, String), text| both.1 = text)} />
                </div>
            </details>
            <FileDrop label={t!("bank-import-drop")} single=true max_bytes={MOST_BYTES} {on_files} />
            if sending.busy { <p class="dw-muted" role="status">{ t!("import-reading") }</p> }
            if let Some(failure) = &sending.failure { { refused(failure) } }
            if let Some(seen) = (*seen).clone() { { preview(&seen) } }
        </Dialog>
    }
}

/// Why a file is refused, and where in it.
fn refused(failure: &Failure) -> Html {
    let Failure::Refused(problem) = failure else {
        return html! { <Alert tone={Tone::Danger} title={failure.text()} /> };
    };
    let Some(error) = problem.fields.first() else {
        return html! { <Alert tone={Tone::Danger} title={failure.text()} /> };
    };
    let place = |name: &str| error.args.get(name).map(String::as_str);
    let places = [
        place("statement").map(|at| t!("bank-place-statement", at = at)),
        place("line").map(|at| t!("bank-place-line", at = at)),
        place("place").map(|at| t!("bank-place-field", at = at)),
    ];
    let title = i18n::error_text(&error.code, &error.args).unwrap_or_else(|| failure.text());
    html! {
        <div data-testid="statement-refused">
            <Alert tone={Tone::Danger} {title}>{ for places.into_iter().flatten().map(|at| html! { <div class="dw-sm">{ at }</div> }) }</Alert>
        </div>
    }
}

fn preview(seen: &StatementImport) -> Html {
    let row = |one: &StatementPreview| {
        html! {
            <tr>
                <td><bdi>{ &one.number }</bdi>
                    if one.skipped > 0 { <div class="dw-muted dw-sm">{ t!("bank-import-skipped", n = one.skipped) }</div> }
                </td>
                <td><Num value={format::date(one.starts_on)} />{ " – " }<Num value={format::date(one.ends_on)} /></td>
                <td>{ amount(one.opening, seen.scale) }</td>
                <td>{ amount(one.closing, seen.scale) }</td>
                <td><Num value={format::number(count(one.lines))} />
                    if one.twins > 0 { <div class="dw-muted dw-sm">{ t!("bank-import-twins", n = one.twins) }</div> }
                    if one.unbooked > 0 { <div class="dw-muted dw-sm">{ t!("bank-import-unbooked", n = one.unbooked) }</div> }
                </td>
            </tr>
        }
    };
    html! {
        <>
            <p class="dw-muted" role="status"><bdi>{ &seen.format }</bdi></p>
            if seen.others > 0 { <Alert title={t!("bank-import-others", n = seen.others)} /> }
            { table(t!("bank-statements"), "statement-preview", vec![
                t!("bank-statement-number"), t!("bank-days"), t!("bank-opening"), t!("bank-closing"), t!("bank-lines"),
            ], seen.statements.iter().map(row).collect()) }
        </>
    }
}

fn count(lines: usize) -> i64 {
    i64::try_from(lines).unwrap_or(i64::MAX)
}
