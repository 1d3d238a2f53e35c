//! Units and positions (الوحدات والمراكز الوظيفية): the tree, and what the chosen unit has.

use std::rc::Rc;

use diwan_kernel::{Named, Page};
use diwan_platform_api::people::{Position, PositionInput, Unit, UnitInput, UnitKind};
use yew::prelude::*;

use super::parts::{MANY, NameFields, PageProps, changing, name_errors, options, picked_id, save_footer, use_pick};
use super::send::use_sending;
use super::users::active_mark;
use crate::client::{self, newest, use_api, use_opened};
use crate::i18n;
use crate::ui::tree::{Tree, TreeNode, grow};
use crate::ui::{
    Button, Card, Checkbox, Choice, Dialog, Empty, Facts, FailureAlert, Icon, Num, PageHead, Picker, Screen, Select,
    TextField, Variant,
};

/// Units and positions.
#[component]
pub(super) fn Units(props: &PageProps) -> Html {
    let units = use_api::<Page<Unit>>(Some(client::get("/api/units").query("limit", MANY)));
    let chosen = use_state_eq(|| None::<i64>);
    let call = chosen.map(|id| client::get("/api/positions").query("unit_id", id.to_string()).query("limit", MANY));
    let positions = use_api::<Page<Position>>(call);
    let units_open =
        use_opened(&units, |all: &Page<Unit>, asked: &Option<Unit>| newest(&all.items, asked.as_ref(), |one| one.id));
    let positions_open = use_opened(&positions, |all: &Page<Position>, (unit_id, asked): &(i64, Option<Position>)| {
        newest(&all.items, asked.as_ref(), |one| one.id).map(|one| (*unit_id, one))
    });
    let both = |first: &Callback<()>, second: &Callback<()>| {
        let (first, second) = (first.clone(), second.clone());
        Callback::from(move |()| {
            first.emit(());
            second.emit(());
        })
    };
    let unit = units.data.as_ref().and_then(|page| page.items.iter().find(|unit| Some(unit.id) == *chosen));
    let head = html! {
        <PageHead title={t!("admin-units")} actions={html! {
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("unit-new")} testid="new-unit" onclick={units_open.button(None)} />
        }}>{ props.tabs.clone() }</PageHead>
    };
    let choose = chosen.setter();
    let edit_position = {
        let (open, unit_id) = (positions_open.open.clone(), *chosen);
        Callback::from(move |position: Position| {
            if let Some(unit_id) = unit_id {
                open.emit((unit_id, Some(position)));
            }
        })
    };
    html! {
        <Screen {head}>
            <FailureAlert failure={units.failure.clone()} retry={Some(units.reload.clone())} />
            <div class="dw-grid2">
                <Card title={t!("units")} padded=true>
                    if let Some(page) = &units.data {
                        if page.items.is_empty() { <Empty text={t!("units-none")} /> }
                        // The tree opens its first levels when it is drawn first: a new list is a new tree.
                        <Tree key={page.items.len()} label={t!("units")} roots={Rc::new(tree(&page.items))} chosen={*chosen} open_levels={2}
                            on_choose={Callback::from(move |id| choose.set(Some(id)))} />
                        if page.next.is_some() { <p class="dw-muted dw-sm">{ t!("list-cut") }</p> }
                    }
                </Card>
                if let Some(unit) = unit {
                    <div class="dw-stack" data-testid="unit">
                        <Card title={i18n::name(&unit.name)} padded=true actions={html! {
                            <Button icon={Icon::Edit} label={t!("action-edit")} testid="edit-unit" onclick={units_open.button(Some(unit.clone()))} />
                        }}><Facts rows={unit_facts(unit)} /></Card>
                        <Card title={t!("positions")} padded=true actions={html! {
                            <Button icon={Icon::Plus} label={t!("position-new")} testid="new-position" onclick={positions_open.button((unit.id, None))} />
                        }}>
                            <FailureAlert failure={positions.failure.clone()} retry={Some(positions.reload.clone())} />
                            { for positions.data.iter().flat_map(|page| page.items.iter()).filter(|position| position.unit.id == unit.id).map(|position| position_row(position, &edit_position)) }
                        </Card>
                    </div>
                } else { <Empty text={t!("unit-choose")} /> }
            </div>
            { match (&units_open.shown, &positions_open.shown) {
                (Some(unit), _) => html! {
                    <UnitDialog unit={unit.clone()} parent={parent_of(unit.as_ref(), units.data.as_deref(), *chosen)} on_close={both(&units_open.close, &positions.reload)} />
                },
                (None, Some((unit_id, position))) => html! {
                    <PositionDialog unit_id={*unit_id} position={position.clone()} on_close={both(&positions_open.close, &units.reload)} />
                },
                (None, None) => Html::default(),
            } }
        </Screen>
    }
}

fn tree(units: &[Unit]) -> Vec<TreeNode> {
    let node = |unit: &Unit| TreeNode {
        id: unit.id,
        label: i18n::name(&unit.name).into(),
        note: Some(unit.code.clone().into()),
        children: Vec::new(),
    };
    grow(units, |unit| unit.id, |unit| unit.parent.as_ref().map(|parent| parent.id), node)
}

/// The unit above: of an existing unit its own, of a new one the unit that is chosen.
fn parent_of(unit: Option<&Unit>, page: Option<&Page<Unit>>, chosen: Option<i64>) -> Option<Choice> {
    if let Some(unit) = unit {
        return unit.parent.as_ref().map(|parent| Choice::new(parent.id.to_string(), i18n::name(&parent.name)));
    }
    let above = page?.items.iter().find(|unit| Some(unit.id) == chosen)?;
    Some(Choice::new(above.id.to_string(), i18n::name(&above.name)))
}

fn unit_facts(unit: &Unit) -> Vec<(AttrValue, Html)> {
    vec![
        (t!("code").into(), html! { <Num value={unit.code.clone()} /> }),
        (t!("unit-kind").into(), html! { { i18n::code("unit-kind", unit.kind.code()) } }),
        (
            t!("unit-parent").into(),
            html! { { unit.parent.as_ref().map(|parent| i18n::name(&parent.name)).unwrap_or_else(|| "—".to_owned()) } },
        ),
        (
            t!("unit-head").into(),
            html! { { unit.head.as_ref().map(|head| i18n::name(&head.name)).unwrap_or_else(|| "—".to_owned()) } },
        ),
        (t!("state").into(), active_mark(unit.active)),
    ]
}

fn position_row(position: &Position, edit: &Callback<Position>) -> Html {
    let holders = position
        .holders
        .iter()
        .map(|holder| i18n::name(&holder.name))
        .collect::<Vec<_>>()
        .join(t!("list-comma").as_str());
    let holders = if holders.is_empty() { t!("position-vacant") } else { holders };
    let chosen = position.clone();
    html! {
        <div class="dw-file" key={position.id} data-row-id={position.id.to_string()}>
            <span><span class="dw-b">{ i18n::name(&position.title) }</span>
                if position.is_head { <span class="dw-muted dw-sm">{ " · " }{ t!("position-is-head") }</span> }
                if position.can_sign { <span class="dw-muted dw-sm">{ " · " }{ t!("position-can-sign") }</span> }
                if !position.active { <span class="dw-muted dw-sm">{ " · " }{ t!("inactive") }</span> }
                <div class="dw-muted">{ holders }</div>
            </span>
            <span class="dw-push"><Button variant={Variant::Link} label={t!("action-edit")} action={"edit"} onclick={edit.reform(move |_: MouseEvent| chosen.clone())} /></span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct UnitDialogProps {
    unit: Option<Unit>,
    parent: Option<Choice>,
    on_close: Callback<()>,
}

/// Makes or changes a unit.
#[component]
fn UnitDialog(props: &UnitDialogProps) -> Html {
    let parent = use_state_eq(|| props.parent.iter().cloned().collect::<Vec<Choice>>());
    let edit = use_state_eq(|| match &props.unit {
        Some(unit) => UnitInput {
            agency_id: None,
            parent_id: None,
            kind: unit.kind,
            code: unit.code.clone(),
            name: unit.name.clone(),
            active: unit.active,
        },
        None => UnitInput {
            agency_id: None,
            parent_id: None,
            kind: UnitKind::Section,
            code: String::new(),
            name: Named::default(),
            active: true,
        },
    });
    let sending = use_sending();
    let units = use_pick("units");
    let submit = {
        let (edit, parent, sending, on_close, unit) =
            (edit.clone(), parent.clone(), sending.clone(), props.on_close.clone(), props.unit.clone());
        Callback::from(move |()| {
            let input = UnitInput { parent_id: picked_id(&parent), ..(*edit).clone() };
            let call = match &unit {
                Some(unit) => client::put(format!("/api/units/{}", unit.id)).if_match(unit.version),
                None => client::post("/api/units"),
            };
            let on_close = on_close.clone();
            sending.answer(call.json(&input), move |_: Unit| on_close.emit(()));
        })
    };
    let set_parent = parent.setter();
    let (error_ar, error_en) = name_errors(&sending, "name");
    html! {
        <Dialog wide=true title={if props.unit.is_some() { t!("unit-edit") } else { t!("unit-new") }} on_close={Some(props.on_close.clone())}
            on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form two">
                <NameFields value={edit.name.clone()} onchange={changing(&edit, |edit: &mut UnitInput, name| edit.name = name)} {error_ar} {error_en} />
                <TextField label={t!("code")} value={edit.code.clone()} oninput={changing(&edit, |edit: &mut UnitInput, code| edit.code = code)} dir="ltr" required=true
                    error={sending.error("code")} maxlength={40} name="code" />
                <Select label={t!("unit-kind")} value={edit.kind.code()} options={options("unit-kind", UnitKind::ALL.iter().map(|kind| kind.code()))} name="kind"
                    onchange={changing(&edit, |edit: &mut UnitInput, code: String| edit.kind = code.parse().unwrap_or(edit.kind))} />
                <Picker label={t!("unit-parent")} source={units} picked={(*parent).clone()} onchange={Callback::from(move |next| set_parent.set(next))} single=true
                    error={sending.error("parent_id")} name="parent" />
                <Checkbox label={t!("active")} checked={edit.active} onchange={changing(&edit, |edit: &mut UnitInput, on| edit.active = on)} />
            </div>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct PositionDialogProps {
    unit_id: i64,
    position: Option<Position>,
    on_close: Callback<()>,
}

/// Makes or changes a position.
#[component]
fn PositionDialog(props: &PositionDialogProps) -> Html {
    let edit = use_state_eq(|| match &props.position {
        Some(old) => PositionInput {
            unit_id: old.unit.id,
            title: old.title.clone(),
            is_head: old.is_head,
            can_sign: old.can_sign,
            active: old.active,
        },
        None => PositionInput {
            unit_id: props.unit_id,
            title: Named::default(),
            is_head: false,
            can_sign: false,
            active: true,
        },
    });
    let sending = use_sending();
    let submit = {
        let (edit, sending, on_close, position) =
            (edit.clone(), sending.clone(), props.on_close.clone(), props.position.clone());
        Callback::from(move |()| {
            let call = match &position {
                Some(position) => client::put(format!("/api/positions/{}", position.id)).if_match(position.version),
                None => client::post("/api/positions"),
            };
            let on_close = on_close.clone();
            sending.answer(call.json(&*edit), move |_: Position| on_close.emit(()));
        })
    };
    let (error_ar, error_en) = name_errors(&sending, "title");
    html! {
        <Dialog title={if props.position.is_some() { t!("position-edit") } else { t!("position-new") }} on_close={Some(props.on_close.clone())}
            on_submit={Some(submit)} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form">
                <NameFields value={edit.title.clone()} onchange={changing(&edit, |edit: &mut PositionInput, title| edit.title = title)} {error_ar} {error_en} />
                <Checkbox label={t!("position-is-head")} checked={edit.is_head} onchange={changing(&edit, |edit: &mut PositionInput, on| edit.is_head = on)} />
                <Checkbox label={t!("position-can-sign")} checked={edit.can_sign} onchange={changing(&edit, |edit: &mut PositionInput, on| edit.can_sign = on)} />
                <Checkbox label={t!("active")} checked={edit.active} onchange={changing(&edit, |edit: &mut PositionInput, on| edit.active = on)} />
            </div>
        </Dialog>
    }
}
