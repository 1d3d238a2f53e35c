//! Both languages have every text that the code uses, with the same arguments, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use diwan_archive_api::{DocumentSource, DrillState, DrillStep};
use diwan_kernel::{Caveat, Lang, Permission, Priority, Secrecy};
use diwan_platform_api::access::{GrantTo, RequestState, ViewWay};
use diwan_platform_api::files::{AttachmentRole, ContentState};
use diwan_platform_api::fixity::BlobState;
use diwan_platform_api::people::{AgencyKind, DelegationScope, ImportKind, Theme, UnitKind};
use diwan_platform_api::records::{
    AssigneeKind, Instruction, LinkKind, NoteKind, RecordKind, StepAssignee, StepMode, TaskKind, TaskOutcome,
    TaskState, WorkView,
};
use diwan_tarasol_api::{DeliveryState, Form};
use diwan_tarasol_api::{IncomingAction, IncomingState, OutgoingAction, OutgoingState};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use regex::Regex;

use super::*;

/// Key → its whole source, per language.
fn messages(source: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut key = None;
    for line in source.lines() {
        let start = line.split_once('=').map(|(name, _)| name.trim_end());
        let fresh = start.filter(|name| !line.starts_with([' ', '#', '}']) && !name.is_empty());
        if let Some(name) = fresh {
            assert!(!found.contains_key(name), "text {name} is given twice");
            key = Some(name.to_owned());
        }
        if let Some(key) = &key {
            found.entry(key.clone()).or_default().push_str(line);
        }
    }
    found
}

fn arguments(source: &str) -> BTreeSet<String> {
    Regex::new(r"\$([a-z][a-z0-9_]*)").unwrap().captures_iter(source).map(|found| found[1].to_owned()).collect()
}

fn sources(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("i18n/tests.rs") {
            found.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

/// Name, Arabic source and English source of each file.
fn files() -> Vec<(String, String, String)> {
    let names = std::fs::read_dir("locales/ar").unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let source = |lang: &str, name: &str| std::fs::read_to_string(format!("locales/{lang}/{name}")).unwrap();
    names.map(|name| (name.clone(), source("ar", &name), source("en", &name))).collect()
}

fn all_keys() -> BTreeSet<String> {
    files().iter().flat_map(|(_, ar, _)| messages(ar).into_keys()).collect()
}

/// A text as Fluent itself writes it, with the value for every argument.
fn by_fluent(bundle: &FluentBundle<FluentResource>, key: &str, names: &BTreeSet<String>, value: &str) -> String {
    let mut args = FluentArgs::new();
    for name in names {
        args.set(name.as_str(), FluentValue::try_number(value));
    }
    let pattern = bundle.get_message(key).unwrap().value().unwrap();
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

/// Unicode CLDR 46, plural rules of Arabic: few where n % 100 = 3..10, many where n % 100 = 11..99.
#[test]
fn arabic_counts_as_unicode_says() {
    choose(Lang::Ar, Digits::Latin);
    for (number, word) in [(103, "صفوف"), (110, "صفوف"), (111, "صفًا"), (1_234_567, "صفًا"), (200, "صف"), (202, "صف")]
    {
        let mut args = TextArgs::new();
        args.set("n", number);
        let text = find("import-commit", Some(&args)).unwrap();
        assert_eq!(text.split_whitespace().last(), Some(word), "{number}");
    }
}

#[test]
fn packed_texts_read_as_fluent_reads_them() {
    for (at, lang) in [Lang::Ar, Lang::En].into_iter().enumerate() {
        choose(lang, Digits::Latin);
        let id: unic_langid::LanguageIdentifier = lang.code().parse().unwrap();
        let mut bundle = FluentBundle::new(vec![id]);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(format::decimal(&number.value.to_string())),
            _ => None,
        }));
        for (name, ar, en) in files() {
            let source = [ar, en][at].clone();
            bundle.add_resource(FluentResource::try_new(source.clone()).unwrap()).unwrap();
            for (key, source) in messages(&source) {
                let names = arguments(&source);
                // Fluent's crate takes for "many" in Arabic 11 to 99 alone, Unicode whatever ends so: see the next test.
                for value in ["0", "1", "2", "3", "11", "100", "1234500", "-1", "2.5", "none", "unsupported", "كتاب"]
                {
                    let mut args = TextArgs::new();
                    for name in &names {
                        args.set(name, TextValue::number_or_text(value));
                    }
                    assert_eq!(
                        find(&key, Some(&args)),
                        Some(by_fluent(&bundle, &key, &names, value)),
                        "{name}: {key} filled with {value}"
                    );
                }
            }
        }
    }
    choose(Lang::Ar, Digits::Latin);
}

#[test]
fn both_languages_have_the_same_keys_and_arguments() {
    for (name, ar, en) in files() {
        let (ar, en) = (messages(&ar), messages(&en));
        let (ar_keys, en_keys): (BTreeSet<_>, BTreeSet<_>) = (ar.keys().collect(), en.keys().collect());
        assert_eq!(ar_keys, en_keys, "{name}: the keys differ");
        for (key, source) in &ar {
            assert_eq!(arguments(source), arguments(&en[key]), "{name}: {key} is filled differently");
        }
    }
}

#[test]
fn every_key_in_code_exists() {
    let keys = all_keys();
    let mut code = String::new();
    sources(Path::new("src"), &mut code);
    let used = Regex::new(r#"\bt!\(\s*"([^"]+)""#).unwrap();
    for found in used.captures_iter(&code) {
        assert!(keys.contains(&found[1]) || &found[1] == "key", "no text for {}", &found[1]);
    }
    let sets = Regex::new(r#"i18n::code\(\s*"([^"]+)""#).unwrap();
    for found in sets.captures_iter(&code) {
        assert!(
            keys.iter().any(|key| key.starts_with(&format!("{}-", &found[1]))),
            "no texts for the set {}",
            &found[1]
        );
    }
}

/// Codes that the web layer gives out by itself or that every form meets; modules add theirs with their screens.
const ERRORS: &[&str] = &[
    "not_found",
    "stale",
    "forbidden",
    "invalid",
    "wrong_state",
    "signed_out",
    "bad_credentials",
    "bad_code",
    "csrf",
    "must_change_password",
    "too_many",
    "already_exists",
    "internal",
    "busy",
    "closed_meanwhile",
    "too_large",
    "storage_full",
    "not_json",
    "bad_json",
    "wrong_type",
    "unknown_field",
    "bad_query",
    "bad_form",
    "if_match_required",
    "required",
    "too_long",
    "control_characters",
    "unknown",
    "out_of_range",
    "password_too_short",
    "password_common",
    "password_has_username",
    "password_same",
];

#[test]
fn common_errors_have_a_text() {
    let keys = all_keys();
    for code in ERRORS {
        assert!(keys.contains(&code_key("err", code)), "no text for the error {code}");
    }
}

/// Whoever refuses names a code; the sources of the server say which there are.
#[test]
fn every_refusal_of_the_server_has_a_text() {
    let root = Path::new("..");
    let mut code = String::new();
    for folder in ["backend/http/src", "backend/platform/src", "backend/kernel/src", "modules"] {
        sources(&root.join(folder), &mut code);
    }
    let keys = all_keys();
    let named = Regex::new(
        r#"(?:Refusal::field|FieldError::new)\(\s*(?:"[^"]*"|&?[a-z_.]+|&?format!\([^)]*\))\s*,\s*"([a-z_]+)"|(?:Denied|NotLetIn|rule|ProblemDetail::new)\(\s*"([a-z_]+)""#,
    )
    .unwrap();
    let codes: BTreeSet<&str> = named
        .captures_iter(&code)
        .filter_map(|found| found.get(1).or(found.get(2)))
        .map(|code| code.as_str())
        .collect();
    assert!(codes.len() > 30, "the refusals were not found: {codes:?}");
    // The code of a test of the middleware; nobody ever reads it.
    for code in codes.into_iter().filter(|code| *code != "test_abort") {
        assert!(keys.contains(&code_key("err", code)), "no text for the refusal {code}");
    }
}

#[test]
fn every_code_has_a_text() {
    let keys = all_keys();
    macro_rules! all {
        ($($set:literal: $codes:ty),+ $(,)?) => {
            [$(<$codes>::ALL.iter().map(|code| code_key($set, code.code())).collect::<Vec<_>>()),+].concat()
        };
    }
    let codes = all!(
        "lang": Lang, "theme": Theme, "secrecy": Secrecy, "priority": Priority, "caveat": Caveat, "permission": Permission,
        "record-kind": RecordKind, "task-kind": TaskKind, "instruction": Instruction, "assignee-kind": AssigneeKind,
        "task-state": TaskState, "task-outcome": TaskOutcome, "link-kind": LinkKind, "note-kind": NoteKind,
        "step-mode": StepMode, "step-assignee": StepAssignee, "content-state": ContentState,
        "attachment-role": AttachmentRole, "agency-kind": AgencyKind, "unit-kind": UnitKind,
        "delegation-scope": DelegationScope, "state": OutgoingState, "state": IncomingState, "action": OutgoingAction,
        "action": IncomingAction, "form": Form, "delivery-state": DeliveryState,
        "document-source": DocumentSource, "blob-state": BlobState, "grant-to": GrantTo, "request-state": RequestState, "view-way": ViewWay, "drill-state": DrillState, "drill-step": DrillStep, "work-view": WorkView, "import-kind": ImportKind, "import-teaches": ImportKind, "work-open": TaskKind,
    );
    for key in codes {
        assert!(keys.contains(&key), "no text for {key}");
    }
}

/// The timeline and the audit screen show operations by their text: the names stand in the server's sources.
#[test]
fn every_operation_of_the_server_has_a_text() {
    let root = Path::new("..");
    let mut code = String::new();
    for folder in ["backend/http/src", "backend/platform/src", "modules"] {
        sources(&root.join(folder), &mut code);
    }
    let keys = all_keys();
    let named = Regex::new(r#""((?:platform|tarasol|archive|finance)\.[a-z_]+\.[a-z_]+)""#).unwrap();
    let operations: BTreeSet<&str> = named.captures_iter(&code).map(|found| found.get(1).unwrap().as_str()).collect();
    assert!(operations.len() > 40, "the operations were not found: {operations:?}");
    // What only looks for work, or sets its time, leaves nothing in the trail.
    let told = |operation: &&str| !operation.ends_with(".look") && !operation.ends_with(".schedule");
    for operation in operations.into_iter().filter(told) {
        let key = code_key("op", operation);
        assert!(keys.contains(&key), "no text for the operation {operation}");
    }
}

#[test]
fn arabic_counts_follow_the_six_plural_classes() {
    choose(Lang::Ar, Digits::Latin);
    let late = |days: i64| t!("due-late", days = days).replace(['\u{2068}', '\u{2069}'], "");
    assert_eq!(late(1), "متأخر يومًا");
    assert_eq!(late(2), "متأخر يومين");
    assert_eq!(late(4), "متأخر 4 أيام");
    assert_eq!(late(11), "متأخر 11 يومًا");
    assert_eq!(late(100), "متأخر 100 يوم");
}

#[test]
fn errors_are_filled_with_the_arguments_of_the_server() {
    choose(Lang::En, Digits::Latin);
    let right = Args::from([("permission".to_owned(), "letters.sign".to_owned())]);
    assert!(error_text("forbidden", &right).is_some_and(|text| text.contains("Sign and issue letters")));
    let of = |args: &[(&str, &str)]| -> Args { args.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect() };
    let changed = of(&[("by_ar", "سناء"), ("by_en", "Sana"), ("at", "2026-11-24 10:05:00.25")]);
    assert!(
        error_text("stale", &changed).is_some_and(|text| text.contains("Sana") && text.contains("13:05")),
        "{changed:?}"
    );
    assert!(error_text("stale", &Args::new()).is_some_and(|text| text.starts_with("Somebody")));
    let args = Args::from([("max".to_owned(), "500".to_owned())]);
    assert!(error_text("too_long", &args).is_some_and(|text| text.contains("500")));
    assert_eq!(error_text("no_such_code", &args), None);
    choose(Lang::Ar, Digits::Latin);
}
