//! The classification plan (خطة التصنيف): the tree, what the chosen class says, and the plan as a table to bring and take.

use std::rc::Rc;

use diwan_archive_api::{ClassInput, DocumentClass, DocumentClasses, Schedule};
use diwan_kernel::{Named, Permission, Secrecy};
use yew::prelude::*;

use crate::app::route::Route;
use crate::app::router::Link;
use crate::app::session::use_session;
use crate::client::{self, download, use_api, use_opened};
use crate::i18n;
use crate::modules::admin::import::ImportDialog;
use crate::modules::admin::parts::{NameFields, PageProps, changing, name_errors, options, save_footer};
use crate::modules::admin::send::use_sending;
use crate::ui::tree::{Tree, TreeNode, grow};
use crate::ui::{
    Alert, Button, Card, Checkbox, Confirm, Dialog, Empty, Facts, FailureAlert, Icon, Num, PageHead, Screen,
    SecrecyBadge, Select, SelectOption, StateDot, StateTone, TextArea, TextField, Tone, Variant, use_toasts,
};

/// What is open over the plan.
#[derive(Clone, PartialEq)]
enum Open {
    Edit(Option<DocumentClass>),
    Remove(DocumentClass),
    Import,
}

impl Open {
    /// The same over the plan as it is now.
    fn newest(plan: &DocumentClasses, asked: &Self) -> Option<Self> {
        let class = |id: i64| plan.items.iter().find(|class| class.id == id).cloned();
        match asked {
            Self::Edit(Some(one)) => class(one.id).map(|class| Self::Edit(Some(class))),
            Self::Remove(one) => class(one.id).map(Self::Remove),
            Self::Edit(None) | Self::Import => None,
        }
    }
}

/// The plan.
#[component]
pub(super) fn Plan(props: &PageProps) -> Html {
    let session = use_session();
    let plan = use_api::<DocumentClasses>(Some(client::get("/api/archive/classes")));
    let chosen = use_state_eq(|| None::<i64>);
    let opened = use_opened(&plan, Open::newest);
    let manages = session.may(Permission::ArchivePlan);
    let all = plan.data.as_ref().map_or(&[][..], |plan| plan.items.as_slice());
    let class = all.iter().find(|class| Some(class.id) == *chosen);
    let take = |csv: bool| {
        let url = format!("/api/archive/plan/export?lang={}{}", i18n::lang().code(), if csv { "&csv=1" } else { "" });
        Callback::from(move |_: MouseEvent| download::save(&url))
    };
    let actions = html! {
        if manages {
            <Button icon={Icon::Download} label={t!("export-xlsx")} action="export" onclick={take(false)} />
            <Button icon={Icon::Download} label={t!("plan-csv")} action="export-csv" onclick={take(true)} />
            <Button icon={Icon::Upload} label={t!("plan-import")} testid="import-plan" onclick={opened.button(Open::Import)} />
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("class-new")} testid="new-class" onclick={opened.button(Open::Edit(None))} />
        }
    };
    let choose = chosen.setter();
    html! {
        <Screen head={html! { <PageHead title={t!("plan")} {actions}>{ props.tabs.clone() }</PageHead> }}>
            <FailureAlert failure={plan.failure.clone()} retry={Some(plan.reload.clone())} />
            <div class="dw-grid2" data-testid="plan">
                <Card title={t!("classes")} padded=true>
                    if plan.data.is_some() && all.is_empty() { <Empty text={t!("plan-empty")} /> }
                    // The tree opens its first levels when it is drawn first: a changed plan is a new tree.
                    <Tree key={shape(all)} label={t!("plan")} roots={Rc::new(tree(all))} chosen={*chosen} open_levels={1}
                        on_choose={Callback::from(move |id| choose.set(Some(id)))} />
                </Card>
                if let Some(class) = class {
                    <Card title={format!("{} {}", class.code, i18n::name(&class.name))} padded=true actions={html! { if manages {
                        <Button icon={Icon::Trash} label={t!("class-remove")} testid="remove-class" onclick={opened.button(Open::Remove(class.clone()))} />
                        <Button icon={Icon::Edit} label={t!("action-edit")} testid="edit-class" onclick={opened.button(Open::Edit(Some(class.clone())))} />
                    } }}>
                        if class.active && class.schedule.is_none() { <Alert tone={Tone::Warning} title={t!("class-without-schedule")} /> }
                        <Facts rows={facts(class, all)} />
                        <Link to={format!("{}?class={}", Route::Archive.path(), class.code)}>{ t!("class-documents") }</Link>
                    </Card>
                } else { <Empty text={t!("class-choose")} /> }
            </div>
            { match &opened.shown {
                Some(Open::Edit(class)) => html! { <ClassDialog class={class.clone()} above={*chosen} all={plan.data.clone()} on_close={opened.close.clone()} /> },
                Some(Open::Remove(class)) => html! { <RemoveDialog class={class.clone()} on_close={opened.close.clone()} /> },
                Some(Open::Import) => html! {
                    <ImportDialog title={t!("plan-import")} hint={t!("plan-import-hint")} preview="/api/archive/plan/import/preview"
                        commit="/api/archive/plan/import/commit" on_close={opened.close.clone()} />
                },
                None => Html::default(),
            } }
        </Screen>
    }
}

/// What makes a plan another tree: its places.
fn shape(all: &[DocumentClass]) -> String {
    all.iter().map(|class| class.path.as_str()).collect::<Vec<_>>().join(" ")
}

fn tree(all: &[DocumentClass]) -> Vec<TreeNode> {
    let node = |class: &DocumentClass| TreeNode {
        id: class.id,
        label: i18n::name(&class.name).into(),
        note: Some(match class.active {
            true => class.code.clone().into(),
            false => format!("{} · {}", class.code, t!("inactive")).into(),
        }),
        children: Vec::new(),
    };
    grow(all, |class| class.id, |class| class.parent_id, node)
}

fn facts(class: &DocumentClass, all: &[DocumentClass]) -> Vec<(AttrValue, Html)> {
    let above = all.iter().find(|other| Some(other.id) == class.parent_id);
    let state = if class.active { (StateTone::Done, t!("active")) } else { (StateTone::New, t!("inactive")) };
    let mut rows: Vec<(AttrValue, Html)> = vec![
        (t!("class-code").into(), html! { <Num value={class.code.clone()} /> }),
        (
            t!("class-above").into(),
            html! { { above.map_or_else(|| "—".to_owned(), |above| format!("{} {}", above.code, i18n::name(&above.name))) } },
        ),
        (t!("class-secrecy").into(), html! { <SecrecyBadge level={class.secrecy} /> }),
        (
            t!("class-schedule").into(),
            html! { { class.schedule.as_ref().map_or_else(|| "—".to_owned(), |schedule| format!("{} {}", schedule.code, i18n::name(&schedule.name))) } },
        ),
        (t!("state").into(), html! { <StateDot tone={state.0} label={state.1} /> }),
    ];
    if !class.note.is_empty() {
        rows.push((
            t!("class-note").into(),
            html! { <span style="white-space:pre-wrap" dir="auto">{ &class.note }</span> },
        ));
    }
    rows
}

/// The classes as choices, indented by their place; those below `not_below` are left out.
pub(super) fn class_choices(
    all: &[DocumentClass],
    not_below: Option<&str>,
    id: impl Fn(&DocumentClass) -> String,
) -> Vec<SelectOption> {
    let free = all.iter().filter(|class| not_below.is_none_or(|top| !diwan_archive_api::within(&class.path, top)));
    free.map(|class| {
        let indent = "\u{2003}".repeat(class.depth());
        SelectOption::new(id(class), format!("{indent}{} {}", class.code, i18n::name(&class.name)))
    })
    .collect()
}

#[derive(Properties, PartialEq)]
struct ClassProps {
    class: Option<DocumentClass>,
    /// The chosen class: a new one is put below it.
    above: Option<i64>,
    all: Option<Rc<DocumentClasses>>,
    on_close: Callback<()>,
}

fn input(props: &ClassProps) -> ClassInput {
    match &props.class {
        Some(class) => ClassInput {
            code: class.code.clone(),
            parent_id: class.parent_id,
            name: class.name.clone(),
            note: class.note.clone(),
            secrecy: class.secrecy,
            schedule_id: class.schedule.as_ref().map(|schedule| schedule.id),
            active: class.active,
        },
        None => ClassInput {
            code: String::new(),
            parent_id: props.above,
            name: Named::default(),
            note: String::new(),
            secrecy: Secrecy::Normal,
            schedule_id: None,
            active: true,
        },
    }
}

/// Adds or changes a class.
#[component]
fn ClassDialog(props: &ClassProps) -> Html {
    let edit = use_state_eq(|| input(props));
    let schedules = use_api::<Vec<Schedule>>(Some(client::get("/api/archive/schedules")));
    let sending = use_sending();
    let submit = {
        let (edit, sending, on_close, class) =
            (edit.clone(), sending.clone(), props.on_close.clone(), props.class.clone());
        Callback::from(move |()| {
            let call = match &class {
                Some(class) => client::put(format!("/api/archive/classes/{}", class.id)).if_match(class.version),
                None => client::post("/api/archive/classes"),
            };
            let on_close = on_close.clone();
            sending.answer(call.json(&*edit), move |_: DocumentClass| on_close.emit(()));
        })
    };
    let own = props.class.as_ref().map(|class| class.path.as_str());
    let all = props.all.as_ref().map_or(&[][..], |all| all.items.as_slice());
    let above = std::iter::once(SelectOption::new("", t!("class-no-above")));
    let above: Vec<_> = above.chain(class_choices(all, own, |class| class.id.to_string())).collect();
    let schedule = std::iter::once(SelectOption::new("", t!("class-no-schedule")));
    let known = schedules.data.iter().flat_map(|all| all.iter());
    let schedule: Vec<_> = schedule
        .chain(
            known.map(|one| SelectOption::new(one.id.to_string(), format!("{} {}", one.code, i18n::name(&one.name)))),
        )
        .collect();
    let (error_ar, error_en) = name_errors(&sending, "name");
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    html! {
        <Dialog wide=true title={if props.class.is_some() { t!("class-edit") } else { t!("class-new") }} on_close={Some(props.on_close.clone())}
            on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form two">
                <TextField label={t!("class-code")} value={edit.code.clone()} oninput={changing(&edit, |edit: &mut ClassInput, code| edit.code = code)} dir="ltr" required=true
                    disabled={props.class.is_some()} error={sending.error("code")} maxlength={20} name="code" />
                <Select label={t!("class-above")} value={id(edit.parent_id)} options={above} error={sending.error("parent_id")} name="parent_id"
                    onchange={changing(&edit, |edit: &mut ClassInput, id: String| edit.parent_id = id.parse().ok())} />
                <NameFields value={edit.name.clone()} onchange={changing(&edit, |edit: &mut ClassInput, name| edit.name = name)} {error_ar} {error_en} />
                <Select label={t!("class-secrecy")} value={edit.secrecy.code()} options={options("secrecy", Secrecy::ALL.iter().map(|level| level.code()))} name="secrecy"
                    hint={t!("class-secrecy-hint")} onchange={changing(&edit, |edit: &mut ClassInput, code: String| edit.secrecy = code.parse().unwrap_or(edit.secrecy))} />
                <Select label={t!("class-schedule")} value={id(edit.schedule_id)} options={schedule} error={sending.error("schedule_id")} name="schedule_id"
                    hint={t!("class-schedule-hint")} onchange={changing(&edit, |edit: &mut ClassInput, id: String| edit.schedule_id = id.parse().ok())} />
                <TextArea label={t!("class-note")} value={edit.note.clone()} oninput={changing(&edit, |edit: &mut ClassInput, note| edit.note = note)}
                    hint={t!("class-note-hint")} error={sending.error("note")} name="note" />
                <Checkbox label={t!("class-active")} checked={edit.active} onchange={changing(&edit, |edit: &mut ClassInput, on| edit.active = on)} />
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct RemoveProps {
    class: DocumentClass,
    on_close: Callback<()>,
}

/// Removes a class; one in use is refused with what is under it.
#[component]
fn RemoveDialog(props: &RemoveProps) -> Html {
    let sending = use_sending();
    let toasts = use_toasts();
    let on_confirm = {
        let (sending, on_close, id) = (sending.clone(), props.on_close.clone(), props.class.id);
        Callback::from(move |()| {
            let (on_close, toasts) = (on_close.clone(), toasts.clone());
            sending.done(client::delete(format!("/api/archive/classes/{id}")), move || {
                toasts.done(t!("class-removed"));
                on_close.emit(());
            });
        })
    };
    html! {
        <Confirm title={t!("class-remove")} text={t!("class-remove-text", code = props.class.code.as_str())} action={t!("class-remove")} danger=true
            busy={sending.busy} {on_confirm} on_close={props.on_close.clone()}>{ sending.alert() }</Confirm>
    }
}
