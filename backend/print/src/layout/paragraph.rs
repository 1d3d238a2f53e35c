//! Runs of text to line strips.

use super::{Column, Context, LEADING, Strip};
use crate::{
    fonts::Weight,
    mark::Mark,
    model::{Align, Direction, Run},
    pdf::{Color, INK},
    text::{
        clean::{Style, hard_lines},
        place::{Measure, break_lines, natural_width, place_line},
        unit::units,
    },
};

/// How runs are set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    pub(crate) align: Align,
    pub(crate) direction: Direction,
    pub(crate) weight: Weight,
    pub(crate) color: Color,
}

impl Setting {
    /// Plain text of the document's direction.
    pub(crate) fn plain(direction: Direction) -> Self {
        Self { align: Align::Start, direction, weight: Weight::Regular, color: INK }
    }

    pub(crate) fn aligned(self, align: Align) -> Self {
        Self { align, ..self }
    }

    pub(crate) fn colored(self, color: Color) -> Self {
        Self { color, ..self }
    }

    pub(crate) fn bold(self) -> Self {
        Self { weight: Weight::Bold, ..self }
    }

    fn style(self) -> Style {
        Style { weight: self.weight, underline: false, color: self.color }
    }
}

/// Sets runs into a column. Gives one strip per line, at least one; no lone first or last line is left on a page.
pub(crate) fn lines(runs: &[Run], setting: Setting, column: Column, context: &mut Context<'_>) -> Vec<Strip> {
    let measure = Measure {
        x: column.x,
        width: column.width,
        size: column.size,
        align: setting.align,
        direction: setting.direction,
    };
    let mut strips: Vec<Strip> = Vec::new();
    for line in hard_lines(runs, setting.style()) {
        let units = units(&line, setting.direction, measure.ems(), &mut context.shaper);
        let ranges = break_lines(&units, measure.ems(), &context.shaper);
        let count = ranges.len();
        for (at, range) in ranges.into_iter().enumerate() {
            let units = units.get(range).unwrap_or_default();
            let marks = place_line(units, &measure, baseline(column.size), at + 1 == count, &context.shaper);
            strips.push(Strip { height: column.size * LEADING, marks, ..Strip::default() });
        }
    }
    let count = strips.len();
    for (at, strip) in strips.iter_mut().enumerate() {
        strip.keep = count > 1 && (at == 0 || at + 2 == count);
    }
    strips
}

/// Distance from the top of a line to its baseline.
pub(crate) fn baseline(size: f32) -> f32 {
    size * 1.09
}

/// Width of the widest hard line if it were not broken, in points.
pub(crate) fn width_of(runs: &[Run], setting: Setting, size: f32, context: &mut Context<'_>) -> f32 {
    hard_lines(runs, setting.style())
        .iter()
        .map(|line| {
            let units = units(line, setting.direction, f32::INFINITY, &mut context.shaper);
            natural_width(&units, &context.shaper) * size
        })
        .fold(0.0, f32::max)
}

/// One short text at a place, not broken: labels, page numbers, list markers.
pub(crate) fn label(text: &str, setting: Setting, column: Column, top: f32, context: &mut Context<'_>) -> Vec<Mark> {
    let strips = lines(&[Run::plain(text)], setting, column, context);
    let mut y = top;
    let mut marks = Vec::new();
    for strip in strips {
        marks.extend(strip.marks.into_iter().map(|mark| mark.lowered(y)));
        y += strip.height;
    }
    marks
}
