//! The public check of a seal (التحقق من الختم): anybody types or scans the code printed under the QR.

mod proof;

use diwan_platform_api::records::SealView;
use yew::prelude::*;

use crate::app::prefs_menu::PrefsMenu;
use crate::app::query::encode;
use crate::app::route::Route;
use crate::app::router;
use crate::app::shell::Brand;
use crate::client::{self, ApiState, use_api};
use crate::ui::{Alert, Button, FailureAlert, Icon, TextField, Tone, Variant, dom};

/// The public check of a seal.
#[derive(Properties, PartialEq)]
pub struct VerifyProps {
    /// The code of the address; empty before one is typed.
    pub code: AttrValue,
}

/// The public check of a seal.
#[component]
pub fn Verify(props: &VerifyProps) -> Html {
    use_effect_with((), |()| dom::set_title(&t!("verify-title")));
    let typed = use_state_eq(String::new);
    {
        let typed = typed.setter();
        use_effect_with(props.code.clone(), move |code| typed.set(code.to_string()));
    }
    let call =
        (!props.code.is_empty()).then(|| client::get(format!("/api/verify/{}", encode(&props.code))).without_gate());
    let seal = use_api::<SealView>(call);
    let onsubmit = {
        let (typed, reload, now) = (typed.clone(), seal.reload.clone(), props.code.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let code = typed.trim().replace('/', "");
            if code == *now { reload.emit(()) } else { router::go_to(&Route::Verify(code)) }
        })
    };
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    html! {
        <main class="dw-login" id="main">
            <div class="dw-login__card" style="inline-size:min(40rem,100%)" data-testid="verify">
                <div class="dw-row"><Brand /><span class="dw-push"><PrefsMenu /></span></div>
                <h1 class="dw-h1">{ t!("verify-title") }</h1>
                <p class="dw-muted">{ t!("verify-intro") }</p>
                <form class="dw-form" {onsubmit}>
                    <TextField label={t!("verify-code")} value={(*typed).clone()} {oninput} dir="ltr" hint={t!("verify-code-hint")}
                        autofocus={props.code.is_empty()} maxlength={64} name="code" required=true />
                    <Button submit=true variant={Variant::Primary} icon={Icon::Seal} label={t!("verify-check")} busy={seal.loading}
                        disabled={typed.trim().is_empty()} testid="verify-check" />
                </form>
                <div aria-live="polite">if !props.code.is_empty() { { answer(&seal) } }</div>
            </div>
        </main>
    }
}

fn answer(seal: &ApiState<SealView>) -> Html {
    if seal.loading {
        return html! { <p class="dw-muted" role="status">{ t!("loading") }</p> };
    }
    match (&seal.failure, &seal.data) {
        (Some(failure), _) if failure.status() == 404 => html! {
            <div data-testid="verify-result" data-state="not_found">
                <Alert tone={Tone::Danger} title={t!("verify-unknown")}><p>{ t!("verify-unknown-text") }</p></Alert>
            </div>
        },
        (Some(failure), _) => {
            html! { <FailureAlert failure={Some(failure.clone())} retry={Some(seal.reload.clone())} /> }
        }
        (None, Some(view)) => html! { <proof::Proof seal={std::rc::Rc::clone(view)} /> },
        (None, None) => Html::default(),
    }
}
