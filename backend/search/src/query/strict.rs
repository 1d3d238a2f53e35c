//! Parts of a query that must be there as a whole, as queries of the engine.

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, EmptyQuery, FuzzyTermQuery, PhraseQuery, Query};
use tantivy::schema::{Field, IndexRecordOption};

use super::access;
use super::parse::{Strict, Word};
use crate::index::fields::Fields;

/// A number found in the register outweighs its digits found in texts.
const NUMBER_BOOST: f32 = 20.0;

/// Entries that hold the part.
pub(crate) fn query(fields: &Fields, strict: &Strict) -> Box<dyn Query> {
    match strict {
        Strict::Word(one) => word(fields, one),
        Strict::Phrase(words) => in_order(fields.body_x, words.iter().map(String::as_str)),
        Strict::Prefix(prefix) => {
            Box::new(FuzzyTermQuery::new_prefix(Term::from_field_text(fields.body_x, prefix), 0, true))
        }
        Strict::Number { readings, words } => {
            let in_text = in_order(fields.body_x, words.iter().map(String::as_str));
            any_of(readings.iter().map(|reading| number(fields, reading)).chain([in_text]))
        }
        Strict::Own(readings) => any_of(readings.iter().map(|reading| number(fields, reading))),
        Strict::Subject { words, in_order: true } => {
            in_order(fields.subject_x, words.iter().map(|word| word.exact.as_str()))
        }
        Strict::Subject { words, in_order: false } => line(fields.subject_s, words, Some(fields.subject_x)),
        Strict::Party(words) => line(fields.party_s, words, None),
        Strict::Either(parts) => any_of(parts.iter().map(|part| query(fields, part))),
    }
}

/// Entries that hold a word in any of its forms; words without a stem as they stand.
pub(crate) fn word(fields: &Fields, word: &Word) -> Box<dyn Query> {
    let term = |field, text: &str| access::term(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
    if word.forms.is_empty() {
        return term(fields.body_x, &word.exact);
    }
    any_of(word.forms.iter().map(|form| term(fields.body_s, form)))
}

/// Entries that are known by a number.
pub(crate) fn number(fields: &Fields, number: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(fields.reference, number);
    Box::new(BoostQuery::new(access::term(term, IndexRecordOption::Basic), NUMBER_BOOST))
}

/// Entries that hold any.
pub(crate) fn any_of(queries: impl IntoIterator<Item = Box<dyn Query>>) -> Box<dyn Query> {
    let mut queries: Vec<_> = queries.into_iter().collect();
    match (queries.pop(), queries.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            queries.push(last);
            Box::new(BooleanQuery::union(queries))
        }
        (None, _) => Box::new(EmptyQuery),
    }
}

/// All words of a line, by their stems; words without one as they stand, where the field keeps these.
fn line(stems: Field, words: &[Word], exact: Option<Field>) -> Box<dyn Query> {
    let term = |word: &Word| {
        let term = match (&word.stem, exact) {
            (Some(stem), _) => Term::from_field_text(stems, stem),
            (None, Some(exact)) => Term::from_field_text(exact, &word.exact),
            (None, None) => return None,
        };
        Some(access::term(term, IndexRecordOption::Basic))
    };
    access::all_of(words.iter().filter_map(term).collect()).unwrap_or_else(|| Box::new(EmptyQuery))
}

fn in_order<'a>(field: Field, words: impl Iterator<Item = &'a str>) -> Box<dyn Query> {
    let mut terms: Vec<Term> = words.map(|word| Term::from_field_text(field, word)).collect();
    match (terms.pop(), terms.is_empty()) {
        (Some(only), true) => access::term(only, IndexRecordOption::WithFreqs),
        (Some(last), false) => {
            terms.push(last);
            Box::new(PhraseQuery::new(terms))
        }
        (None, _) => Box::new(EmptyQuery),
    }
}
