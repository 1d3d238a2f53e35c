//! What an archivist says about a document: the same fields when filing and when changing it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diwan_archive_api::{Document, DocumentClass, DocumentClasses, NewDocument};
use diwan_kernel::{Caveat, Secrecy};
use yew::prelude::*;

use super::extra::ExtraFields;
use crate::app::session::use_session;
use crate::client::{self, Failure, use_api};
use crate::i18n::{self, format};
use crate::ui::{Checkbox, DateField, Select, SelectOption, TextField};

/// Most characters of a subject or party.
const LONGEST: u32 = 500;

/// What is typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    pub(super) subject: String,
    pub(super) party: String,
    pub(super) doc_date: Option<NaiveDate>,
    pub(super) class_code: String,
    pub(super) secrecy: Secrecy,
    pub(super) caveats: Vec<Caveat>,
    /// The kind, and what is said in its fields.
    pub(super) type_id: Option<i64>,
    pub(super) values: BTreeMap<String, String>,
    /// As one line, with commas between.
    pub(super) tags: String,
}

impl Typed {
    /// Before anything is typed: today, ordinary.
    pub(super) fn fresh() -> Self {
        Self {
            subject: String::new(),
            party: String::new(),
            doc_date: Some(format::today()),
            class_code: String::new(),
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            type_id: None,
            values: BTreeMap::new(),
            tags: String::new(),
        }
    }

    /// As a document has it.
    pub(super) fn of(document: &Document) -> Self {
        Self {
            subject: document.head.subject.clone(),
            party: document.party.clone(),
            doc_date: Some(document.doc_date),
            class_code: document.class_code.clone().unwrap_or_default(),
            secrecy: document.head.secrecy,
            caveats: document.head.caveats.clone(),
            type_id: document.doc_type.as_ref().map(|kind| kind.id),
            values: document.values.clone(),
            tags: document.tags.join(&t!("list-comma")),
        }
    }

    /// What was typed over `before`, now over what somebody else made of it: what is untouched here is as it is there.
    pub(super) fn over(&self, before: &Self, now: &Self) -> Self {
        fn keep<T: PartialEq + Clone>(typed: &T, before: &T, now: &T) -> T {
            let kept = if typed == before { now } else { typed };
            kept.clone()
        }
        // The fields are those of the kind.
        let untouched = self.type_id == before.type_id && self.values == before.values;
        let kind = if untouched { now } else { self };
        Self {
            subject: keep(&self.subject, &before.subject, &now.subject),
            party: keep(&self.party, &before.party, &now.party),
            doc_date: keep(&self.doc_date, &before.doc_date, &now.doc_date),
            class_code: keep(&self.class_code, &before.class_code, &now.class_code),
            secrecy: keep(&self.secrecy, &before.secrecy, &now.secrecy),
            caveats: keep(&self.caveats, &before.caveats, &now.caveats),
            type_id: kind.type_id,
            values: kind.values.clone(),
            tags: keep(&self.tags, &before.tags, &now.tags),
        }
    }

    /// What is sent; none while something needed is missing.
    pub(super) fn finished(&self) -> Option<NewDocument> {
        let doc_date = self.doc_date.filter(|_| !self.subject.trim().is_empty())?;
        Some(NewDocument {
            subject: self.subject.trim().to_owned(),
            doc_date,
            party: self.party.trim().to_owned(),
            class_code: (!self.class_code.is_empty()).then(|| self.class_code.clone()),
            secrecy: self.secrecy,
            caveats: self.caveats.clone(),
            type_id: self.type_id,
            values: self.values.clone(),
            tags: self.tags.split(['،', ',']).map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect(),
            unit_id: None,
        })
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct FieldsProps {
    pub(super) typed: Typed,
    pub(super) onchange: Callback<Typed>,
    /// What the server refused.
    pub(super) failure: Option<Failure>,
    /// The user tried to send: missing fields are now marked.
    pub(super) tried: bool,
}

/// The fields.
#[component]
pub(super) fn DocumentFields(props: &FieldsProps) -> Html {
    let session = use_session();
    let classes = use_api::<DocumentClasses>(Some(client::get("/api/archive/classes")));
    let typed = &props.typed;
    let missing = |is: bool| (props.tried && is).then(|| t!("err-required"));
    let error = |field: &str| props.failure.as_ref().and_then(|failure| failure.field(field)).map(AttrValue::from);
    let subject_error = error("subject").or(missing(typed.subject.trim().is_empty()).map(AttrValue::from));
    let date_error = error("doc_date").or(missing(typed.doc_date.is_none()).map(AttrValue::from));
    let change = |apply: fn(&mut Typed, String)| {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        Callback::from(move |text: String| {
            let mut next = typed.clone();
            apply(&mut next, text);
            onchange.emit(next);
        })
    };
    let on_date = {
        let (typed, onchange) = (typed.clone(), props.onchange.clone());
        Callback::from(move |doc_date| onchange.emit(Typed { doc_date, ..typed.clone() }))
    };
    let clearance = session.me().map_or(Secrecy::Normal, |me| me.clearance);
    let least = class_of(classes.data.as_deref(), &typed.class_code).map_or(Secrecy::Normal, |class| class.secrecy);
    let levels = Secrecy::ALL.iter().filter(|level| **level >= least && **level <= clearance.max(typed.secrecy));
    let levels: Vec<_> =
        levels.map(|level| SelectOption::new(level.code(), i18n::code("secrecy", level.code()))).collect();
    let held = session.me().map(|me| me.caveats.clone()).unwrap_or_default();
    // The secrecy of the class is proposed with it, and is the least that may be chosen.
    let on_class = {
        let (typed, onchange, plan) = (typed.clone(), props.onchange.clone(), classes.data.clone());
        Callback::from(move |class_code: String| {
            let least = class_of(plan.as_deref(), &class_code).map_or(Secrecy::Normal, |class| class.secrecy);
            onchange.emit(Typed { class_code, secrecy: typed.secrecy.max(least), ..typed.clone() });
        })
    };
    html! {
        <div class="dw-form two">
            <TextField label={t!("document-subject")} value={typed.subject.clone()} oninput={change(|typed, text| typed.subject = text)}
                required=true full=true maxlength={LONGEST} error={subject_error} name="subject" />
            <TextField label={t!("document-party")} value={typed.party.clone()} oninput={change(|typed, text| typed.party = text)}
                maxlength={LONGEST} error={error("party")} hint={t!("document-party-hint")} name="party" />
            <DateField label={t!("document-date")} value={typed.doc_date} onchange={on_date} required=true error={date_error} name="doc_date" />
            <Select label={t!("document-class")} value={typed.class_code.clone()} onchange={on_class}
                options={class_options(classes.data.as_deref(), &typed.class_code)} error={error("class_code")} name="class_code" />
            <Select label={t!("document-secrecy")} value={typed.secrecy.code()} options={levels} error={error("secrecy")} name="secrecy"
                onchange={change(|typed, code| typed.secrecy = code.parse().unwrap_or(typed.secrecy))} />
            { for held.into_iter().map(|caveat| caveat_box(caveat, props)) }
            <ExtraFields typed={typed.clone()} onchange={props.onchange.clone()} failure={props.failure.clone()} tried={props.tried} />
        </div>
    }
}

fn caveat_box(caveat: Caveat, props: &FieldsProps) -> Html {
    let (typed, onchange) = (props.typed.clone(), props.onchange.clone());
    let checked = typed.caveats.contains(&caveat);
    let onchange = Callback::from(move |on: bool| {
        let mut next = typed.clone();
        next.caveats.retain(|other| *other != caveat);
        if on {
            next.caveats.push(caveat);
        }
        onchange.emit(next);
    });
    html! { <Checkbox label={i18n::code("caveat", caveat.code())} {checked} {onchange} /> }
}

fn class_of<'a>(classes: Option<&'a DocumentClasses>, code: &str) -> Option<&'a DocumentClass> {
    classes?.items.iter().find(|class| class.code == code)
}

/// The classes one may file under, by their places; the document's own stays even when it is no longer in use.
pub(super) fn class_options(classes: Option<&DocumentClasses>, now: &str) -> Vec<SelectOption> {
    let known = classes.iter().flat_map(|classes| &classes.items).filter(|class| class.files() || class.code == now);
    let named = known.map(|class| {
        let indent = "\u{2003}".repeat(class.depth());
        SelectOption::new(class.code.clone(), format!("{indent}{} {}", class.code, i18n::name(&class.name)))
    });
    let none = SelectOption::new("", t!("document-no-class"));
    std::iter::once(none).chain(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(subject: &str, party: &str, value: &str) -> Typed {
        Typed {
            subject: subject.to_owned(),
            party: party.to_owned(),
            doc_date: None,
            class_code: String::new(),
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            type_id: Some(3),
            values: BTreeMap::from([("plot".to_owned(), value.to_owned())]),
            tags: String::new(),
        }
    }

    #[test]
    fn a_change_of_somebody_else_stands_beside_what_is_typed() {
        let before = typed("old", "old", "1");
        let now = typed("theirs", "theirs", "2");
        // The subject is touched in both: what is typed here stays.
        assert_eq!(typed("mine", "old", "1").over(&before, &now), typed("mine", "theirs", "2"));
        assert_eq!(typed("old", "old", "7").over(&before, &now), typed("theirs", "theirs", "7"));
        assert_eq!(typed("mine", "old", "1").over(&before, &before), typed("mine", "old", "1"));
    }
}
