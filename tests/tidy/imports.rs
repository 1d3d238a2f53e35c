//! Who may import whom: the table of the architecture.

use regex::Regex;

use crate::{
    packages::{Member, members},
    tree::{files, none},
};

/// A module may speak to those on a lower floor.
const FLOORS: &[(&str, u8)] = &[
    ("archive", 1),
    ("finance", 2),
    ("tarasol", 3),
    ("procurement", 3),
    ("inventory", 3),
    ("hr", 3),
    ("fleet", 3),
    ("insight", 4),
];
/// Crates that do one thing and know neither the database nor the web.
const LEAVES: [&str; 5] = ["search", "print", "mail", "bank", "extract"];

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

fn in_list(part: &str, list: &[&str]) -> bool {
    list.contains(&part)
}

/// Whether the crate in `folder` may use Diwan's crate `other`, named without `diwan-`.
fn may_import(folder: &str, other: &str) -> bool {
    let other_api = other.strip_suffix("-api");
    let lower = |module: &str, other: &str| {
        floor(other).is_some_and(|floor_of_other| floor(module).is_some_and(|own| floor_of_other < own))
    };
    match folder.split('/').collect::<Vec<_>>().as_slice() {
        ["backend", "kernel"] | ["frontend", "bundle" | "yew"] => false,
        ["backend", "platform-api"] => other == "kernel",
        ["modules", module, "api"] => {
            in_list(other, &["kernel", "platform-api"]) || other_api.is_some_and(|api| lower(module, api))
        }
        ["backend", "schema"] => other == "kernel",
        ["backend", "db"] => in_list(other, &["kernel", "schema"]),
        ["backend", leaf] if in_list(leaf, &LEAVES) => other == "kernel",
        ["backend", "platform"] => {
            in_list(other, &["kernel", "platform-api", "schema", "db"]) || in_list(other, &LEAVES)
        }
        ["backend", "http"] => in_list(other, &["kernel", "platform-api", "db", "platform"]),
        ["modules", module] => {
            // Events travel up and sideways as types of the sender's api.
            other_api.is_some()
                || in_list(other, &["kernel", "schema", "db", "platform", "http"])
                || in_list(other, &LEAVES)
                || lower(module, other)
        }
        ["frontend"] => in_list(other, &["kernel", "yew"]) || other_api.is_some(),
        ["backend", "server"] => other != "testkit",
        ["backend", "testkit"] | ["tests"] | ["tests", "bench"] => true,
        _ => false,
    }
}

/// Libraries that a crate must not use; those of `brings` not even through others.
fn forbidden(member: &Member) -> Vec<String> {
    let wasm = ["kernel", "platform-api", "api"].contains(&member.folder.rsplit('/').next().unwrap_or_default());
    let leaf = LEAVES.iter().any(|leaf| member.folder == format!("backend/{leaf}"));
    let matches = |name: &String, words: &[&str]| {
        words.iter().any(|word| name == word || (word.ends_with('-') && name.starts_with(word)))
    };
    let (found, words): (_, &[&str]) = match member.folder.as_str() {
        _ if wasm => (&member.brings, &["diesel", "actix-", "tokio", "libsqlite3-sys", "pq-sys"]),
        // What yew brings for other targets is not built for the browser.
        "frontend" => (&member.uses, &["diesel", "actix-", "tokio"]),
        _ if leaf => (&member.brings, &["diesel", "actix-"]),
        "backend/schema" | "backend/db" => (&member.brings, &["actix-"]),
        "backend/platform" => (&member.uses, &["actix-"]),
        _ => return Vec::new(),
    };
    found.iter().filter(|name| matches(name, words)).map(|name| format!("{} → {name}", member.folder)).collect()
}

#[test]
fn crates_import_only_what_lies_below_them() {
    let mut breaches = Vec::new();
    for member in members() {
        let ours = member.uses.iter().filter_map(|name| name.strip_prefix("diwan-"));
        breaches.extend(
            ours.filter(|other| !may_import(&member.folder, other)).map(|other| format!("{} → {other}", member.folder)),
        );
    }
    none("Who may import whom (docs/ARCHITECTURE.md)", breaches);
}

#[test]
fn what_runs_in_the_browser_knows_no_server_and_leaves_know_no_database() {
    none("Forbidden libraries", members().iter().flat_map(forbidden).collect());
}

#[test]
fn the_table_refuses_what_it_should() {
    for (folder, other) in [
        ("modules/archive", "tarasol"),
        ("modules/tarasol", "procurement"),
        ("modules/archive/api", "tarasol-api"),
        ("modules/archive", "server"),
        ("backend/platform", "http"),
        ("backend/platform", "archive"),
        ("backend/db", "platform"),
        ("backend/kernel", "db"),
        ("backend/search", "schema"),
        ("frontend", "platform"),
        ("backend/server", "testkit"),
    ] {
        assert!(!may_import(folder, other), "{folder} → {other}");
    }
    for (folder, other) in [
        ("modules/tarasol", "archive"),
        ("modules/insight", "hr"),
        ("modules/archive", "tarasol-api"),
        ("backend/http", "platform"),
    ] {
        assert!(may_import(folder, other), "{folder} → {other}");
    }
}

#[test]
fn packages_are_named_after_their_folders_and_keep_the_lints() {
    let manifests = files("Cargo.toml");
    let mut breaches = Vec::new();
    for member in members() {
        let folder = member.folder.as_str();
        let expected = match folder.split('/').collect::<Vec<_>>().as_slice() {
            ["modules", module, "api"] => format!("diwan-{module}-api"),
            ["frontend", "bundle"] => "diwan-bundle".to_owned(),
            parts => format!("diwan-{}", parts.last().unwrap()),
        };
        if member.name != expected {
            breaches.push(format!("{folder} is named {}, not {expected}", member.name));
        }
        let manifest = manifests.iter().find(|file| file.path == format!("{folder}/Cargo.toml"));
        if !manifest.is_some_and(|file| file.text.contains("[lints]\nworkspace = true")) {
            breaches.push(format!("{folder} does not take the lints of the workspace"));
        }
    }
    none("Packages", breaches);
}

/// The names used below a path such as `diwan_schema::`, one by one or in braces.
fn below(text: &str, path: &str) -> Vec<String> {
    let single = Regex::new(&format!(r"\b{path}::(\w+)")).unwrap();
    let list = Regex::new(&format!(r"\b{path}::\{{((?:[^{{}}]|\{{[^{{}}]*\}})*)\}}")).unwrap();
    let inner = Regex::new(r"\{[^{}]*\}").unwrap();
    let mut names: Vec<String> = single.captures_iter(text).map(|found| found[1].to_owned()).collect();
    for found in list.captures_iter(text) {
        let flat = inner.replace_all(&found[1], "").into_owned();
        names.extend(
            flat.split(',')
                .map(|name| name.trim().split("::").next().unwrap_or_default().to_owned())
                .filter(|name| !name.is_empty()),
        );
    }
    names
}

#[test]
fn names_below_a_path_are_read() {
    let text = "use a::b::C; use a::{d, e::F, g::{h, i}, j};\nx(a::k::l())";
    assert_eq!(below(text, "a"), ["b", "k", "d", "e", "g", "j"]);
}

#[test]
fn modules_speak_through_ports_and_keep_to_their_own_tables() {
    let mut breaches = Vec::new();
    for file in files(".rs").into_iter().filter(|file| !file.is_test()) {
        let Some(module) = file.path.strip_prefix("modules/").and_then(|path| path.split('/').next()) else { continue };
        let text: String = file.product_lines().map(|(_, line)| format!("{line}\n")).collect();
        for (other, _) in FLOORS.iter().filter(|(other, _)| *other != module) {
            let past_port = below(&text, &format!("diwan_{other}")).into_iter().filter(|name| name != "port");
            breaches.extend(past_port.map(|name| format!("{}: diwan_{other}::{name}", file.path)));
        }
        let foreign =
            below(&text, "diwan_schema").into_iter().filter(|table| floor(table).is_some() && table != module);
        breaches.extend(foreign.map(|table| format!("{}: tables of {table}", file.path)));
    }
    none("Another module is reached through its `port`, its tables never", breaches);
}
