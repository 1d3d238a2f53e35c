//! Rules for the text of single files.

use regex::Regex;

use crate::tree::{File, files, none, root};

/// Files may be longer only for a reason.
const LONG: &[(&str, &str)] = &[
    ("backend/search/src/analyze/lexicon.rs", "a list of words"),
    ("backend/schema/src/platform.rs", "a list of tables"),
];
const WARN_LENGTH: usize = 400;
const MAX_LENGTH: usize = 600;

/// Every line of product code that the pattern finds.
fn found(files: &[File], pattern: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).unwrap();
    let mut hits = Vec::new();
    for file in files {
        let lines = file.product_lines().filter(|(_, line)| pattern.is_match(line));
        hits.extend(lines.map(|(at, line)| format!("{}:{at}: {}", file.path, line.trim())));
    }
    hits
}

fn below(folders: &[&str]) -> Vec<File> {
    files(".rs").into_iter().filter(|file| folders.iter().any(|folder| file.path.starts_with(folder))).collect()
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = files(".rs").into_iter().filter(|file| !file.text.starts_with("//! "));
    none("A file begins with a `//!` line", silent.map(|file| file.path).collect());
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for file in files(".rs") {
        let lines = file.text.lines().count();
        if LONG.iter().any(|(path, _reason)| *path == file.path) {
            continue;
        }
        if lines > MAX_LENGTH {
            long.push(format!("{}: {lines} lines", file.path));
        } else if lines > WARN_LENGTH {
            eprintln!("{}: {lines} lines, more than {WARN_LENGTH}", file.path);
        }
    }
    none("A file has at most 600 lines", long);
    let gone = LONG.iter().filter(|(path, _)| !files(path).iter().any(|file| file.text.lines().count() > WARN_LENGTH));
    none("The list of long files names long files", gone.map(|(path, _)| (*path).to_owned()).collect());
}

#[test]
fn the_product_does_not_panic_on_purpose() {
    let words = r"\.(unwrap|expect|unwrap_err|expect_err)\(|\b(todo|unimplemented|dbg)!";
    none("Errors are returned, and nothing is left to be done", found(&files(".rs"), words));
}

#[test]
fn no_test_is_switched_off() {
    let attribute = Regex::new(r"^\s*#\[ignore\b").unwrap();
    let off = files(".rs").into_iter().filter(|file| file.text.lines().any(|line| attribute.is_match(line)));
    none("A test runs or is removed", off.map(|file| file.path).collect());
}

#[test]
fn lints_are_expected_not_allowed() {
    let attribute = Regex::new(r"^\s*#!?\[(cfg_attr\(.*)?allow\(").unwrap();
    let mut allowed = Vec::new();
    for file in files(".rs") {
        let lines = file.text.lines().enumerate().filter(|(_, line)| attribute.is_match(line));
        allowed.extend(lines.map(|(at, _)| format!("{}:{}", file.path, at + 1)));
    }
    none("`#[expect(lint, reason = \"…\")]` instead of `#[allow]`", allowed);
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    let homes = Regex::new(r#"(^|[\s"'`=(:,])/(root|home|Users)/\w"#).unwrap();
    let here = root();
    let beside = here.with_file_name("shared");
    // A path starts where no word does: a folder of that name inside the project is not one.
    let places = [&here, &beside].map(|place| regex::escape(&place.to_string_lossy()));
    let places = Regex::new(&format!(r"(^|[^\w.])({})", places.join("|"))).unwrap();
    let mut named = Vec::new();
    for file in files("") {
        let breach = |line: &str| homes.is_match(line) || places.is_match(line);
        let lines = file.text.lines().enumerate().filter(|(_, line)| breach(line));
        named.extend(lines.map(|(at, line)| {
            format!("{}:{}: {}", file.path, at + 1, line.trim().chars().take(120).collect::<String>())
        }));
    }
    none("No absolute path of a machine", named);
}

#[test]
fn money_and_quantities_are_whole_numbers() {
    let domain = below(&[
        "backend/kernel",
        "backend/platform",
        "backend/platform-api",
        "backend/schema",
        "backend/db",
        "modules/",
    ]);
    none("No floats where money is", found(&domain, r"\bf(32|64)\b"));
    none(
        "`sum_i64`, because Diesel's `sum` goes through a float on SQLite",
        found(&domain, r"\bdsl::sum\b|\bdsl::avg\b"),
    );
}

#[test]
fn lists_are_paged_by_key() {
    none("No OFFSET", found(&below(&["backend/", "modules/"]), r"\.offset\("));
}

/// `diwan_http::Routes` takes only handlers that say who may call them.
#[test]
fn every_route_goes_through_the_table_of_routes() {
    let elsewhere: Vec<_> = files(".rs")
        .into_iter()
        .filter(|file| !file.path.starts_with("backend/http/") && !file.path.starts_with("backend/server/"))
        .collect();
    none(
        "Routes are added by `diwan_http::Routes`",
        found(
            &elsewhere,
            r"\bweb::(get|post|put|patch|delete|route|resource|scope)\(|#\[(get|post|put|patch|delete)\(",
        ),
    );
}

#[test]
fn routes_do_not_query() {
    let routes: Vec<_> = files("routes.rs").into_iter().filter(|file| file.path.starts_with("modules/")).collect();
    none("A handler calls one operation; queries are in `store.rs`", found(&routes, r"\bdiesel::"));
}

#[test]
fn connections_are_opened_in_one_place() {
    let others: Vec<_> = files(".rs").into_iter().filter(|file| !file.path.starts_with("backend/db/")).collect();
    none("Modules see `Db::read` and `Db::write`", found(&others, r"\b(PgConnection|SqliteConnection)::establish\b"));
}
