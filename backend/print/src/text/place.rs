//! Lines: units broken to a width, put in visual order (UAX #9, rule L2), aligned and placed.

use std::ops::Range;

use unicode_bidi::{BidiClass, bidi_class};

use super::{
    clean::Style,
    shape::Shaper,
    unit::{Gap, Piece, Unit},
};
use crate::{
    mark::{Join, Mark, TextMark},
    model::{Align, Direction},
};

/// Where and how a line is set; lengths in points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    /// Left edge of the column.
    pub(crate) x: f32,
    /// Width of the column.
    pub(crate) width: f32,
    /// Text size.
    pub(crate) size: f32,
    /// Alignment.
    pub(crate) align: Align,
    /// Paragraph direction.
    pub(crate) direction: Direction,
}

impl Measure {
    /// Column width in em.
    pub(crate) fn ems(&self) -> f32 {
        self.width / self.size
    }
}

fn gap_width(gap: &Gap, shaper: &Shaper<'_>) -> f32 {
    f32::from(gap.count) * shaper.space(gap.style.weight).1
}

/// Greedy line breaking. Gives the unit range of each line; never an empty list.
pub(crate) fn break_lines(units: &[Unit], max_width: f32, shaper: &Shaper<'_>) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut width, mut pending) = (0, 0.0_f32, 0.0_f32);
    for (at, unit) in units.iter().enumerate() {
        // Rounding must not push out a word that was measured to fit exactly.
        if at > start && width + pending + unit.width > max_width + 0.01 {
            lines.push(start..at);
            (start, width, pending) = (at, 0.0, 0.0);
        }
        width += pending + unit.width;
        pending = unit.gap.as_ref().map_or(0.0, |gap| gap_width(gap, shaper));
    }
    lines.push(start..units.len());
    lines
}

/// Natural width of units in em, without trailing spaces.
pub(crate) fn natural_width(units: &[Unit], shaper: &Shaper<'_>) -> f32 {
    let words: f32 = units.iter().map(|u| u.width).sum();
    let inner = units.split_last().map_or(&[][..], |(_, rest)| rest);
    words + inner.iter().filter_map(|u| u.gap.as_ref()).map(|gap| gap_width(gap, shaper)).sum::<f32>()
}

/// The most (em) that justification adds to a space.
const WIDEST_STRETCH: f32 = 0.42;

enum Item<'a> {
    Piece(&'a Piece),
    Gap(&'a Gap),
}

impl Item<'_> {
    fn level(&self) -> u8 {
        match self {
            Self::Piece(piece) => piece.level,
            Self::Gap(gap) => gap.level,
        }
    }

    fn style(&self) -> Style {
        match self {
            Self::Piece(piece) => piece.style,
            Self::Gap(gap) => gap.style,
        }
    }
}

/// Sets one line with its baseline at `baseline`. `last` lines are not stretched.
pub(crate) fn place_line(
    units: &[Unit],
    measure: &Measure,
    baseline: f32,
    last: bool,
    shaper: &Shaper<'_>,
) -> Vec<Mark> {
    let mut items: Vec<Item<'_>> = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        items.extend(unit.pieces.iter().map(Item::Piece));
        if at + 1 < units.len() {
            items.extend(unit.gap.iter().map(Item::Gap));
        }
    }
    let free = measure.width - natural_width(units, shaper) * measure.size;
    let gaps: f32 = items.iter().map(|i| if let Item::Gap(gap) = i { f32::from(gap.count) } else { 0.0 }).sum();
    let wanted = if measure.align == Align::Justify && !last && gaps > 0.0 { free.max(0.0) / gaps } else { 0.0 };
    // A line with few words before a long one stays ragged: holes are ugly, and readers take them for columns.
    let stretch = if wanted <= WIDEST_STRETCH * measure.size { wanted } else { 0.0 };
    let left = match (measure.align, measure.direction) {
        _ if stretch > 0.0 => 0.0,
        (Align::Center, _) => free / 2.0,
        (Align::Start | Align::Justify, Direction::Ltr) | (Align::End, Direction::Rtl) => 0.0,
        (Align::Start | Align::Justify, Direction::Rtl) | (Align::End, Direction::Ltr) | (Align::Figures, _) => free,
    };
    let mut x = measure.x + left;
    let mut places = vec![(0.0, 0.0); items.len()];
    for &at in &visual_order(&items) {
        let width = match &items[at] {
            Item::Piece(piece) => piece.shaped.advance * measure.size,
            Item::Gap(gap) => gap_width(gap, shaper) * measure.size + f32::from(gap.count) * stretch,
        };
        places[at] = (x, width);
        x += width;
    }
    let mut marks = underlines(&items, &places, measure.size, baseline);
    let mut texts = texts(&items, &places, measure, baseline);
    // A space after the line too: MuPDF would glue the text of the next table cell to it.
    if let Some(Mark::Text(text)) = texts.last_mut() {
        text.space_x = Some(match measure.direction {
            Direction::Rtl => places.iter().map(|p| p.0).fold(text.x, f32::min) - 0.25 * measure.size,
            Direction::Ltr => x,
        });
    }
    marks.extend(texts);
    marks
}

/// Indices of the items from left to right.
fn visual_order(items: &[Item<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    let highest = items.iter().map(Item::level).max().unwrap_or(0);
    for level in (1..=highest).rev() {
        let mut start = 0;
        while start < order.len() {
            let length = order[start..].iter().take_while(|&&at| items[at].level() >= level).count();
            order[start..start + length].reverse();
            start += length.max(1);
        }
    }
    order
}

/// Text marks in reading order: readers that follow the order of drawing then read in order too.
fn texts(items: &[Item<'_>], places: &[(f32, f32)], measure: &Measure, baseline: f32) -> Vec<Mark> {
    let fences = fences(items, places, measure);
    let mut marks: Vec<Mark> = Vec::with_capacity(items.len());
    for ((item, &(x, _)), fence) in items.iter().zip(places).zip(fences) {
        match item {
            Item::Piece(piece) => marks.push(Mark::Text(TextMark {
                x,
                y: baseline,
                size: measure.size,
                weight: piece.style.weight,
                color: piece.style.color,
                shaped: std::rc::Rc::clone(&piece.shaped),
                fenced: fence.fenced,
                trailed: fence.trailed,
                join_before: fence.before,
                join_after: fence.after,
                space_x: None,
            })),
            Item::Gap(_) => {
                if let Some(Mark::Text(text)) = marks.last_mut() {
                    text.space_x = Some(x);
                }
            }
        }
    }
    marks
}

#[derive(Clone, Copy, Default)]
struct Fence {
    fenced: bool,
    trailed: bool,
    before: Option<Join>,
    after: Option<Join>,
}

/// Direction marks around runs against the line's direction. Without them readers pull neighbouring spaces and
/// brackets into the run (poppler) or start a new line at it (MuPDF, at Latin letters in Arabic).
fn fences(items: &[Item<'_>], places: &[(f32, f32)], measure: &Measure) -> Vec<Fence> {
    let rtl = measure.direction == Direction::Rtl;
    let against = |at: usize| items.get(at).is_some_and(|i| (i.level() % 2 == 1) != rtl);
    let mut fences = vec![Fence::default(); items.len()];
    let mut start = 0;
    while start < items.len() {
        let end = (start..items.len()).find(|&at| against(at) != against(start)).unwrap_or(items.len());
        if against(start) {
            let run = &places[start..end];
            let step = measure.size * 0.004;
            let x = if rtl {
                run.iter().map(|p| p.0).fold(f32::INFINITY, f32::min) - step
            } else {
                run.iter().map(|p| p.0 + p.1).fold(f32::NEG_INFINITY, f32::max) - step
            };
            let letters =
                items[start..end].iter().any(|i| matches!(i, Item::Piece(p) if p.text.contains(char::is_alphabetic)));
            let join = Some(Join { rtl, x }).filter(|_| !rtl || letters);
            fences[start].fenced = join.is_none() && end < items.len();
            fences[start].before = join.filter(|_| rtl && start > 0);
            if let (true, Item::Piece(last)) = (rtl, &items[end - 1]) {
                fences[end - 1].trailed = last.text.chars().next_back().is_some_and(|c| bidi_class(c) == BidiClass::ON);
            }
            fences[end - 1].after = join.filter(|_| end < items.len());
        }
        start = end;
    }
    // MuPDF keeps the direction of the line before until a letter says otherwise.
    if let (true, Some(Item::Piece(first)), Some(place)) = (rtl, items.first(), places.first())
        && !first.text.starts_with(char::is_alphabetic)
    {
        fences[0].before = Some(Join { rtl, x: place.0 + place.1 - measure.size * 0.004 });
    }
    fences
}

/// One line under each visual stretch of underlined items, spaces included.
fn underlines(items: &[Item<'_>], places: &[(f32, f32)], size: f32, baseline: f32) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut open: Option<(f32, f32, Style)> = None;
    for at in visual_order(items) {
        let (x, width) = places[at];
        let style = items[at].style();
        open = match open {
            Some((from, _, first)) if style.underline => Some((from, x + width, first)),
            None if style.underline => Some((x, x + width, style)),
            Some((from, to, first)) => {
                marks.push(Mark::rule(from, to, baseline + size * 0.3, size * 0.05, first.color));
                None
            }
            None => None,
        };
    }
    if let Some((from, to, first)) = open {
        marks.push(Mark::rule(from, to, baseline + size * 0.3, size * 0.05, first.color));
    }
    marks
}
