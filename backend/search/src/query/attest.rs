//! Particles that the lexicon of the stemmer cannot judge: ب ل ك ف in front of a word it does not know are cut only where
//! the index itself attests that what is left is the word. `بمدينة` is looked for as `مدينة` and the other way round,
//! because `مدينة` is the more frequent; `بحوث` is not looked for as `حوث`.

use tantivy::{Searcher, Term};

use super::parse::Parsed;
use crate::analyze::PARTICLES;
use crate::error::Result;
use crate::index::fields::Fields;

/// Shortest stem that is looked for with and without a particle.
const MIN_LETTERS: usize = 3;

/// Adds to each word the forms of it that the index attests.
pub(crate) fn attest(parsed: &mut Parsed, searcher: &Searcher, fields: &Fields) -> Result<()> {
    let found = |stem: &str| searcher.doc_freq(&Term::from_field_text(fields.body_s, stem));
    for word in &mut parsed.words {
        let Some(stem) = word.stem.as_deref().filter(|stem| is_arabic(stem)) else { continue };
        let own = found(stem)?;
        let (mut base, mut often) = (stem, own);
        if let Some(rest) = stem.strip_prefix(PARTICLES).filter(|rest| rest.chars().count() >= MIN_LETTERS) {
            let rests = found(rest)?;
            if rests > own {
                (base, often) = (rest, rests);
            }
        }
        let mut forms = vec![base.to_owned()];
        for particle in PARTICLES {
            let with = format!("{particle}{base}");
            let withs = found(&with)?;
            if with == stem || (withs > 0 && withs < often) {
                forms.push(with);
            }
        }
        word.forms = forms;
    }
    Ok(())
}

fn is_arabic(stem: &str) -> bool {
    stem.chars().count() >= MIN_LETTERS && stem.chars().all(|c| matches!(c, '\u{0620}'..='\u{06FF}'))
}
