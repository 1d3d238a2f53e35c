//! The record part and the loose parts.

use std::rc::Rc;

use chrono::TimeDelta;
use diwan_kernel::{Priority, Secrecy};
use yew::prelude::*;

use super::sample::{LETTER, pick};
use crate::app::query::Query;
use crate::app::router::use_place;
use crate::i18n::format;
use crate::ui::bar_chart::{BarChart, Series};
use crate::ui::editor::LetterEditor;
use crate::ui::file_drop::{FileDrop, FileRow};
use crate::ui::pdf::PdfViewer;
use crate::ui::picker::Source;
use crate::ui::record::{Actions, RecordAction, RecordShell, steps};
use crate::ui::timeline::{Timeline, TimelineItem, Weight};
use crate::ui::tree::{Tree, TreeNode};
use crate::ui::{
    Alert, Button, Card, Checkbox, Choice, Confirm, Crumb, DateField, Empty, Icon, Num, PageHead, Picker,
    PriorityBadge, Screen, SecrecyBadge, Select, SelectOption, Tab, TextArea, TextField, Tone, Variant, use_toasts,
};

/// The record part; `?view=pdf` shows a PDF instead of the letter.
#[component]
pub(super) fn RecordPart() -> Html {
    let place = use_place();
    let tab = use_state_eq(|| AttrValue::from("log"));
    let set_tab = tab.setter();
    let toasts = use_toasts();
    let subject =
        pick("طلب مناقلة مخصصات ضمن موازنة عام 2026", "Request to move appropriations within the 2026 budget");
    let names =
        [("مسودة", "Draft"), ("مراجعة", "Review"), ("توقيع", "Signature"), ("مُصدَر", "Issued"), ("مُسلَّم", "Delivered")];
    let actions = vec![
        RecordAction::new("deliver", pick("تسجيل التسليم", "Confirm delivery"), Icon::Check),
        RecordAction::new("print", pick("طباعة", "Print"), Icon::Print),
        RecordAction {
            danger: true, ..RecordAction::new("void", pick("إلغاء الرقم", "Void the number"), Icon::Trash)
        },
        RecordAction {
            blocked: Some(pick("بعد تسليم جميع الجهات", "after all agencies received it").into()),
            ..RecordAction::new("close", pick("إغلاق", "Close"), Icon::Lock)
        },
    ];
    let now = format::now();
    let items = [
        (0, "خُتم وأُرسل إلى 3 جهات", Weight::Plain),
        (2, "وقّع الوزير الكتاب", Weight::Strong),
        (30, "أُعيد للتعديل", Weight::Bad),
    ]
    .map(|(hours, what, weight)| TimelineItem {
        at: now - TimeDelta::hours(hours),
        what: html! { { what } },
        who: pick("رنا العبداللات", "Rana Abdallat").into(),
        weight,
    });
    html! {
        <RecordShell subject={subject} crumbs={vec![Crumb::link(t!("nav-letters"), "/letters/incoming"), Crumb::here(pick("كتاب 4/12/4821", "Letter 4/12/4821"))]}
            line={html! { <>{ pick("صادر", "Outgoing") }{ " " }<Num value="4/12/4821" /></> }}
            marks={html! { <><PriorityBadge priority={Priority::Urgent} label=true /><SecrecyBadge level={Secrecy::Restricted} quiet=true /></> }}
            steps={steps(names.map(|(ar, en)| pick(ar, en)), 3)}
            actions={html! { <Actions {actions} on_action={Callback::from(move |code: AttrValue| toasts.done(code))} /> }}
            tabs={vec![Tab::new("tasks", pick("المهام والإحالات", "Tasks")), Tab::new("files", pick("المرفقات", "Attachments")).count(2),
                Tab::new("links", pick("الروابط", "Links")).count(3), Tab::new("log", pick("السجل", "Timeline"))]}
            tab={(*tab).clone()} on_tab={Callback::from(move |code| set_tab.set(code))}
            side={html! { <Timeline items={items.to_vec()} /> }}>
            if place.query.get("view") == Some("pdf") {
                <PdfViewer url="/kit-sample.pdf" find={place.query.get("find").unwrap_or_default().to_owned()} download={Some("/kit-sample.pdf")} />
            } else {
                <article class="dw-paper"><LetterEditor doc={LETTER} dir="rtl" label={pick("نص الكتاب", "Text of the letter")} readonly=true /></article>
            }
        </RecordShell>
    }
}

/// Forms, messages, charts, tree, files.
#[component]
pub(super) fn LoosePart() -> Html {
    html! {
        <Screen head={html! { <PageHead title={pick("أجزاء الواجهة", "Kit")} /> }}>
            <div class="dw-grid2">
                <div class="dw-stack">
                    <FormCard />
                    <Card title={pick("المحرر", "Editor")} padded=true>
                        <LetterEditor doc="" dir="rtl" label={pick("نص الكتاب", "Text of the letter")} placeholder={pick("اكتب نص الكتاب", "Write the letter")} />
                    </Card>
                    <Card title={pick("الأيقونات", "Icons")} padded=true>
                        <div class="dw-row" style="font-size:1.25rem">{ for Icon::ALL.iter().map(|icon| html! { <span title={format!("{icon:?}")}>{ *icon }</span> }) }</div>
                    </Card>
                </div>
                <div class="dw-stack"><ChartCard /><TreeAndFiles /></div>
            </div>
        </Screen>
    }
}

#[component]
fn FormCard() -> Html {
    let text = use_state(String::new);
    let picked = use_state(|| vec![Choice::new("1", pick("وزارة المالية", "Ministry of Finance"))]);
    let asking = use_state_eq(|| false);
    let toasts = use_toasts();
    let (set_text, set_picked) = (text.setter(), picked.setter());
    let (ask, done) = (asking.setter(), asking.setter());
    let choices = Rc::new(vec![
        Choice::new("1", pick("وزارة المالية", "Ministry of Finance")),
        Choice::new("2", pick("وزارة الصحة", "Ministry of Health")).hint("MOH"),
        Choice::new("3", pick("أمانة عمّان الكبرى", "Greater Amman Municipality")).hint("GAM"),
    ]);
    let levels: Vec<SelectOption> = Secrecy::ALL
        .iter()
        .map(|level| SelectOption::new(level.code(), crate::i18n::code("secrecy", level.code())))
        .collect();
    html! {
        <Card title={pick("نموذج", "Form")} padded=true>
            <div class="dw-form two">
                <TextField label={pick("الموضوع", "Subject")} value={(*text).clone()} oninput={Callback::from(move |v| set_text.set(v))} required=true
                    hint={pick("سطر واحد", "One line")} />
                <DateField label={pick("الاستحقاق", "Due")} value={Some(format::today())} onchange={Callback::noop()} error={t!("err-required")} />
                <Picker label={pick("نسخة إلى", "Copy to")} source={Source::List(choices)} picked={(*picked).clone()}
                    onchange={Callback::from(move |next| set_picked.set(next))} />
                <Select label={pick("السرية", "Secrecy")} value="secret" onchange={Callback::noop()} options={levels} />
                <Checkbox label={pick("أرسل تذكيرًا", "Send a reminder")} checked=true onchange={Callback::noop()} />
                <TextArea label={pick("الشرح", "Direction")} value="" oninput={Callback::noop()} />
            </div>
            <div class="dw-row" style="margin-block-start:0.75rem">
                <Button variant={Variant::Primary} label={t!("save")} icon={Icon::Save} onclick={Callback::from(move |_| toasts.done(pick("حُفظ", "Saved")))} />
                <Button label={pick("اسأل", "Ask")} onclick={Callback::from(move |_| ask.set(true))} />
                <Button variant={Variant::Danger} label={pick("حذف", "Delete")} />
                <Button label={t!("loading")} busy=true />
                <Button label={t!("print")} disabled=true />
            </div>
            if *asking {
                <Confirm title={pick("إلغاء الرقم؟", "Void the number?")} text={pick("يبقى الرقم في السجل مع السبب.", "The number stays in the register with its reason.")}
                    action={pick("إلغاء الرقم", "Void")} danger=true on_confirm={Callback::noop()} on_close={Callback::from(move |()| done.set(false))}>
                    <TextArea label={pick("السبب", "Reason")} value="" oninput={Callback::noop()} required=true />
                </Confirm>
            }
        </Card>
    }
}

#[component]
fn ChartCard() -> Html {
    let days: Vec<AttrValue> = (1..=14).map(|day| format::shape(&format!("{day}/11")).into()).collect();
    let series = vec![
        Series { name: t!("nav-incoming").into(), values: vec![12, 9, 14, 20, 8, 0, 0, 17, 22, 13, 9, 11, 19, 7] },
        Series { name: t!("nav-outgoing").into(), values: vec![7, 11, 6, 13, 9, 0, 0, 12, 9, 15, 10, 6, 12, 4] },
    ];
    html! {
        <>
            <Card title={pick("الكتب في اليوم", "Letters per day")} padded=true>
                <BarChart label={pick("الكتب في اليوم", "Letters per day")} axis={pick("اليوم", "Day")} labels={days} {series} />
            </Card>
            <Alert tone={Tone::Danger} title={t!("err-offline")} /><Alert tone={Tone::Warning} title={t!("due-today")} />
            <Alert tone={Tone::Success} title={t!("save")} /><Alert title={t!("password-change-due")} />
        </>
    }
}

#[component]
fn TreeAndFiles() -> Html {
    let leaf = |id, label: String, note: Option<&'static str>| TreeNode {
        id,
        label: label.into(),
        note: note.map(AttrValue::from),
        children: Vec::new(),
    };
    let tree = Rc::new(vec![TreeNode {
        children: vec![
            leaf(2, pick("قسم الديوان", "Registry"), Some("12")),
            leaf(3, pick("قسم الموارد البشرية", "Human resources"), None),
        ],
        ..leaf(1, pick("مديرية الشؤون الإدارية", "Administration"), None)
    }]);
    html! {
        <>
            <Card title={pick("الوحدات", "Units")} padded=true><Tree label={pick("الوحدات", "Units")} roots={tree} chosen={Some(2)} /></Card>
            <Card title={pick("الملفات", "Files")} padded=true>
                <FileDrop label={pick("أفلت الملفات هنا أو اختر", "Drop files here or choose")} on_files={Callback::noop()} max_bytes={Some(50 << 20)} />
                <FileRow name="مذكرة التدقيق.pdf" media_type="application/pdf" note={format::bytes(48_300)} on_download={Some(Callback::noop())} />
                <FileRow name="جدول الفروقات.xlsx" media_type="application/spreadsheet" progress={Some(60)} on_remove={Some(Callback::noop())} />
                <FileRow name="x.exe" error={Some(t!("err-required"))} />
            </Card>
            <Card title={pick("فارغ", "Empty")}><Empty text={t!("nothing-found")}><Button variant={Variant::Link} label={t!("clear-filters")} /></Empty></Card>
        </>
    }
}

/// Which part the address asks for.
pub(super) fn part(query: &Query) -> String {
    query.get("part").unwrap_or("list").to_owned()
}
