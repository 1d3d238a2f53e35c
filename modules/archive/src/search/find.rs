//! Searching: the index finds, the database has the last word on who may see it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diwan_archive_api::{
    DateFacet, Excerpt, Facet, Facets, Hit, Mark, Place, SearchAnswer, SearchQuery, SearchSort, Suggestion, Suggestions,
};
use diwan_db::{Db, ReadTx};
use diwan_kernel::{PageRequest, Secrecy, text};
use diwan_platform::{
    Actor, Outcome, Refusal,
    files::store as files,
    people::names::{self, Names},
    records::{RecordRow, store as records},
};
use diwan_platform_api::files::Attachment;
use diwan_search::{Access, Filters, Search, Sort};

use super::{SearchService, entries::principal, failed, kinds, propose};
use crate::{classes::store as classes, documents::filed};

/// Suggestions given.
const SUGGESTIONS: usize = 8;

/// One page of what the actor may find.
pub(super) fn run(service: &SearchService, db: &Db, actor: &Actor, asked: &SearchQuery) -> Outcome<SearchAnswer> {
    let search = search(actor, asked)?;
    let found = service.index.search(&search).map_err(failed)?;
    let proposals = propose::run(&service.index, &search, &found)?;
    let reached = search.offset + found.hits.len();
    let ids: Vec<i64> = found.hits.iter().filter_map(|hit| i64::try_from(hit.id).ok()).collect();
    let (hits, facets) = db.read_now(|tx| {
        let mut seen = Seen::load(tx, actor, &ids)?;
        let hits: Vec<Hit> =
            found.hits.into_iter().filter_map(|hit| seen.hit(hit).transpose()).collect::<Outcome<_>>()?;
        Ok::<_, Refusal>((hits, facets(tx, actor, found.facets)?))
    })?;
    let more = reached < found.total && reached < diwan_search::MAX_DEPTH && !ids.is_empty();
    // What the index still counts and the database hides already is not told.
    let hidden = ids.len() - hits.len();
    Ok(SearchAnswer {
        hits,
        next: more.then(|| reached.to_string()),
        total: found.total.saturating_sub(hidden) as u64,
        facets,
        relaxed: found.relaxed,
        cut: found.cut,
        took_ms: u64::try_from(found.took.as_millis()).unwrap_or(u64::MAX),
        proposals,
    })
}

/// The ids of everything found, in the order asked for; refused where there is more than `most`.
pub(super) fn all(service: &SearchService, actor: &Actor, asked: &SearchQuery, most: usize) -> Outcome<Vec<i64>> {
    let search = search(actor, asked)?;
    let found = service.index.find_ids(&search, most).map_err(failed)?;
    let ids = found.ok_or_else(super::export::too_many)?;
    Ok(ids.into_iter().filter_map(|id| i64::try_from(id).ok()).collect())
}

/// These records as hits without passages, in this order, as far as the actor may see them.
pub(super) fn shown(db: &Db, actor: &Actor, ids: &[i64]) -> Outcome<Vec<Hit>> {
    db.read_now(|tx| {
        let mut seen = Seen::load(tx, actor, ids)?;
        let bare = |id: &i64| {
            let subject = seen.rows.get(id).map(|row| row.subject.clone()).unwrap_or_default();
            diwan_search::Hit {
                id: u64::try_from(*id).unwrap_or_default(),
                kind: String::new(),
                number: None,
                score: 0.0,
                subject: diwan_search::Excerpt { text: subject, marks: Vec::new() },
                snippet: diwan_search::Excerpt::default(),
                place: diwan_search::Place::Text,
            }
        };
        let bare: Vec<_> = ids.iter().map(bare).collect();
        bare.into_iter().filter_map(|hit| seen.hit(hit).transpose()).collect()
    })
}

/// Records that fit what was typed so far, by number first where there are digits in it.
pub(super) fn suggest(service: &SearchService, db: &Db, actor: &Actor, typed: &str) -> Outcome<Suggestions> {
    let access = access(actor);
    let digits = text::fold(typed).chars().any(|c| c.is_ascii_digit());
    let mut found = Vec::new();
    if digits {
        let wanted = text::fold(typed.trim());
        let search = Search { text: typed.to_owned(), access: access.clone(), limit: SUGGESTIONS, ..Search::default() };
        let hits = service.index.search(&search).map_err(failed)?.hits.into_iter();
        let numbered =
            hits.filter(|hit| hit.number.as_ref().is_some_and(|number| text::fold(number).contains(&wanted)));
        found.extend(numbered.map(|hit| (hit.id, hit.subject)));
    }
    let by_subject = service.index.suggest(typed, &access, SUGGESTIONS).map_err(failed)?;
    found.extend(by_subject.into_iter().map(|one| (one.id, one.subject)));
    let ids: Vec<i64> = found.iter().filter_map(|(id, _)| i64::try_from(*id).ok()).collect();
    let mut seen: BTreeMap<i64, RecordRow> = db.read_now(|tx| {
        Ok::<_, Refusal>(records::load_visible_many(tx, actor, &ids)?.into_iter().map(|row| (row.id, row)).collect())
    })?;
    let items = found.into_iter().filter_map(|(id, subject)| {
        let row = seen.remove(&i64::try_from(id).ok()?)?;
        Some(row.kind.parse().map(|kind| Suggestion {
            id: row.id,
            kind,
            number: row.number,
            subject: excerpt(subject),
        }))
    });
    Ok(Suggestions { items: items.take(SUGGESTIONS).collect::<Result<_, _>>()? })
}

pub(super) fn access(actor: &Actor) -> Access {
    Access {
        principals: actor.principals.iter().map(|one| principal(actor.agency_id, one)).collect(),
        clearance: actor.clearance.rank(),
        caveats: actor.caveats.iter().map(|caveat| caveat.code().to_owned()).collect(),
    }
}

fn search(actor: &Actor, asked: &SearchQuery) -> Outcome<Search> {
    let words = |list: &Option<String>| -> Vec<String> {
        list.iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let agencies = words(&asked.agency).iter().map(|id| id.parse()).collect::<Result<_, _>>();
    let secrecy =
        words(&asked.secrecy).iter().map(|code| code.parse::<Secrecy>().map(Secrecy::rank)).collect::<Result<_, _>>();
    let filters = Filters {
        agencies: agencies.map_err(|_| Refusal::field("agency", "bad_id"))?,
        kinds: words(&asked.kind),
        states: Vec::new(),
        secrecy: secrecy.map_err(|_| Refusal::field("secrecy", "unknown_code"))?,
        classes: words(&asked.class),
        from: asked.from,
        to: asked.to,
    };
    let offset = asked.after.as_deref().map_or(Ok(0), str::parse).map_err(|_| Refusal::field("after", "bad_cursor"))?;
    let limit = PageRequest { after: None, limit: asked.limit }.rows();
    Ok(Search {
        text: asked.q.clone(),
        vocabulary: kinds::vocabulary(),
        filters,
        access: access(actor),
        sort: match asked.sort {
            None | Some(SearchSort::Relevance) => Sort::Relevance,
            Some(SearchSort::Newest) => Sort::Newest,
            Some(SearchSort::Oldest) => Sort::Oldest,
        },
        limit: usize::try_from(limit).unwrap_or(1),
        offset,
    })
}

/// What the database says of the records found.
struct Seen {
    rows: BTreeMap<i64, RecordRow>,
    agencies: Names,
    dates: BTreeMap<i64, NaiveDate>,
    files: BTreeMap<i64, Vec<Attachment>>,
}

impl Seen {
    fn load(tx: &mut ReadTx<'_>, actor: &Actor, ids: &[i64]) -> Outcome<Self> {
        let rows: BTreeMap<i64, RecordRow> =
            records::load_visible_many(tx, actor, ids)?.into_iter().map(|row| (row.id, row)).collect();
        let ids: Vec<i64> = rows.keys().copied().collect();
        // The day of the paper itself, where it is known, goes before the day it was filed.
        let mut dates: BTreeMap<i64, NaiveDate> =
            rows.values().map(|row| (row.id, tx.day_of(row.issued_at.unwrap_or(row.created_at)))).collect();
        dates.extend(filed(tx, &ids)?.into_iter().map(|(id, filed)| (id, filed.doc_date)));
        Ok(Self {
            agencies: names::of_agencies(tx, rows.values().map(|row| row.agency_id))?,
            dates,
            files: files::of_records(tx, &ids)?,
            rows,
        })
    }

    fn hit(&mut self, hit: diwan_search::Hit) -> Outcome<Option<Hit>> {
        let Ok(id) = i64::try_from(hit.id) else { return Ok(None) };
        // Every row that was loaded has its day.
        let (Some(row), Some(date)) = (self.rows.remove(&id), self.dates.remove(&id)) else { return Ok(None) };
        Ok(Some(Hit {
            id: row.id,
            kind: row.kind.parse()?,
            subject: excerpt(hit.subject),
            snippet: excerpt(hit.snippet),
            place: place(self.files.get(&row.id).map(Vec::as_slice).unwrap_or_default(), hit.place),
            agency: self.agencies.get(row.agency_id).cloned().unwrap_or_default(),
            state: row.state,
            secrecy: row.secrecy.parse()?,
            class_code: row.class_code,
            date,
            number: row.number,
        }))
    }
}

/// The file and the page of a place.
pub(super) fn place(files: &[Attachment], found: diwan_search::Place) -> Place {
    let diwan_search::Place::Attachment { label, page } = found else { return Place::default() };
    let file = files.iter().find(|file| file.file_name == label);
    Place { attachment_id: file.map(|file| file.id), attachment: Some(label), page }
}

fn facets(tx: &mut ReadTx<'_>, actor: &Actor, found: diwan_search::Facets) -> Outcome<Facets> {
    let ids = found.agencies.iter().filter_map(|one| i64::try_from(one.value).ok());
    let names = names::of_agencies(tx, ids)?;
    let paths: Vec<String> = found.classes.iter().map(|one| one.value.clone()).collect();
    let mut plan = classes::called(tx, actor.agency_id, paths)?;
    let plain = |value: String, count: usize| Facet { value, name: None, count: count as u64 };
    let secrecy = |rank: u64| Secrecy::ALL.iter().find(|level| u64::from(level.rank()) == rank);
    Ok(Facets {
        agencies: found
            .agencies
            .into_iter()
            .map(|one| Facet {
                name: i64::try_from(one.value).ok().and_then(|id| names.get(id).cloned()),
                value: one.value.to_string(),
                count: one.count as u64,
            })
            .collect(),
        kinds: found.kinds.into_iter().map(|one| plain(one.value, one.count)).collect(),
        secrecy: found
            .secrecy
            .into_iter()
            .filter_map(|one| Some(plain(secrecy(one.value)?.code().to_owned(), one.count)))
            .collect(),
        classes: found
            .classes
            .into_iter()
            .map(|one| Facet { name: plan.remove(&one.value), ..plain(one.value, one.count) })
            .collect(),
        months: found
            .months
            .into_iter()
            .filter_map(|one| {
                Some(DateFacet { month: format!("{}-01", one.value).parse().ok()?, count: one.count as u64 })
            })
            .collect(),
    })
}

pub(super) fn excerpt(found: diwan_search::Excerpt) -> Excerpt {
    let marks = found.marks.into_iter().map(|mark| Mark { start: mark.start, len: mark.len }).collect();
    Excerpt { text: found.text, marks }
}
