//! The screen in which a letter is written. What is typed stays in the browser, and a copy on the server, until it is saved.

use std::cell::RefCell;
use std::rc::Rc;

use diwan_kernel::Named;
use diwan_tarasol_api::{Form, Letter, Recipient, RecipientRole, Template};
use yew::platform::spawn_local;
use yew::prelude::*;

use super::dir_of;
use super::draft::Draft;
use super::fields::SideFields;
use super::files::DraftFiles;
use super::keep::{self, Found, use_server_copy};
use super::recipients::Recipients;
use super::save::{Saving, use_saving};
use super::template::{self, TemplatePicker};
use crate::app::route::{LetterBox, Route};
use crate::app::session::use_session;
use crate::client::draft::use_kept;
use crate::client::{self, Failure};
use crate::i18n::{self, format};
use crate::modules::letters::names::list_of;
use crate::ui::editor::LetterEditor;
use crate::ui::keys::use_ctrl_key;
use crate::ui::{
    Alert, Button, Crumb, FailureAlert, Icon, Num, PageHead, Select, SelectOption, TextField, Tone, Variant,
};

#[derive(Properties, PartialEq)]
pub(super) struct ComposeProps {
    /// The name under which what is typed is kept.
    pub(super) name: String,
    /// What it starts from.
    pub(super) start: Rc<Draft>,
    /// The draft being changed; none for a new letter.
    #[prop_or_default]
    pub(super) letter: Option<Rc<Letter>>,
    /// The letter it answers.
    #[prop_or_default]
    pub(super) answered: Option<Rc<Letter>>,
    /// Loads the draft again.
    #[prop_or_default]
    pub(super) on_reload: Callback<()>,
    /// Gives up what was typed for what somebody else saved.
    #[prop_or_default]
    pub(super) on_discard: Callback<()>,
}

/// The screen in which a letter is written.
#[component]
pub(super) fn Compose(props: &ComposeProps) -> Html {
    let me = use_session().me();
    let kept = use_kept(props.name.clone(), || (*props.start).clone());
    let draft = Rc::clone(&kept.value);
    // What is typed now, also for answers that come later than the next drawing.
    let latest = use_mut_ref(|| Rc::clone(&draft));
    *latest.borrow_mut() = Rc::clone(&draft);
    let (found, stop_copy) = use_server_copy(&props.name, &draft, &props.start, !kept.restored);
    let forget = {
        let (forget, name) = (kept.forget.clone(), props.name.clone());
        Callback::from(move |()| {
            stop_copy.emit(());
            keep::forget(&name);
            forget.emit(());
        })
    };
    let saving = use_saving(props.letter.as_deref(), Rc::clone(&latest), forget.clone(), props.on_reload.clone());
    use_ctrl_key("KeyS", saving.save.reform(|()| false));
    let set = kept.set.clone();
    let refill = {
        let (set, answered) = (set.clone(), props.answered.clone());
        Callback::from(move |draft: Draft| {
            set.emit(match &me {
                Some(me) => template::fill(draft, me, answered.as_deref()),
                None => draft,
            });
        })
    };
    let on_drop = {
        let (set, start) = (set.clone(), Rc::clone(&props.start));
        Callback::from(move |()| {
            set.emit((*start).clone());
            forget.emit(());
        })
    };
    let outdated = kept.restored && draft.base != props.start.base;
    html! {
        <div class="dw-screen">
            { head(props, &draft, &saving) }
            <div class="dw-split dw-compose" style="--dw-side:20rem">
                <div class="dw-scroll dw-pad dw-stack" style="flex:1">
                    { notices(&saving, &props.on_discard, &on_drop) }
                    if kept.restored { { restored(outdated, &on_drop) } }
                    { offer(&found, &set) }
                    <TextFields draft={Rc::clone(&draft)} failure={saving.failure.clone()} {set} {refill} {latest} is_new={saving.record.is_none()} />
                </div>
                <aside class="dw-side" aria-label={t!("details")}><div class="dw-scroll dw-pad dw-stack" style="flex:1">
                    <SideFields draft={Rc::clone(&draft)} failure={saving.failure.clone()} set={kept.set.clone()} />
                    <h2 class="dw-sec-t">{ t!("letters-files") }</h2>
                    <DraftFiles record={saving.record} files={saving.files.data.clone()} chosen={saving.chosen.clone()} on_change={saving.files.reload.clone()} />
                    { saving.rows.clone() }
                </div></aside>
            </div>
        </div>
    }
}

fn head(props: &ComposeProps, draft: &Draft, saving: &Saving) -> Html {
    let title = match (&props.letter, &props.answered) {
        (Some(_), _) => t!("compose-edit"),
        (None, Some(_)) => t!("compose-reply"),
        (None, None) if draft.input.form == Form::InternalMemo => t!("compose-new-memo"),
        (None, None) => t!("new-letter"),
    };
    let list = props.letter.as_ref().map_or(LetterBox::Drafts, |letter| match list_of(letter.direction) {
        LetterBox::Outgoing => LetterBox::Drafts,
        other => other,
    });
    let name = if list == LetterBox::Memos { t!("nav-memos") } else { t!("nav-drafts") };
    let mut crumbs = vec![Crumb::link(name, Route::Letters(list).path())];
    if let Some(letter) = props.letter.as_ref().or(props.answered.as_ref()) {
        crumbs.push(Crumb::link(letter.head.subject.clone(), Route::Letter(letter.head.id).path()));
    }
    crumbs.push(Crumb::here(title.clone()));
    let save = |submit: bool| saving.save.reform(move |_: MouseEvent| submit);
    let actions = html! {
        <>
            if let Some(at) = saving.at { <span class="dw-muted dw-sm" role="status">{ t!("compose-saved-at") }{ " " }<Num value={format::time(at)} /></span> }
            <Button variant={Variant::Primary} icon={Icon::Send} label={t!("compose-save-submit")} busy={saving.busy == Some(true)}
                disabled={saving.busy == Some(false)} onclick={save(true)} action="save-submit" />
            <Button icon={Icon::Save} label={t!("save")} busy={saving.busy == Some(false)} disabled={saving.busy == Some(true)} onclick={save(false)}
                shortcut="Control+S" action="save" />
        </>
    };
    html! { <PageHead {title} {crumbs} {actions} record=true /> }
}

/// Why it was not saved, and what to do.
fn notices(saving: &Saving, on_discard: &Callback<()>, on_drop: &Callback<()>) -> Html {
    let Some(failure) = &saving.failure else { return Html::default() };
    if failure.code() == "stale" {
        let overrule = saving.overrule.reform(|_: MouseEvent| ());
        let (on_discard, on_drop) = (on_discard.clone(), on_drop.clone());
        let load = Callback::from(move |_: MouseEvent| {
            on_drop.emit(());
            on_discard.emit(());
        });
        return html! {
            <Alert tone={Tone::Warning} title={t!("compose-stale")}>
                <div class="dw-row">
                    <Button label={t!("compose-keep-mine")} onclick={overrule} action="keep-mine" />
                    <Button variant={Variant::Link} label={t!("compose-load-theirs")} onclick={load} action="load-theirs" />
                </div>
            </Alert>
        };
    }
    html! { <FailureAlert failure={Some(failure.clone())} /> }
}

/// What was typed on an earlier visit stands here again.
fn restored(outdated: bool, on_drop: &Callback<()>) -> Html {
    let title = if outdated { t!("compose-restored-old") } else { t!("compose-restored") };
    let tone = if outdated { Tone::Warning } else { Tone::Info };
    html! {
        <Alert {tone} {title}>
            <Button variant={Variant::Link} label={t!("compose-drop")} onclick={on_drop.reform(|_: MouseEvent| ())} action="drop-draft" />
        </Alert>
    }
}

/// A copy on the server, typed on another machine.
fn offer(found: &Found, set: &Callback<Draft>) -> Html {
    let Some((draft, at)) = (**found).clone() else { return Html::default() };
    let (leave, take) = (found.setter(), found.setter());
    let take = set.reform(move |_: MouseEvent| {
        take.set(None);
        draft.clone()
    });
    html! {
        <Alert title={t!("compose-found", at = format::date_time(at))}>
            <div class="dw-row">
                <Button label={t!("compose-take")} onclick={take} action="take-draft" />
                <Button variant={Variant::Link} label={t!("compose-leave")} onclick={Callback::from(move |_| leave.set(None))} />
            </div>
        </Alert>
    }
}

/// The agency of the first original.
fn main_agency(recipients: &[Recipient]) -> Option<i64> {
    recipients.iter().find(|recipient| recipient.role == RecipientRole::To)?.agency_id
}

/// Another form; between memos and letters the recipients are of another kind.
fn change_form(draft: &mut Draft, form: Form) {
    if (form == Form::InternalMemo) != (draft.input.form == Form::InternalMemo) {
        draft.input.recipients.clear();
    }
    draft.input.form = form;
}

/// Writes the addressee's line of the agency where nothing, or that of another agency, stands.
fn prefill(agency: i64, latest: Rc<RefCell<Rc<Draft>>>, filled: Rc<RefCell<String>>, set: Callback<Draft>) {
    spawn_local(async move {
        // Without the line the writer types it.
        let Ok(line) = client::get(format!("/api/agencies/{agency}/addressee")).send::<Named>().await else { return };
        let mut next = (**latest.borrow()).clone();
        let own = !next.input.addressee.is_empty() && next.input.addressee != *filled.borrow();
        if own || main_agency(&next.input.recipients) != Some(agency) {
            return;
        }
        next.input.addressee = line.get(next.input.lang).to_owned();
        *filled.borrow_mut() = next.input.addressee.clone();
        set.emit(next);
    });
}

#[derive(Properties)]
struct TextFieldsProps {
    draft: Rc<Draft>,
    failure: Option<Failure>,
    set: Callback<Draft>,
    /// As `set`, and fills open merge fields.
    refill: Callback<Draft>,
    latest: Rc<RefCell<Rc<Draft>>>,
    is_new: bool,
}

impl PartialEq for TextFieldsProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.draft, &other.draft) && self.failure == other.failure && self.is_new == other.is_new
    }
}

/// Template, form, recipients, subject, addressee, text.
#[component]
fn TextFields(props: &TextFieldsProps) -> Html {
    let input = &props.draft.input;
    let filled = use_mut_ref(String::new);
    let change = |apply: fn(&mut Draft, String)| {
        let (latest, set) = (Rc::clone(&props.latest), props.set.clone());
        Callback::from(move |value: String| {
            let mut next = (**latest.borrow()).clone();
            apply(&mut next, value);
            set.emit(next);
        })
    };
    let on_recipients = {
        let (latest, refill) = (Rc::clone(&props.latest), props.refill.clone());
        Callback::from(move |recipients: Vec<Recipient>| {
            let mut next = (**latest.borrow()).clone();
            let before = main_agency(&next.input.recipients);
            next.input.recipients = recipients;
            let now = main_agency(&next.input.recipients).filter(|now| Some(*now) != before);
            refill.emit(next);
            if let Some(agency) = now {
                prefill(agency, Rc::clone(&latest), Rc::clone(&filled), refill.clone());
            }
        })
    };
    let on_template = {
        let (latest, refill) = (Rc::clone(&props.latest), props.refill.clone());
        Callback::from(move |template: Template| {
            let mut next = (**latest.borrow()).clone().with_body(&template.body);
            next.input.lang = template.lang;
            // The subject of an answer is that of the letter it answers.
            if next.input.in_reply_to.is_none() || next.input.subject.is_empty() {
                next.input.subject = template.subject;
            }
            change_form(&mut next, template.form);
            refill.emit(next);
        })
    };
    let error = |field: &str| props.failure.as_ref().and_then(|failure| failure.field(field)).map(AttrValue::from);
    let memo = input.form == Form::InternalMemo;
    let fixed_memo = (!props.is_new).then_some(memo);
    let forms = Form::ALL.iter().filter(|form| fixed_memo.is_none_or(|fixed| fixed == (**form == Form::InternalMemo)));
    let forms: Vec<SelectOption> =
        forms.map(|form| SelectOption::new(form.code(), i18n::code("form", form.code()))).collect();
    let on_form = change(|draft, code| {
        if let Ok(form) = code.parse() {
            change_form(draft, form);
        }
    });
    let body_error = error("body");
    html! {
        <>
            <div class="dw-form two">
                <TemplatePicker draft={Rc::clone(&props.draft)} on_pick={on_template} {fixed_memo} />
                <Select label={t!("compose-form")} value={input.form.code()} options={forms} onchange={on_form} error={error("form")} name="form" />
                <Recipients draft={Rc::clone(&props.draft)} failure={props.failure.clone()} onchange={on_recipients} />
                <TextField label={t!("compose-addressee")} value={input.addressee.clone()} oninput={change(|draft, text| draft.input.addressee = text)}
                    hint={t!("compose-addressee-hint")} error={error("addressee")} maxlength={200} full=true name="addressee" />
                <TextField label={t!("letters-subject")} value={input.subject.clone()} oninput={change(|draft, text| draft.input.subject = text)}
                    required=true error={error("subject")} maxlength={500} full=true name="subject" />
            </div>
            <div class="dw-fg" aria-invalid={body_error.is_some().then_some("true")} tabindex={body_error.is_some().then_some("-1")}>
                <LetterEditor doc={props.draft.text.clone()} on_change={change(|draft, json| draft.text = json)} dir={dir_of(input.lang)}
                    label={t!("letter-text")} placeholder={t!("compose-placeholder")} />
                if let Some(error) = body_error { <div class="err" role="alert">{ Icon::CircleAlert }<span>{ error }</span></div> }
            </div>
        </>
    }
}
