//! Where the words of a record come from: each module tells them of its own kinds.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use diwan_db::ReadTx;
use diwan_platform::Outcome;
use diwan_platform_api::records::RecordKind;

use crate::{
    documents::filed,
    types::{tags, values},
};

/// What a module knows of a record beyond its row and its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Names of further parties: copies, persons concerned. The record's own party is known.
    pub parties: Vec<String>,
    /// The agency on the other side; the record's own where there is none.
    pub counterpart_id: Option<i64>,
    /// Further numbers it is known by, such as the sender's.
    pub numbers: Vec<String>,
    /// Its date; the day of issue, or else of making, where there is none.
    pub date: Option<NaiveDate>,
    /// Its own text.
    pub body: String,
}

/// Tells the words of records of some kinds.
pub trait SearchSource: Send + Sync + 'static {
    /// The kinds it knows.
    fn kinds(&self) -> &'static [RecordKind];

    /// The content of these records, all of its kinds; one without content is left out.
    ///
    /// # Errors
    /// The database fails.
    fn contents(&self, tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Content>>;
}

/// The sources of all modules.
#[derive(Clone)]
pub struct Sources(Vec<Arc<dyn SearchSource>>);

impl Default for Sources {
    /// The archive's own documents.
    fn default() -> Self {
        Self(vec![Arc::new(Documents)])
    }
}

impl Sources {
    /// Adds the source of a module.
    #[must_use]
    pub fn with(mut self, source: impl SearchSource) -> Self {
        self.0.push(Arc::new(source));
        self
    }

    /// The content of records of one kind.
    pub(super) fn contents(
        &self,
        tx: &mut ReadTx<'_>,
        kind: RecordKind,
        ids: &[i64],
    ) -> Outcome<BTreeMap<i64, Content>> {
        let mut all = BTreeMap::new();
        for source in self.0.iter().filter(|source| source.kinds().contains(&kind)) {
            all.extend(source.contents(tx, ids)?);
        }
        Ok(all)
    }
}

/// Uploaded documents: their words are in their files, in the fields of their kind and in their tags.
struct Documents;

impl SearchSource for Documents {
    fn kinds(&self) -> &'static [RecordKind] {
        &[RecordKind::Document]
    }

    fn contents(&self, tx: &mut ReadTx<'_>, ids: &[i64]) -> Outcome<BTreeMap<i64, Content>> {
        let mut words = values::words(tx, ids)?;
        for (id, tags) in tags::of(tx, ids)? {
            words.entry(id).or_default().extend(tags);
        }
        let mut content = |id: i64, filed: crate::documents::Filed| Content {
            date: Some(filed.doc_date),
            body: words.remove(&id).unwrap_or_default().join("\n"),
            ..Content::default()
        };
        Ok(filed(tx, ids)?.into_iter().map(|(id, filed)| (id, content(id, filed))).collect())
    }
}
