//! The search language as a form: what is filled in is written into the search box.

use chrono::NaiveDate;
use diwan_platform_api::records::RecordKind;
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::router;
use crate::i18n;
use crate::ui::{Button, DateField, Dialog, Select, SelectOption, TextField, Variant};

/// What can be filled in.
#[derive(Debug, Clone, Default, PartialEq)]
struct Typed {
    all: String,
    phrase: String,
    any: String,
    without: String,
    subject: String,
    number: String,
    party: String,
    class: String,
    kind: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Typed {
    /// The text of the search; fields have their names in the language of the screen.
    fn text(&self, arabic: bool) -> String {
        let name = |ar: &'static str, en: &'static str| if arabic { ar } else { en };
        let mut parts = vec![self.all.trim().to_owned()];
        let plain =
            |text: &str| text.replace(['"', '«', '»', '“', '”'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        let quoted = |text: &str| Some(plain(text)).filter(|text| !text.is_empty()).map(|text| format!("\"{text}\""));
        parts.extend(quoted(&self.phrase));
        parts.push(plain(&self.any).split(' ').collect::<Vec<_>>().join(name(" أو ", " OR ")));
        parts.extend(plain(&self.without).split_whitespace().map(|word| format!("-{}", word.trim_start_matches('-'))));
        let mut field = |name: &str, value: Option<String>| parts.extend(value.map(|value| format!("{name}:{value}")));
        field(name("الموضوع", "subject"), quoted(&self.subject));
        field(
            name("الرقم", "number"),
            Some(self.number.split_whitespace().collect::<String>()).filter(|n| !n.is_empty()),
        );
        field(name("الجهة", "party"), quoted(&self.party));
        field(
            name("الرمز", "class"),
            Some(self.class.split_whitespace().collect::<String>()).filter(|c| !c.is_empty()),
        );
        field(name("النوع", "kind"), Some(self.kind.clone()).filter(|kind| !kind.is_empty()));
        field(name("من", "from"), self.from.map(|day| day.to_string()));
        field(name("إلى", "to"), self.to.map(|day| day.to_string()));
        parts.retain(|part| !part.trim().is_empty());
        parts.join(" ")
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct AdvancedProps {
    /// What stands in the search box.
    pub(super) text: String,
    pub(super) on_close: Callback<()>,
}

/// The form.
#[component]
pub(super) fn Advanced(props: &AdvancedProps) -> Html {
    let typed = use_state(|| Typed { all: props.text.clone(), ..Typed::default() });
    let line = |label: String, value: &str, name: &'static str, set: fn(&mut Typed, String)| {
        let state = typed.clone();
        let oninput = Callback::from(move |text: String| {
            let mut next = (*state).clone();
            set(&mut next, text);
            state.set(next);
        });
        html! { <TextField {label} value={value.to_owned()} {oninput} name={name} maxlength={200} /> }
    };
    let day = |label: String, value: Option<NaiveDate>, name: &'static str, set: fn(&mut Typed, Option<NaiveDate>)| {
        let state = typed.clone();
        let onchange = Callback::from(move |day: Option<NaiveDate>| {
            let mut next = (*state).clone();
            set(&mut next, day);
            state.set(next);
        });
        html! { <DateField {label} {value} {onchange} name={name} /> }
    };
    let kinds =
        RecordKind::ALL.iter().map(|kind| SelectOption::new(kind.code(), i18n::code("record-kind", kind.code())));
    let options: Vec<_> = std::iter::once(SelectOption::new("", t!("find-any-kind"))).chain(kinds).collect();
    let on_kind = {
        let state = typed.clone();
        Callback::from(move |kind: String| state.set(Typed { kind, ..(*state).clone() }))
    };
    let on_submit = {
        let (typed, on_close) = (typed.clone(), props.on_close.clone());
        Callback::from(move |()| {
            let text = typed.text(i18n::is_rtl());
            on_close.emit(());
            router::go(&format!("/search{}", Query::default().with("q", text).text()));
        })
    };
    let cancel = props.on_close.clone();
    let footer = html! {
        <>
            <Button submit=true variant={Variant::Primary} label={t!("search")} testid="advanced-go" />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={Callback::from(move |_| cancel.emit(()))} />
        </>
    };
    html! {
        <Dialog wide=true title={t!("find-advanced")} on_close={Some(props.on_close.clone())} on_submit={Some(on_submit)} {footer}>
            <div class="dw-form two">
                { line(t!("find-all-words"), &typed.all, "all", |typed, text| typed.all = text) }
                { line(t!("find-exact-phrase"), &typed.phrase, "phrase", |typed, text| typed.phrase = text) }
                { line(t!("find-any-words"), &typed.any, "any", |typed, text| typed.any = text) }
                { line(t!("find-no-words"), &typed.without, "without", |typed, text| typed.without = text) }
                { line(t!("find-in-subject"), &typed.subject, "subject", |typed, text| typed.subject = text) }
                { line(t!("find-own-number"), &typed.number, "number", |typed, text| typed.number = text) }
                { line(t!("find-party"), &typed.party, "party", |typed, text| typed.party = text) }
                { line(t!("find-class"), &typed.class, "class", |typed, text| typed.class = text) }
                <Select label={t!("find-kind")} value={typed.kind.clone()} {options} onchange={on_kind} name="kind" />
                <span></span>
                { day(t!("date-from"), typed.from, "from", |typed, day| typed.from = day) }
                { day(t!("date-to"), typed.to, "to", |typed, day| typed.to = day) }
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_form_is_the_language_of_searches() {
        let typed = Typed {
            all: "عطاء ".into(),
            phrase: "مجلس \"الوزراء\"".into(),
            any: "طريق جسر".into(),
            without: "صيانة -نقل".into(),
            subject: "الأشغال العامة".into(),
            number: "18/4 /7765".into(),
            class: "3100".into(),
            kind: "incoming".into(),
            from: NaiveDate::from_ymd_opt(2025, 1, 2),
            ..Typed::default()
        };
        assert_eq!(
            typed.text(true),
            "عطاء \"مجلس الوزراء\" طريق أو جسر -صيانة -نقل الموضوع:\"الأشغال العامة\" الرقم:18/4/7765 الرمز:3100 النوع:incoming من:2025-01-02"
        );
        assert_eq!(
            Typed { party: "finance".into(), any: "road".into(), ..Typed::default() }.text(false),
            "road party:\"finance\""
        );
        assert_eq!(Typed::default().text(true), "");
    }
}
