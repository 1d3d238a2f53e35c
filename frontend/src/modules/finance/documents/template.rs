//! A template's page: what it makes and when, why it could not, what it made, and what is done with it.

use diwan_finance_api::{DocumentKind, DocumentStep, VoucherTemplate, VoucherTemplateDay, VoucherTemplateDraft};
use diwan_kernel::{Page, Permission};
use yew::prelude::*;

use super::cells::{label, refused};
use super::list::state_mark;
use super::template_form::TemplateForm;
use super::templates::{standing, when};
use super::{crumb, path};
use crate::app::query::Query;
use crate::app::router::{self, Link};
use crate::app::session::use_session;
use crate::client::{self, use_api, use_opened};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{changing, save_footer};
use crate::modules::admin::send::use_sending;
use crate::modules::finance::bank::{loaded, table};
use crate::ui::tools::{Export, Foot, use_paging};
use crate::ui::{
    Alert, Button, Card, Confirm, Crumb, DateField, Dialog, Facts, Icon, Num, PageHead, Screen, Tone, Variant,
    use_toasts,
};

/// Rows of one page of what it made.
const LIMIT: usize = 25;

#[derive(Properties, PartialEq)]
pub(super) struct TemplateProps {
    pub(super) id: i64,
}

/// What is open over the page.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Draft,
    Form,
    End,
}

/// A template's page.
#[component]
pub(super) fn Template(props: &TemplateProps) -> Html {
    let id = props.id;
    let session = use_session();
    let template = use_api::<VoucherTemplate>(Some(client::get(format!("/api/finance/templates/{id}"))));
    let paging = use_paging(id);
    let drafts = use_api::<Page<VoucherTemplateDraft>>(Some(
        client::get(format!("/api/finance/templates/{id}/drafts"))
            .query("limit", LIMIT.to_string())
            .query("after", paging.after.clone().unwrap_or_default()),
    ));
    let opened = use_opened(&template, |_: &VoucherTemplate, _: &Open| None);
    let sending = use_sending();
    let toasts = use_toasts();
    let one = match loaded(&template) {
        Ok(one) => one,
        Err(other) => return other,
    };
    let changed = {
        let (close, drafts) = (opened.close.clone(), drafts.reload.clone());
        Callback::from(move |_: VoucherTemplate| {
            close.emit(());
            drafts.emit(());
        })
    };
    let step = |what: &'static str| {
        let (sending, changed, toasts, version) = (sending.clone(), changed.clone(), toasts.clone(), one.version);
        Callback::from(move |()| {
            let call = client::post(format!("/api/finance/templates/{id}/{what}")).if_match(version);
            let (changed, toasts) = (changed.clone(), toasts.clone());
            sending.answer(call, move |after: VoucherTemplate| {
                if after.problem.is_none() {
                    toasts.done(i18n::text(&i18n::code_key("vtemplate-done", what), None));
                }
                changed.emit(after);
            });
        })
    };
    let due = one.next_on.is_some_and(|day| day <= format::today());
    let actions = html! {
        if one.may_change {
            <Button label={t!("vtemplate-end")} testid="end-template" onclick={opened.button(Open::End)} />
            <Button icon={Icon::Edit} label={t!("vtemplate-edit")} testid="edit-template" onclick={opened.button(Open::Form)} />
            if due { <Button icon={Icon::Refresh} label={t!("vtemplate-make")} testid="make-drafts" busy={sending.busy} disabled={template.loading} onclick={step("make").reform(|_: MouseEvent| ())} /> }
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("vtemplate-draft")} testid="draft-from-template" onclick={opened.button(Open::Draft)} />
        }
    };
    let crumbs = vec![
        crumb(),
        Crumb::link(t!("templates-of-documents"), path("templates").path()),
        Crumb::here(one.name.clone()),
    ];
    html! {
        <Screen head={html! { <PageHead title={one.name.clone()} {crumbs} marks={standing(&one)} {actions} /> }}>
            <div class="dw-stack" data-testid="template">
                if opened.shown.is_none() { { sending.alert() } }
                { problem(&one) }
                <Card title={t!("vtemplate")} padded=true><Facts rows={facts(&one)} /></Card>
                { made(id, drafts.data.as_deref(), session.may(Permission::Export)) }
                if drafts.data.as_ref().is_some_and(|page| page.next.is_some()) || paging.index > 0 {
                    <Foot rows={drafts.data.as_ref().map_or(0, |page| page.items.len())} limit={LIMIT} next={drafts.data.as_ref().and_then(|page| page.next.clone())} {paging} />
                }
            </div>
            { match opened.shown {
                Some(Open::Draft) => html! { <DraftDialog {id} kind={one.kind} on_close={opened.close} /> },
                Some(Open::Form) => html! { <TemplateForm template={Some((*one).clone())} on_done={changed} on_close={opened.close} /> },
                Some(Open::End) => html! {
                    <Confirm title={t!("vtemplate-end")} text={t!("vtemplate-end-text")} action={t!("vtemplate-end")} danger=true busy={sending.busy}
                        on_confirm={step("end")} on_close={opened.close}>{ sending.alert() }</Confirm>
                },
                None => Html::default(),
            } }
        </Screen>
    }
}

/// Why the last draft could not be made.
fn problem(one: &VoucherTemplate) -> Html {
    let Some(problem) = &one.problem else { return Html::default() };
    let name = |field: &str| label(one.kind.shape(), field);
    let text = i18n::field_error(&problem.field, (&problem.code, &problem.args), &name);
    let day = one.next_on.map(format::date).unwrap_or_default();
    html! {
        <div data-testid="template-problem">
            <Alert tone={Tone::Warning} title={t!("vtemplate-problem", day = day)}>
                <p>{ text }</p>
                <p class="dw-muted dw-sm"><Num value={format::date_time(problem.at)} />{ " · " }{ t!("vtemplate-problem-hint") }</p>
            </Alert>
        </div>
    }
}

fn facts(one: &VoucherTemplate) -> Vec<(AttrValue, Html)> {
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("voucher-kind").into(), html! { { i18n::code("record-kind", one.kind.code()) } }),
        (t!("voucher-subject").into(), html! { <span dir="auto">{ &one.subject }</span> }),
        (t!("vtemplate-every").into(), html! { { when(one.schedule.as_ref()) } }),
    ];
    if let Some(schedule) = &one.schedule {
        let last = schedule.ends_on.map(format::date).unwrap_or_default();
        let days = format!("{} – {last}", format::date(schedule.starts_on));
        rows.push((t!("period-days").into(), html! { <Num value={days} /> }));
        rows.push((t!("vtemplate-owner").into(), html! { { i18n::name(&one.owner.name) } }));
    }
    if let Some(day) = one.next_on {
        rows.push((t!("vtemplate-next").into(), html! { <Num value={format::date(day)} /> }));
    }
    rows
}

fn made(id: i64, page: Option<&Page<VoucherTemplateDraft>>, exports: bool) -> Html {
    let Some(page) = page.filter(|page| !page.items.is_empty()) else { return Html::default() };
    let row = |one: &VoucherTemplateDraft| {
        let name = one.document.number.clone().unwrap_or_else(|| one.document.subject.clone());
        html! {
            <tr>
                <td><Num value={format::date(one.due_on)} /></td>
                <td><Link to={path(one.document.id).path()}><bdi>{ name }</bdi></Link></td>
                <td>{ state_mark(&one.state) }</td>
                <td><Num value={format::date_time(one.made_at)} /></td>
            </tr>
        }
    };
    let titles = vec![t!("vtemplate-due"), t!("voucher-subject"), t!("state"), t!("vtemplate-made-at")];
    html! {
        <>
            <div class="dw-head__line"><h2 class="dw-h2">{ t!("vtemplate-drafts") }</h2>
                if exports { <Export path={format!("/api/finance/templates/{id}/drafts/export")} query={Query::default()} /> }
            </div>
            { table(t!("vtemplate-drafts"), "template-drafts", titles, page.items.iter().map(row).collect()) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DraftProps {
    id: i64,
    kind: DocumentKind,
    on_close: Callback<()>,
}

/// A draft from the template on a day.
#[component]
fn DraftDialog(props: &DraftProps) -> Html {
    let edit = use_state_eq(|| VoucherTemplateDay { on: format::today() });
    let sending = use_sending();
    let submit = {
        let (edit, sending, id) = (edit.clone(), sending.clone(), props.id);
        Callback::from(move |()| {
            let call = client::post(format!("/api/finance/templates/{id}/draft")).json(&*edit);
            sending.answer(call, |step: DocumentStep| router::go_to(&path(format!("{}/edit", step.id))));
        })
    };
    html! {
        <Dialog title={t!("vtemplate-draft")} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { refused(props.kind.shape(), &sending, false) }
            <div class="dw-form">
                <DateField label={t!("voucher-day")} value={Some(edit.on)} required=true error={sending.error("effective_on")} name="on"
                    onchange={changing(&edit, |edit: &mut VoucherTemplateDay, day: Option<chrono::NaiveDate>| edit.on = day.unwrap_or(edit.on))} />
            </div>
        </Dialog>
    }
}
