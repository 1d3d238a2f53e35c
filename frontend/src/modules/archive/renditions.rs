//! What is made of a file to read it better: an office file as PDF, a scan as PDF that can be searched; and the question for
//! the password of a file that is protected by one.

use diwan_archive_api::{FilePassword, Rendition, RenditionState};
use diwan_platform_api::files::{Attachment, ContentState};
use gloo_timers::callback::Interval;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::client::{self, ApiState, Failure, download, use_api};
use crate::i18n;
use crate::ui::pdf::PdfViewer;
use crate::ui::{Alert, Button, FailureAlert, Icon, TextField, Tone, Variant, use_toasts};

/// How often somebody looks whether a copy is ready, milliseconds.
const LOOK: u32 = 1_500;

fn address(file: i64, kind: &str) -> String {
    format!("/api/attachments/{file}/renditions/{kind}")
}

/// Looks at a rendition again and again while it is being made.
#[hook]
fn use_rendition(file: i64, kind: &'static str) -> ApiState<Rendition> {
    let rendition = use_api::<Rendition>(Some(client::get(address(file, kind))));
    let waiting = rendition.data.as_ref().is_some_and(|now| now.state == Some(RenditionState::Waiting));
    let reload = rendition.reload.clone();
    use_effect_with(waiting, move |waiting| {
        let looking = waiting.then(|| Interval::new(LOOK, move || reload.emit(())));
        move || drop(looking)
    });
    rendition
}

/// Asks for a rendition.
fn ask(file: i64, kind: &'static str, state: &ApiState<Rendition>, failure: UseStateSetter<Option<Failure>>) {
    let set = state.set.clone();
    spawn_local(async move {
        match client::post(address(file, kind)).send::<Rendition>().await {
            Ok(now) => {
                failure.set(None);
                set.emit(now.into());
            }
            Err(why) => failure.set(Some(why)),
        }
    });
}

#[derive(Properties, PartialEq)]
pub(super) struct OfficeViewProps {
    pub(super) file: i64,
    pub(super) page: u32,
    pub(super) find: String,
    /// What is shown of a file that has no PDF.
    pub(super) otherwise: Html,
}

/// An office file as PDF, made when it is first looked at.
#[component]
pub(super) fn OfficeView(props: &OfficeViewProps) -> Html {
    let rendition = use_rendition(props.file, "view");
    let failure = use_state_eq(|| None::<Failure>);
    {
        let wanted = rendition.data.as_ref().is_some_and(|now| now.possible && now.state.is_none());
        let (file, state, failure) = (props.file, rendition.clone(), failure.setter());
        use_effect_with(wanted, move |wanted| {
            if *wanted {
                ask(file, "view", &state, failure);
            }
        });
    }
    let Some(now) = &rendition.data else {
        return html! { <FailureAlert failure={rendition.failure.clone()} retry={Some(rendition.reload.clone())} /> };
    };
    let url = format!("{}/content", address(props.file, "view"));
    match now.state {
        _ if failure.is_some() => html! { <FailureAlert failure={(*failure).clone()} /> },
        Some(RenditionState::Made) => html! {
            <PdfViewer url={format!("{url}?inline=1")} page={props.page} find={props.find.clone()} download={format!("/api/attachments/{}/content", props.file)} />
        },
        Some(RenditionState::Failed) => html! {
            <>
                <Alert tone={Tone::Warning} title={t!("rendition-failed")}>{ reason(now) }</Alert>
                { props.otherwise.clone() }
            </>
        },
        None if !now.possible => props.otherwise.clone(),
        Some(RenditionState::Waiting) | None => {
            html! { <p class="dw-pad dw-muted" role="status" data-testid="rendition-waiting">{ t!("rendition-waiting") }</p> }
        }
    }
}

fn reason(rendition: &Rendition) -> String {
    rendition.reason.as_deref().map(|code| i18n::code("content-reason", code)).unwrap_or_default()
}

#[derive(Properties, PartialEq)]
pub(super) struct SearchableProps {
    pub(super) file: i64,
}

/// Has a scan made into a PDF that can be searched, shows how far that is, and saves it.
#[component]
pub(super) fn Searchable(props: &SearchableProps) -> Html {
    let rendition = use_rendition(props.file, "searchable");
    let failure = use_state_eq(|| None::<Failure>);
    let wanted = use_state_eq(|| false);
    let state = rendition.data.as_ref().and_then(|now| now.state);
    {
        let (wanted, file) = (wanted.clone(), props.file);
        use_effect_with((state, *wanted), move |(state, asked)| {
            if *asked && *state == Some(RenditionState::Made) {
                wanted.set(false);
                download::save(&format!("{}/content", address(file, "searchable")));
            }
        });
    }
    let Some(now) = rendition.data.as_ref().filter(|now| now.possible) else { return Html::default() };
    let onclick = {
        let (file, state, failure, wanted) = (props.file, rendition.clone(), failure.setter(), wanted.clone());
        Callback::from(move |_: MouseEvent| {
            wanted.set(true);
            ask(file, "searchable", &state, failure.clone());
        })
    };
    let busy = state == Some(RenditionState::Waiting);
    html! {
        <>
            <Button variant={Variant::Link} icon={Icon::FilePdf} label={t!("searchable-get")} {busy} {onclick} testid="searchable" />
            if busy && now.pages > 0 { <span class="dw-sm dw-muted dw-nowrap" role="status">{ t!("rendition-page", done = now.done, pages = now.pages) }</span> }
            if state == Some(RenditionState::Failed) { <span class="dw-sm" role="alert">{ t!("rendition-failed") }{ " " }{ reason(now) }</span> }
            if let Some(why) = &*failure { <span class="dw-sm" role="alert">{ why.text() }</span> }
        </>
    }
}

/// Whether a file's text waits for a password.
pub(super) fn is_protected(file: &Attachment) -> bool {
    file.content == ContentState::Refused && file.content_reason.as_deref() == Some("encrypted")
}

#[derive(Properties, PartialEq)]
pub(super) struct ProtectedProps {
    pub(super) file: i64,
    pub(super) name: String,
    pub(super) on_read: Callback<()>,
}

/// Asks for the password of a protected file. What is typed is kept nowhere.
#[component]
pub(super) fn Protected(props: &ProtectedProps) -> Html {
    let typed = use_state_eq(String::new);
    let failure = use_state_eq(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let toasts = use_toasts();
    let onsubmit = {
        let (typed, failure, busy, toasts) = (typed.clone(), failure.clone(), busy.clone(), toasts);
        let (file, on_read) = (props.file, props.on_read.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            busy.set(true);
            let call = client::post(format!("/api/attachments/{file}/password"));
            let call = call.json(&FilePassword { password: (*typed).clone() });
            let (typed, failure, busy) = (typed.clone(), failure.clone(), busy.clone());
            let (on_read, toasts) = (on_read.clone(), toasts.clone());
            spawn_local(async move {
                let answer = call.done().await;
                busy.set(false);
                typed.set(String::new());
                match answer {
                    Ok(()) => {
                        failure.set(None);
                        toasts.done(t!("file-password-right"));
                        on_read.emit(());
                    }
                    Err(why) => failure.set(Some(why)),
                }
            });
        })
    };
    let change = typed.setter();
    let error = failure.as_ref().and_then(|failure| failure.field("password")).map(AttrValue::from);
    html! {
        <Alert tone={Tone::Warning} title={props.name.clone()}>
            <form {onsubmit} data-testid="file-password">
                <p>{ t!("file-password-teach") }</p>
                if failure.as_ref().is_some_and(|failure| !failure.has_fields()) { <FailureAlert failure={(*failure).clone()} /> }
                <TextField label={t!("file-password")} kind="password" value={(*typed).clone()} oninput={Callback::from(move |text| change.set(text))} {error} name="file-password" />
                <Button submit=true icon={Icon::Key} label={t!("file-password-try")} busy={*busy} testid="try-password" />
            </form>
        </Alert>
    }
}
