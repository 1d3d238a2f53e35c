//! PowerPoint presentations (Office Open XML): slides in the order of the show, speaker's notes, comments, diagrams.

use crate::collect::Collector;
use crate::docx::{add_embedded, add_flow, describe};
use crate::input::Input;
use crate::outcome::{PartKind, Reason};
use crate::package::Package;
use crate::xml::{self, Node};

/// Reads a presentation.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    let mut package = Package::open(collector, input)?;
    describe(collector, &mut package)?;
    let slides = slides(collector, &mut package)?;
    collector.count_pages(u32::try_from(slides.len()).unwrap_or(u32::MAX));
    let mut damage = Ok(());
    for (page, slide) in (1..).zip(&slides) {
        damage = damage.and(add_flow(collector, &mut package, slide, PartKind::Slide, Some(page)));
        for (target, kind) in neighbours(collector, &mut package, slide)? {
            damage = damage.and(add_flow(collector, &mut package, &target, kind, Some(page)));
        }
    }
    collector.saw_image |= package.names().iter().any(|name| name.starts_with("ppt/media/"));
    add_embedded(collector, &mut package, "ppt/embeddings/")?;
    damage
}

/// The slides in the order of the show; in the order of their numbers where the list is missing or damaged.
fn slides(collector: &mut Collector<'_>, package: &mut Package<'_>) -> Result<Vec<String>, Reason> {
    const MAIN: &str = "ppt/presentation.xml";
    let all: Vec<String> = package
        .names()
        .into_iter()
        .filter(|name| name.starts_with("ppt/slides/slide") && name.ends_with(".xml"))
        .collect();
    let Some(main) = package.xml(collector, MAIN)? else {
        return if all.is_empty() { Err(Reason::Corrupt) } else { Ok(all) };
    };
    let relations = relations(collector, package, MAIN)?;
    let mut ordered = Vec::new();
    let result = xml::walk(&main, |node| {
        if let Node::Open("sldId", attributes) = node {
            // `id` is the slide's number; `r:id`, whose local name is the same, comes second and names the part.
            let target = attributes.all("id").into_iter().find_map(|id| relations.iter().find(|one| one.id == id));
            ordered.extend(target.map(|one| one.target.clone()));
        }
    });
    Ok(if result.is_err() || ordered.is_empty() { all } else { ordered })
}

/// What belongs to a slide: its notes, comments and diagrams.
fn neighbours(
    collector: &mut Collector<'_>,
    package: &mut Package<'_>,
    slide: &str,
) -> Result<Vec<(String, PartKind)>, Reason> {
    const KINDS: [(&str, PartKind); 4] = [
        ("/notesSlide", PartKind::SpeakerNotes),
        ("/comments", PartKind::Comments),
        ("/diagramData", PartKind::Drawing),
        ("/chart", PartKind::Drawing),
    ];
    let relations = relations(collector, package, slide)?;
    let kind = |kind: &str| KINDS.iter().find(|(ending, _)| kind.ends_with(ending)).map(|(_, kind)| *kind);
    Ok(relations.into_iter().filter_map(|one| kind(&one.kind).map(|kind| (one.target, kind))).collect())
}

/// A relation from one part of a package to another.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// The relations of a part (ISO/IEC 29500-2, part 9), with targets as names of entries.
fn relations(collector: &mut Collector<'_>, package: &mut Package<'_>, part: &str) -> Result<Vec<Relation>, Reason> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let Some(xml) = package.xml(collector, &format!("{folder}/_rels/{file}.rels"))? else { return Ok(Vec::new()) };
    let mut relations = Vec::new();
    // A damaged list still gives the relations before the damage.
    let _ = xml::walk(&xml, |node| {
        if let Node::Open("Relationship", attributes) = node
            && let (Some(id), Some(kind), Some(target)) =
                (attributes.get("Id"), attributes.get("Type"), attributes.get("Target"))
        {
            relations.push(Relation { id, kind, target: resolve(folder, &target) });
        }
    });
    Ok(relations)
}

/// The entry that a relative target names, seen from a folder.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').collect();
    for step in target.split('/') {
        match step {
            ".." => {
                path.pop();
            }
            "." => {}
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_are_seen_from_the_part() {
        assert_eq!(resolve("ppt/slides", "../notesSlides/notesSlide1.xml"), "ppt/notesSlides/notesSlide1.xml");
        assert_eq!(resolve("ppt", "slides/slide1.xml"), "ppt/slides/slide1.xml");
        assert_eq!(resolve("ppt", "/ppt/slides/slide1.xml"), "ppt/slides/slide1.xml");
    }
}
