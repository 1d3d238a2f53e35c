//! Access and filters as queries. Both are wrapped so that they decide what is found and never how it is scored.

use std::collections::BTreeSet;
use std::ops::Bound;

use chrono::{Datelike, NaiveDate};
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, TantivyError, Term};

use super::{Access, Filters};
use crate::error::Result;
use crate::index::EPOCH_DAYS;
use crate::index::fields::Fields;

/// Above this number of alternatives one set query is faster than a union of term queries.
const UNION_LIMIT: usize = 16;

/// `query`, limited to what `access` may see and `filters` ask for.
pub(crate) fn limit(query: Box<dyn Query>, filter: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::Must, Box::new(ConstScoreQuery::new(filter, 0.0)))]))
}

/// `query`, without what any of `without` finds.
pub(crate) fn without(query: Box<dyn Query>, without: &[Box<dyn Query>]) -> Box<dyn Query> {
    if without.is_empty() {
        return query;
    }
    let mut clauses = vec![(Occur::Must, query)];
    clauses.extend(without.iter().map(|one| (Occur::MustNot, one.box_clone())));
    Box::new(BooleanQuery::new(clauses))
}

/// Entries of which a principal is held, whose level is not above the clearance, and all whose caveats are held.
pub(crate) fn access(searcher: &Searcher, fields: &Fields, access: &Access) -> Result<Box<dyn Query>> {
    let principals = access.principals.iter().map(|p| Term::from_field_text(fields.principals, p));
    let Some(principals) = any_of(principals.collect()) else { return Ok(Box::new(EmptyQuery)) };
    let levels = closed(searcher, fields.secrecy, |value| {
        let level = value.try_into().map_or(u64::MAX, u64::from_be_bytes);
        (level > u64::from(access.clearance)).then(|| Term::from_field_u64(fields.secrecy, level))
    })?;
    let caveats = closed(searcher, fields.caveats, |value| {
        let caveat = String::from_utf8_lossy(value);
        (!access.caveats.iter().any(|held| *held == caveat)).then(|| Term::from_field_text(fields.caveats, &caveat))
    })?;
    let mut clauses = vec![(Occur::Must, principals)];
    clauses.extend([levels, caveats].into_iter().filter_map(any_of).map(|query| (Occur::MustNot, query)));
    Ok(Box::new(BooleanQuery::new(clauses)))
}

/// The levels or caveats of the index that are closed to the reader. Asking the index for all there are means that one
/// nobody thought of still closes its entries; both vocabularies are a handful of words.
fn closed(searcher: &Searcher, field: Field, close: impl Fn(&[u8]) -> Option<Term>) -> Result<Vec<Term>> {
    let mut closed = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut values = index.terms().stream().map_err(TantivyError::from)?;
        while values.advance() {
            closed.extend(close(values.key()));
        }
    }
    Ok(closed.into_iter().collect())
}

/// Entries that the filters ask for, or `None` when they ask for everything.
pub(crate) fn filters(searcher: &Searcher, fields: &Fields, filters: &Filters) -> Result<Option<Box<dyn Query>>> {
    let text =
        |field: Field, values: &[String]| any_of(values.iter().map(|v| Term::from_field_text(field, v)).collect());
    let number = |field: Field, values: &mut dyn Iterator<Item = u64>| {
        any_of(values.map(|v| Term::from_field_u64(field, v)).collect())
    };
    let restrictions = [
        number(fields.agency, &mut filters.agencies.iter().copied()),
        text(fields.kind, &filters.kinds),
        text(fields.state, &filters.states),
        number(fields.secrecy, &mut filters.secrecy.iter().copied().map(u64::from)),
        text(fields.class, &classes(searcher, fields, &filters.classes)?),
        days(fields.day, filters.from, filters.to),
    ];
    Ok(all_of(restrictions.into_iter().flatten().collect()))
}

/// The paths meant by classes: a whole path, or the code of a class wherever it stands in the plan. One that the index does
/// not know stays, and finds nothing.
fn classes(searcher: &Searcher, fields: &Fields, asked: &[String]) -> Result<Vec<String>> {
    let mut paths = asked.to_vec();
    let codes: Vec<String> = asked.iter().map(|class| western(class)).collect();
    if asked.is_empty() {
        return Ok(paths);
    }
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.class)?;
        let mut values = index.terms().stream().map_err(TantivyError::from)?;
        while values.advance() {
            let path = String::from_utf8_lossy(values.key());
            let code = path.rsplit('/').next().unwrap_or_default();
            if codes.iter().any(|asked| *asked == *path || asked == code) && !paths.iter().any(|known| *known == *path)
            {
                paths.push(path.into_owned());
            }
        }
    }
    Ok(paths)
}

/// A code with western digits and without anything around it.
fn western(class: &str) -> String {
    let digit = |c: char| match c {
        '\u{0660}'..='\u{0669}' => char::from_digit(u32::from(c) - 0x0660, 10).unwrap_or(c),
        '\u{06F0}'..='\u{06F9}' => char::from_digit(u32::from(c) - 0x06F0, 10).unwrap_or(c),
        _ => c,
    };
    class.trim_matches(|c: char| !c.is_alphanumeric()).chars().map(digit).collect()
}

fn days(field: Field, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<Box<dyn Query>> {
    let bound = |date: Option<NaiveDate>| {
        date.map_or(Bound::Unbounded, |date| {
            Bound::Included(Term::from_field_i64(field, i64::from(date.num_days_from_ce()) - EPOCH_DAYS))
        })
    };
    (from.is_some() || to.is_some()).then(|| Box::new(RangeQuery::new(bound(from), bound(to))) as Box<dyn Query>)
}

/// A query for one term; `record` says how much of its postings is read.
pub(crate) fn term(term: Term, record: IndexRecordOption) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, record))
}

/// Entries that hold all; `None` for an empty list.
pub(crate) fn all_of(mut queries: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    match queries.len() {
        0 => None,
        1 => queries.pop(),
        _ => Some(Box::new(BooleanQuery::intersection(queries))),
    }
}

fn any_of(mut terms: Vec<Term>) -> Option<Box<dyn Query>> {
    match terms.len() {
        0 => None,
        1 => terms.pop().map(|only| term(only, IndexRecordOption::Basic)),
        n if n > UNION_LIMIT => Some(Box::new(TermSetQuery::new(terms))),
        _ => {
            let terms = terms.into_iter().map(|alternative| term(alternative, IndexRecordOption::Basic));
            Some(Box::new(BooleanQuery::union(terms.collect())))
        }
    }
}

/// Everything.
pub(crate) fn everything() -> Box<dyn Query> {
    Box::new(AllQuery)
}
