//! The list part: tabs, tools, table, preview, foot.

use std::collections::BTreeSet;
use std::rc::Rc;

use yew::prelude::*;

use super::sample::{Sample, page, pick};
use crate::app::route::Route;
use crate::ui::menu::{Kebab, Menu};
use crate::ui::preview::{ListFrame, Preview};
use crate::ui::table::use_columns;
use crate::ui::tools::{FilterChip, Foot, Tools, use_paging};
use crate::ui::{
    Button, Column, Crumb, DataTable, DueMark, Facts, Icon, MenuItem, Num, PageHead, PriorityBadge, SecrecyBadge,
    Select, SelectOption, Sort, StateDot, Tab, Tabs, Variant,
};

fn columns() -> Rc<Vec<Column<Sample>>> {
    Rc::new(vec![
        Column::new("number", pick("رقم الوارد", "In no."), |row: &Sample| {
            html! { <span class="dw-no"><Num value={format!("{}/2026", row.id)} /></span> }
        })
        .class("c-no")
        .sort("number"),
        Column::new(
            "theirs",
            pick("رقم كتابهم", "Their ref."),
            |row: &Sample| html! { <Num value={row.theirs.clone()} /> },
        )
        .class("c-theirs"),
        Column::new(
            "agency",
            pick("الجهة", "Agency"),
            |row: &Sample| html! { <span class="dw-clamp">{ &row.agency }</span> },
        )
        .class("c-agency"),
        Column::new(
            "subject",
            pick("الموضوع", "Subject"),
            |row: &Sample| html! { <span class="dw-subj dw-clamp">{ &row.subject }</span> },
        )
        .class("c-subj"),
        Column::new(
            "priority",
            pick("الأولوية", "Priority"),
            |row: &Sample| html! { <PriorityBadge priority={row.priority} /> },
        )
        .class("c-prio")
        .plain_when(|row| row.priority == diwan_kernel::Priority::Normal),
        Column::new(
            "secrecy",
            pick("السرية", "Secrecy"),
            |row: &Sample| html! { <SecrecyBadge level={row.secrecy} /> },
        )
        .class("c-sec")
        .plain_when(|row| row.secrecy == diwan_kernel::Secrecy::Normal),
        Column::new("to", pick("المحال إليه", "Assigned to"), |row: &Sample| html! { { &row.to } }).class("c-to"),
        Column::new("due", pick("الاستحقاق", "Due"), |row: &Sample| html! { <DueMark due={Some(row.due)} /> })
            .class("c-due")
            .sort("due_on"),
        Column::new("state", pick("الحالة", "State"), |row: &Sample| {
            html! { <StateDot tone={row.state.0} label={row.state.1.clone()} /> }
        })
        .class("c-state"),
    ])
}

/// The list part.
#[component]
pub(super) fn List() -> Html {
    let every = use_state(columns);
    let (shown, column_menu) = use_columns("kit", (*every).clone());
    let page = use_state(|| Rc::new(page()));
    let selected = use_state_eq(|| Rc::new(BTreeSet::new()));
    let current = use_state_eq(|| Some(14880_i64));
    let sort = use_state_eq(|| Sort::parse("due_on"));
    let tab = use_state_eq(|| AttrValue::from("mine"));
    let paging = use_paging((*tab).clone());
    let tabs = vec![
        Tab::new("mine", pick("المحالة إليّ", "Assigned to me")).count(38),
        Tab::new("late", pick("متأخرة", "Overdue")).count(5).late(),
        Tab::new("wait", pick("بانتظار رد", "Awaiting reply")).count(9),
        Tab::new("section", pick("قسم المراسلات", "My section")).count(112),
    ];
    let set = |handle: &UseStateHandle<Rc<BTreeSet<i64>>>| {
        let handle = handle.clone();
        Callback::from(move |next| handle.set(Rc::new(next)))
    };
    let (set_current, set_sort, set_tab) = (current.setter(), sort.setter(), tab.setter());
    let filters = html! {
        <Select label={pick("الحالة", "State")} value="open" onchange={Callback::noop()}
            options={vec![SelectOption::new("open", pick("مفتوحة", "open")), SelectOption::new("done", pick("منجزة", "done"))]} />
    };
    let export = vec![MenuItem::new("XLSX", Callback::noop()), MenuItem::new("CSV", Callback::noop())];
    let row = page.items.iter().find(|row| Some(row.id) == *current).cloned();
    let closing = current.setter();
    let preview = row.map(|row| html! {
        <Preview title={html! { <>{ pick("وارد", "Incoming") }{ " " }<Num value={format!("{}/2026", row.id)} /></> }} on_step={Callback::noop()}
            on_open={Callback::noop()} on_close={Callback::from(move |()| closing.set(None))}
            footer={html! { <>
                <Button variant={Variant::Primary} icon={Icon::Reply} label={pick("ردّ", "Reply")} />
                <Button label={pick("إحالة", "Refer")} />
                <span class="dw-push"><Kebab items={vec![MenuItem::new(pick("حفظ", "File"), Callback::noop()).icon(Icon::Archive)]} /></span>
            </> }}>
            <h2 class="dw-h2">{ &row.subject }</h2>
            <div class="dw-row" style="margin-block:0.5rem">
                <PriorityBadge priority={row.priority} label=true /><SecrecyBadge level={row.secrecy} quiet=true /><DueMark due={Some(row.due)} />
            </div>
            <Facts rows={vec![
                (pick("من", "From").into(), html! { { &row.agency } }),
                (pick("رقم كتابهم", "Their ref.").into(), html! { <Num value={row.theirs.clone()} /> }),
                (pick("الحالة", "State").into(), html! { <StateDot tone={row.state.0} label={row.state.1.clone()} /> }),
            ]} />
        </Preview>
    });
    html! {
        <div class="dw-screen">
            <PageHead title={pick("الكتب الواردة", "Incoming letters")}
                crumbs={vec![Crumb::link(pick("أعمالي", "My work"), Route::Home.path()), Crumb::here(pick("الكتب الواردة", "Incoming letters"))]}
                actions={html! { <Button variant={Variant::Primary} icon={Icon::Plus} label={pick("تسجيل كتاب وارد", "Register a letter")} /> }}>
                <Tabs label={pick("العروض المحفوظة", "Saved views")} {tabs} current={(*tab).clone()} onchange={Callback::from(move |code| set_tab.set(code))} />
            </PageHead>
            <Tools on_text={Some(Callback::noop())} filters={Some(filters)} chips={vec![FilterChip {
                name: pick("الحالة", "State").into(), value: pick("مفتوحة", "open").into(), on_remove: Callback::noop() }]}>
                { column_menu }
                <Menu label={t!("export")} toggle={html! { <>{ Icon::Download }<span>{ t!("export") }</span></> }} items={export} />
            </Tools>
            <ListFrame preview={preview}
                table={html! { <DataTable<Sample> label={pick("الكتب الواردة", "Incoming letters")} columns={shown} page={Some((*page).clone())}
                    sort={(*sort).clone()} on_sort={Callback::from(move |next| set_sort.set(Some(next)))} selected={Some((*selected).clone())}
                    on_select={set(&selected)} current={*current} on_current={Callback::from(move |id| set_current.set(Some(id)))} /> }}
                foot={html! { <Foot selected={selected.len()} rows=14 limit=14 total={Some(38)} next={Some("x".to_owned())} {paging}>
                    <Button variant={Variant::Link} label={pick("إحالة", "Refer")} />
                </Foot> }} />
        </div>
    }
}
