//! Writing a document: what its kind asks for, and its lines.

use chrono::{Datelike, NaiveDate};
use diwan_finance_api::{
    BASE_CURRENCY, COMPLEMENTARY, Coded, Detail, DocumentInput, DocumentItem, DocumentKind, DocumentStep,
    FinanceDocument, FiscalYear, PayMethod, SliceInput,
};
use diwan_kernel::{Page, money};
use yew::prelude::*;

use super::cells::refused;
use super::details::{Fields, More};
use super::grid::Grid;
use super::{crumb, path};
use crate::app::router;
use crate::client::draft::{Kept, use_kept};
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::admin::parts::{options, picked_id};
use crate::modules::admin::send::use_sending;
use crate::ui::picker::Source;
use crate::ui::{
    Alert, Button, Checkbox, Choice, Crumb, DateField, FailureAlert, PageHead, Picker, Screen, Select, TextArea,
    TextField, Tone, Variant,
};

/// A document as it is written, with the names that its pickers show.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Draft {
    pub(super) input: DocumentInput,
    party: Option<(i64, String)>,
    source: Option<(i64, String)>,
    #[serde(default)]
    guarantor: Option<(i64, String)>,
}

fn fresh(kind: DocumentKind) -> Draft {
    Draft { input: DocumentInput::new(kind, format::today()), party: None, source: None, guarantor: None }
}

/// The form that a document is written in again.
fn of(document: &FinanceDocument) -> Draft {
    Draft {
        input: document.form(),
        party: document.party.as_ref().map(|party| (party.id, i18n::name(&party.name))),
        source: document.source.as_ref().map(|source| (source.id, source.number.clone().unwrap_or_default())),
        guarantor: document.guarantor.as_ref().map(|party| (party.id, i18n::name(&party.name))),
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct NewProps {
    pub(super) kind: DocumentKind,
}

/// A new document.
#[component]
pub(super) fn NewForm(props: &NewProps) -> Html {
    html! { <Form key={props.kind.code()} draft={fresh(props.kind)} name={format!("voucher-new-{}", props.kind.code())} /> }
}

#[derive(Properties, PartialEq)]
pub(super) struct ExistingProps {
    pub(super) id: i64,
}

/// Changing a draft.
#[component]
pub(super) fn EditForm(props: &ExistingProps) -> Html {
    existing(props.id, use_api(Some(client::get(format!("/api/finance/documents/{}", props.id)))), true)
}

/// A new document that begins as a copy of another one: without its reference and the rate of its day, which are its own.
#[component]
pub(super) fn CopyForm(props: &ExistingProps) -> Html {
    existing(props.id, use_api(Some(client::get(format!("/api/finance/documents/{}", props.id)))), false)
}

fn existing(id: i64, loaded: client::ApiState<FinanceDocument>, changes: bool) -> Html {
    let Some(document) = &loaded.data else {
        return html! { <div class="dw-pad"><FailureAlert failure={loaded.failure.clone()} retry={Some(loaded.reload.clone())} /></div> };
    };
    let mut draft = of(document);
    if !changes {
        draft.input.reference.clear();
        draft.input.reference_on = None;
        draft.input.rate.clear();
        draft.input.details = document.details.lasting();
        if document.kind == DocumentKind::Commitment {
            (draft.input.source_id, draft.source) = (None, None);
        }
        (draft.input.effective_on, draft.input.complementary) = (format::today(), false);
        return html! { <Form {draft} name={format!("voucher-copy-{id}")} /> };
    }
    html! { <Form {draft} name={format!("voucher-{id}-{}", document.head.version)} changing={Some((id, document.head.version))} /> }
}

#[derive(Properties, PartialEq)]
struct FormProps {
    draft: Draft,
    /// Under which name the typing is kept in the browser.
    name: String,
    /// The draft that is changed, with its version.
    #[prop_or_default]
    changing: Option<(i64, i64)>,
}

fn chosen(picked: &Option<(i64, String)>) -> Vec<Choice> {
    picked.iter().map(|(id, label)| Choice::new(id.to_string(), label.clone())).collect()
}

fn taken(picked: &[Choice]) -> Option<(i64, String)> {
    Some((picked_id(picked)?, picked.first()?.label.to_string()))
}

/// The parties of the agency, found by what is typed.
pub(super) fn parties() -> Source {
    let read = |found: Vec<Coded>| {
        found.into_iter().map(|one| Choice::new(one.id.to_string(), i18n::name(&one.name)).hint(one.code)).collect()
    };
    Source::ask(|text| client::get("/api/finance/pick/parties").query("q", text), read)
}

/// Posted documents of a kind that can be drawn on at a day: nothing draws on what is dated after it, and a commitment is of its
/// own year.
fn sources(kind: DocumentKind, on: NaiveDate) -> Source {
    let from = if kind == DocumentKind::Commitment { format!("{}-01-01", on.year()) } else { String::new() };
    let read = |page: Page<DocumentItem>| {
        let choice = |item: DocumentItem| {
            let open = money::format(item.open, money::JOD_SCALE);
            Choice::new(item.id.to_string(), format!("{} {}", item.number.unwrap_or_default(), item.subject)).hint(open)
        };
        page.items.into_iter().map(choice).collect()
    };
    let call = move |text: &str| {
        let open = client::get("/api/finance/documents").query("kind", kind.code()).query("view", "open");
        open.query("from", from.clone()).query("to", on.to_string()).query("q", text)
    };
    Source::ask(call, read)
}

/// A change of one part of what is kept.
fn changing<V: 'static>(kept: &Kept<Draft>, apply: impl Fn(&mut Draft, V) + 'static) -> Callback<V> {
    let (draft, set) = (kept.value.clone(), kept.set.clone());
    Callback::from(move |value: V| {
        let mut next = (*draft).clone();
        apply(&mut next, value);
        set.emit(next);
    })
}

/// The form of every kind.
#[component]
fn Form(props: &FormProps) -> Html {
    let kept = use_kept(props.name.clone(), || props.draft.clone());
    let years = use_api::<Vec<FiscalYear>>(Some(client::get("/api/finance/years")));
    let sending = use_sending();
    let kind = props.draft.input.kind;
    let shape = kind.shape();
    let pick_party = use_state(parties);
    // A commitment goes on with another one by a step of that one, never by choice here.
    let pick_source = use_memo(kept.value.input.effective_on, |on| {
        shape.source.filter(|(source, _)| *source != kind).map(|(source, _)| sources(source, *on))
    });
    let draft = kept.value.clone();
    let text = |of: fn(&mut DocumentInput) -> &mut String| {
        changing(&kept, move |draft, text: String| *of(&mut draft.input) = text)
    };
    let edit = |apply: fn(&mut DocumentInput, Option<NaiveDate>)| {
        changing(&kept, move |draft, day| apply(&mut draft.input, day))
    };
    let year = draft.input.effective_on.year();
    let of_year = years.data.as_ref().and_then(|years| years.iter().find(|one| one.year == year));
    let year_id = of_year.map(|one| one.id);
    // The complementary period is offered while it takes the document, and has the last day of the year for its days.
    let last = of_year
        .and_then(|one| one.periods.iter().find(|period| period.number == COMPLEMENTARY && period.takes(kind)))
        .map(|period| period.ends_on);
    let set_complementary = changing(&kept, move |draft, on: bool| {
        draft.input.complementary = on;
        draft.input.effective_on = last.filter(|_| on).unwrap_or(draft.input.effective_on);
    });
    let send = {
        let (sending, draft, forget, changing) = (sending.clone(), draft.clone(), kept.forget.clone(), props.changing);
        Callback::from(move |_: MouseEvent| {
            let call = match changing {
                Some((id, version)) => client::put(format!("/api/finance/documents/{id}")).if_match(version),
                None => client::post("/api/finance/documents"),
            };
            let forget = forget.clone();
            sending.answer(call.json(&draft.input), move |step: DocumentStep| {
                forget.emit(());
                router::go_to(&path(step.id));
            });
        })
    };
    let pick = |of: fn(&mut Draft, Option<(i64, String)>)| {
        changing(&kept, move |draft, choices: Vec<Choice>| of(draft, taken(&choices)))
    };
    let set_party = pick(|draft, one| {
        draft.input.party_id = one.as_ref().map(|(id, _)| *id);
        draft.party = one;
    });
    let set_source = pick(|draft, one| {
        draft.input.source_id = one.as_ref().map(|(id, _)| *id);
        draft.source = one;
    });
    let set_guarantor = pick(|draft, one| {
        draft.input.details.guarantor_id = one.as_ref().map(|(id, _)| *id);
        draft.guarantor = one;
    });
    let on_details = changing(&kept, |draft, details| draft.input.details = details);
    let set_method = changing(&kept, |draft, code: String| {
        draft.input.method = code.parse().unwrap_or(draft.input.method);
    });
    let on_lines = changing(&kept, |draft, lines| draft.input.lines = lines);
    let input = &draft.input;
    let fields = Fields { shape, details: &input.details, onchange: &on_details, sending: &sending };
    // An invoice is named with its day; of what else is referred to few say one.
    let reference_day = html! {
        <DateField label={t!("voucher-reference-day")} value={input.reference_on} required={shape.invoice} error={sending.error("reference_on")} name="reference_on"
            onchange={edit(|input, day| input.reference_on = day)} />
    };
    let word = i18n::code("record-kind", kind.code());
    let title = if props.changing.is_some() { t!("voucher-edit", kind = word.clone()) } else { word.clone() };
    let drop = {
        let (forget, start, set) = (kept.forget.clone(), props.draft.clone(), kept.set.clone());
        Callback::from(move |_: MouseEvent| {
            set.emit(start.clone());
            forget.emit(());
        })
    };
    let actions = html! { <Button variant={Variant::Primary} label={t!("save")} busy={sending.busy} onclick={send} testid="save" /> };
    let crumbs = vec![crumb(), Crumb::here(word)];
    let add_slice = changing(&kept, |draft, _: MouseEvent| {
        let last = draft.input.slices.iter().map(|slice| slice.year).max();
        let year = last.unwrap_or_else(|| draft.input.effective_on.year()) + 1;
        draft.input.slices.push(SliceInput { year, amount: String::new() });
    });
    html! {
        <Screen head={html! { <PageHead {title} {crumbs} {actions} /> }}>
            { refused(shape, &sending, false) }
            if kept.restored {
                <Alert tone={Tone::Info} title={t!("voucher-restored")}><Button variant={Variant::Link} label={t!("voucher-start-anew")} onclick={drop} /></Alert>
            }
            <div class="dw-form two" style="margin-block:1rem">
                <TextArea label={t!("voucher-subject")} value={input.subject.clone()} oninput={text(|input| &mut input.subject)} required=true error={sending.error("subject")} maxlength={500} name="subject" />
                <DateField label={t!("voucher-day")} value={Some(input.effective_on)} required=true error={sending.error("effective_on")} name="effective_on"
                    onchange={edit(|input, day| input.effective_on = day.unwrap_or(input.effective_on))} />
                if last.is_some() || input.complementary {
                    <div data-testid="complementary"><Checkbox label={t!("voucher-complementary")} checked={input.complementary} onchange={set_complementary} /></div>
                }
                if shape.party {
                    <Picker label={t!("voucher-party")} source={(*pick_party).clone()} picked={chosen(&draft.party)} onchange={set_party} single=true required=true error={sending.error("party_id")} name="party" />
                }
                if let Some(source) = (*pick_source).clone() {
                    <Picker label={super::source_label(kind)} {source} picked={chosen(&draft.source)} onchange={set_source} single=true error={sending.error("source_id")} name="source" />
                }
                <TextField label={t!("voucher-reference")} value={input.reference.clone()} oninput={text(|input| &mut input.reference)} required={shape.reference} hint={shape.invoice.then(|| AttrValue::from(t!("voucher-invoice-hint")))} error={sending.error("reference")} maxlength={100} name="reference" />
                if shape.invoice { { reference_day.clone() } }
                if shape.pays {
                    <Select label={t!("voucher-method")} value={input.method.code()} options={options("pay-method", [PayMethod::Transfer, PayMethod::Cheque, PayMethod::Cash].map(PayMethod::code))} name="method"
                        onchange={set_method} />
                }
                if shape.pays || shape.settles {
                    <DateField label={t!("voucher-due")} value={input.due_on} error={sending.error("due_on")} name="due_on" onchange={edit(|input, day| input.due_on = day)} />
                }
                if let Some(own) = shape.counter {
                    <TextField label={t!("voucher-counter")} value={input.counter.clone()} oninput={text(|input| &mut input.counter)} hint={t!("voucher-counter-hint", code = own)} error={sending.error("counter")} name="counter" />
                }
                { fields.draw(false) }
            </div>
            <More filled={input.details.has_rare() || (!shape.invoice && input.reference_on.is_some()) || input.currency != BASE_CURRENCY} failure={sending.failure.clone()}>
                if !shape.invoice { { reference_day.clone() } }
                { fields.draw(true) }
                if shape.details.contains(&Detail::Guarantor) {
                    <Picker label={t!("voucher-guarantor")} source={(*pick_party).clone()} picked={chosen(&draft.guarantor)} onchange={set_guarantor} single=true error={sending.error("details.guarantor_id")} name="guarantor" />
                }
                if shape.accounts {
                    <TextField label={t!("voucher-currency")} value={input.currency.clone()} oninput={text(|input| &mut input.currency)} maxlength={3} dir="ltr" error={sending.error("currency")} name="currency" />
                    if input.currency != BASE_CURRENCY {
                        <TextField label={t!("voucher-rate")} value={input.rate.clone()} oninput={text(|input| &mut input.rate)} inputmode="decimal" hint={t!("voucher-rate-hint")} error={sending.error("rate")} name="rate" />
                    }
                }
            </More>
            <Grid draft={draft.clone()} {year_id} onchange={on_lines} sending={sending.clone()} />
            if kind == DocumentKind::Commitment {
                <h3 class="dw-sec-t">{ t!("voucher-slices") }</h3>
                { for input.slices.iter().enumerate().map(|(at, slice)| {
                    let oninput = changing(&kept, move |draft, text: String| {
                        if let Some(slice) = draft.input.slices.get_mut(at) { slice.amount = text; }
                    });
                    html! { <TextField label={t!("voucher-slice", year = slice.year.to_string())} value={slice.amount.clone()} {oninput} inputmode="decimal" error={sending.error(&format!("slices.{at}.amount"))} name={format!("slice.{at}")} /> }
                }) }
                <div><Button label={t!("voucher-slice-add")} onclick={add_slice} testid="add-slice" /></div>
            }
        </Screen>
    }
}
