//! Letterheads (الترويسات) of the agency and of units. A letter keeps the one that was in force when it was signed.

use diwan_kernel::{Lang, Named};
use diwan_platform_api::records::Ref;
use diwan_tarasol_api::Letterhead;
use yew::prelude::*;

use super::parts::{PageProps, changing, picked_id, save_footer, use_pick};
use super::send::use_sending;
use crate::client::{self, use_api, use_opened};
use crate::i18n;
use crate::ui::{Button, Choice, Dialog, Empty, FailureAlert, Icon, PageHead, Picker, Screen, TextArea, Variant};

/// The letterheads.
#[component]
pub(super) fn Letterheads(props: &PageProps) -> Html {
    let list = use_api::<Vec<Letterhead>>(Some(client::get("/api/letterheads")));
    let opened = use_opened(&list, |all: &Vec<Letterhead>, asked: &Letterhead| {
        all.iter().find(|one| one.id == asked.id).cloned()
    });
    let row = |head: &Letterhead| {
        let open = opened.button(head.clone());
        html! {
            <tr key={head.id} data-row-id={head.id.to_string()}>
                <td><button type="button" class="dw-linkish" onclick={open}>
                    { head.unit.as_ref().map_or_else(|| t!("letterhead-of-agency"), |unit| i18n::name(&unit.name)) }
                </button></td>
                <td class="dw-pre" dir="auto">{ &head.lines_ar }</td><td class="dw-pre" dir="auto">{ &head.lines_en }</td>
            </tr>
        }
    };
    let head = html! {
        <PageHead title={t!("admin-letterheads")} actions={html! {
            <Button variant={Variant::Primary} icon={Icon::Plus} label={t!("letterhead-new")} testid="new-letterhead" onclick={opened.button(empty())} />
        }}>{ props.tabs.clone() }</PageHead>
    };
    html! {
        <Screen {head}>
            <FailureAlert failure={list.failure.clone()} retry={Some(list.reload.clone())} />
            if let Some(items) = &list.data {
                if items.is_empty() { <Empty text={t!("letterhead-none")} /> } else {
                    <table class="pf-v6-c-table pf-m-compact dw-table" aria-label={t!("admin-letterheads")} data-testid="letterheads">
                        <thead><tr><th scope="col">{ t!("letterhead-unit") }</th><th scope="col">{ t!("letterhead-lines-ar") }</th>
                            <th scope="col">{ t!("letterhead-lines-en") }</th></tr></thead>
                        <tbody>{ for items.iter().map(row) }</tbody>
                    </table>
                }
            }
            if let Some(head) = opened.shown { <HeadForm {head} on_close={opened.close} /> }
        </Screen>
    }
}

fn empty() -> Letterhead {
    Letterhead {
        id: 0,
        unit: None,
        lines_ar: String::new(),
        lines_en: String::new(),
        footer_ar: String::new(),
        footer_en: String::new(),
        version: 0,
    }
}

#[derive(Properties, PartialEq)]
struct FormProps {
    head: Letterhead,
    on_close: Callback<()>,
}

#[component]
fn HeadForm(props: &FormProps) -> Html {
    let units = use_pick("units");
    let value = use_state(|| props.head.clone());
    let sending = use_sending();
    let on_submit = {
        let (value, sending, on_close) = (value.clone(), sending.clone(), props.on_close.clone());
        Callback::from(move |()| {
            let on_close = on_close.clone();
            sending.done(client::put("/api/letterheads").json(&*value), move || on_close.emit(()));
        })
    };
    let title = if props.head.id == 0 { t!("letterhead-new") } else { t!("letterhead-edit") };
    let picked: Vec<Choice> =
        value.unit.iter().map(|unit| Choice::new(unit.id.to_string(), i18n::name(&unit.name))).collect();
    let on_unit = changing(&value, |head: &mut Letterhead, picked: Vec<Choice>| {
        let name = |choice: &Choice| Named { ar: choice.label.to_string(), en: choice.label.to_string() };
        head.unit = picked_id(&picked).zip(picked.first()).map(|(id, choice)| Ref { id, name: name(choice) });
    });
    let area = |label: String, text: &str, name: &'static str, set: fn(&mut Letterhead, String)| {
        let (text, error) = (text.to_owned(), sending.error(name));
        html! { <TextArea {label} value={text} oninput={changing(&value, set)} {error} rows=3 maxlength={1000} {name} /> }
    };
    html! {
        <Dialog {title} wide=true on_close={props.on_close.clone()} {on_submit} footer={save_footer(&sending, &props.on_close)}>
            { sending.alert() }
            <div class="dw-form">
                <Picker label={t!("letterhead-unit")} source={units} {picked} onchange={on_unit} single=true hint={t!("letterhead-unit-hint")}
                    error={sending.error("unit")} name="unit" />
                <p class="dw-muted dw-sm">{ t!("letterhead-lines-hint") }</p>
                { area(t!("letterhead-lines-ar"), &value.lines_ar, "lines_ar", |head, text| head.lines_ar = text) }
                { area(t!("letterhead-lines-en"), &value.lines_en, "lines_en", |head, text| head.lines_en = text) }
                { area(t!("letterhead-footer-ar"), &value.footer_ar, "footer_ar", |head, text| head.footer_ar = text) }
                { area(t!("letterhead-footer-en"), &value.footer_en, "footer_en", |head, text| head.footer_en = text) }
            </div>
            <h3 class="dw-sec-t">{ t!("preview") }</h3>
            { sheet(Lang::Ar, &value) }
            { sheet(Lang::En, &value) }
        </Dialog>
    }
}

/// The head and the foot as they stand on paper.
fn sheet(lang: Lang, head: &Letterhead) -> Html {
    let (lines, footer, dir) = match lang {
        Lang::Ar => (&head.lines_ar, &head.footer_ar, "rtl"),
        Lang::En => (&head.lines_en, &head.footer_en, "ltr"),
    };
    if lines.trim().is_empty() && footer.trim().is_empty() {
        return Html::default();
    }
    html! {
        <div class="dw-paper dw-sheet" {dir} lang={lang.code()}>
            <div class="top"><div class="org dw-pre">{ lines }</div></div>
            <div class="end dw-pre">{ footer }</div>
        </div>
    }
}
