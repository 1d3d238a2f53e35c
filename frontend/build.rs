//! Packs the locale files for the application: the keys once, the texts of each language in the order of the keys.
//!
//! So the application carries no comments, no second set of keys and no parser of Fluent. A mistake in a file, a text
//! that one language lacks, or something of Fluent that no text here needs ends the build.

#[expect(dead_code, reason = "shared with the application, which reads what is written here")]
#[path = "src/i18n/marks.rs"]
mod marks;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser;

use marks::{CHOICE, ELSE, END, NEXT, VALUE, VARIANT};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What Fluent puts round values inside a text, so that they do not turn the direction of what stands beside them.
const ISOLATE: [char; 2] = ['\u{2068}', '\u{2069}'];

fn main() -> Outcome<()> {
    writeln!(io::stdout(), "cargo::rerun-if-changed=locales")?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no folder")?);
    let (ar, en) = (texts(Path::new("locales/ar"))?, texts(Path::new("locales/en"))?);
    if let Some(key) = ar.keys().find(|key| !en.contains_key(*key)).or(en.keys().find(|key| !ar.contains_key(*key))) {
        return Err(format!("the text {key} is missing in one language").into());
    }
    let list = |items: Vec<&str>| items.join(&NEXT.to_string());
    fs::write(out.join("keys.txt"), list(ar.keys().map(String::as_str).collect()))?;
    fs::write(out.join("ar.txt"), list(ar.values().map(String::as_str).collect()))?;
    fs::write(out.join("en.txt"), list(en.values().map(String::as_str).collect()))?;
    Ok(())
}

/// Key → packed text, of all files in the folder of a language.
fn texts(folder: &Path) -> Outcome<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let source = fs::read_to_string(&path)?;
        let wrong = |what: &dyn std::fmt::Debug| format!("{}: {what:?}", path.display());
        let resource = parser::parse(source.as_str()).map_err(|(_, errors)| wrong(&errors))?;
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    let mut text = String::new();
                    pack(&message.value.ok_or_else(|| wrong(&message.id))?, &mut text).map_err(|why| wrong(&why))?;
                    if found.insert(message.id.name.to_owned(), text).is_some() {
                        return Err(wrong(&message.id).into());
                    }
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                other => return Err(wrong(&other).into()),
            }
        }
    }
    Ok(found)
}

fn pack(pattern: &Pattern<&str>, out: &mut String) -> Outcome<()> {
    let alone = pattern.elements.len() == 1;
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => out.push_str(value),
            PatternElement::Placeable { expression: Expression::Inline(InlineExpression::StringLiteral { value }) } => {
                if value.contains('\\') {
                    return Err(format!("write the character itself in place of {value}").into());
                }
                out.push_str(value);
            }
            PatternElement::Placeable { expression } if alone => pack_value(expression, out)?,
            PatternElement::Placeable { expression } => {
                out.push(ISOLATE[0]);
                pack_value(expression, out)?;
                out.push(ISOLATE[1]);
            }
        }
    }
    Ok(())
}

fn pack_value(expression: &Expression<&str>, out: &mut String) -> Outcome<()> {
    match expression {
        Expression::Inline(InlineExpression::VariableReference { id }) => {
            out.extend([VALUE.to_string().as_str(), id.name, &END.to_string()]);
        }
        Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
            out.extend([CHOICE.to_string().as_str(), id.name, &END.to_string()]);
            let (others, rest): (Vec<_>, Vec<_>) = variants.iter().partition(|variant| !variant.default);
            for variant in others.into_iter().chain(rest) {
                pack_variant(variant, out)?;
            }
            out.push(END);
        }
        other => return Err(format!("not known to the application: {other:?}").into()),
    }
    Ok(())
}

fn pack_variant(variant: &Variant<&str>, out: &mut String) -> Outcome<()> {
    out.push_str(match &variant.key {
        _ if variant.default => ELSE,
        VariantKey::Identifier { name } | VariantKey::NumberLiteral { value: name } => name,
    });
    out.push(END);
    pack(&variant.value, out)?;
    out.push(VARIANT);
    Ok(())
}
