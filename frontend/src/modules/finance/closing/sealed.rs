//! A sealed period: its hash to copy, its book to download, and how the book is checked without Diwan's server.

use chrono::NaiveDateTime;
use diwan_finance_api::FiscalPeriod;
use diwan_kernel::Permission;
use diwan_platform_api::records::Ref;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::app::session::use_session;
use crate::client::download;
use crate::i18n::{self, format};
use crate::ui::{Button, Card, Facts, Icon, Num, lazy, use_toasts};

/// The command that checks a book; the same in every language.
const COMMAND: &str = "diwan verify-books book.jsonl";

#[derive(Properties, PartialEq)]
pub(super) struct SealedProps {
    pub(super) period: FiscalPeriod,
    /// The hash over all that is in the period.
    pub(super) root: AttrValue,
}

/// The seal of a period.
#[component]
pub(super) fn Sealed(props: &SealedProps) -> Html {
    let session = use_session();
    let toasts = use_toasts();
    let copy = {
        let root = props.root.clone();
        Callback::from(move |_: MouseEvent| {
            let (copied, toasts) = (copy(&root), toasts.clone());
            spawn_local(async move {
                let done = match copied {
                    Some(copied) => JsFuture::from(copied).await.is_ok(),
                    None => false,
                };
                if done { toasts.done(t!("closing-copied")) } else { toasts.info(t!("closing-copy-failed")) }
            });
        })
    };
    let book = {
        let url = format!("/api/finance/periods/{}/book", props.period.id);
        Callback::from(move |_: MouseEvent| download::save(&url))
    };
    let root = html! { <bdi class="dw-wrap" dir="ltr" data-testid="root">{ &props.root }</bdi> };
    let mut rows: Vec<(AttrValue, Html)> = vec![(t!("closing-root").into(), root)];
    rows.extend(
        props.period.sealed_by.as_ref().map(|by| (t!("closing-sealed-by").into(), who(by, props.period.sealed_at))),
    );
    html! {
        <Card title={t!("closing-root-title")} padded=true>
            <div class="dw-stack">
                <Facts {rows} />
                <div class="dw-row">
                    <Button icon={Icon::Copy} label={t!("closing-copy")} testid="copy-root" onclick={copy} />
                    if session.may(Permission::Export) { <Button icon={Icon::Download} label={t!("closing-book")} testid="book" onclick={book} /> }
                </div>
                <p class="dw-muted dw-sm">{ t!("closing-verify") }</p>
                <code class="dw-json" dir="ltr">{ COMMAND }</code>
            </div>
        </Card>
    }
}

/// A person and a moment.
pub(super) fn who(by: &Ref, at: Option<NaiveDateTime>) -> Html {
    html! { <>{ i18n::name(&by.name) }if let Some(at) = at { { " · " }<Num value={format::date_time(at)} /> }</> }
}

/// Puts a text on the clipboard; none where the browser has none, as on a page without TLS.
fn copy(text: &str) -> Option<Promise> {
    let navigator = web_sys::window()?.navigator();
    let clipboard: Object = Reflect::get(&navigator, &"clipboard".into()).ok()?.dyn_into().ok()?;
    lazy::call(&clipboard, "writeText", &[text.into()])?.dyn_into().ok()
}
