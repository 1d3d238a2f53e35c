//! Rows of cells: the common ground of tables and labelled values.

use super::{Column, Context, Strip, paragraph};
use crate::{
    mark::Mark,
    model::{Align, Borders, KeyValue, Run},
    pdf::{Color, HAIRLINE, INK, MUTED, TINT},
};

/// A cell ready to be set.
pub(crate) struct GridCell<'a> {
    pub(crate) runs: &'a [Run],
    pub(crate) align: Align,
    pub(crate) color: Color,
    pub(crate) bold: bool,
    /// Columns `first..first + span`.
    pub(crate) first: usize,
    pub(crate) span: usize,
}

/// Geometry shared by all rows of a grid.
pub(crate) struct Grid {
    pub(crate) column: Column,
    /// Widths of the columns from the start edge.
    pub(crate) widths: Vec<f32>,
    pub(crate) borders: Borders,
    /// Horizontal and vertical padding of a cell.
    pub(crate) padding: (f32, f32),
}

impl Grid {
    /// Left edge and width of columns `first..first + span`.
    fn place(&self, first: usize, span: usize, rtl: bool) -> (f32, f32) {
        let before: f32 = self.widths.iter().take(first).sum();
        let width: f32 = self.widths.iter().skip(first).take(span).sum();
        let x = if rtl { self.column.right() - before - width } else { self.column.x + before };
        (x, width)
    }

    /// Sets a row. A row taller than `limit` is cut between lines into several strips.
    pub(crate) fn row(
        &self,
        cells: &[GridCell<'_>],
        tinted: bool,
        limit: f32,
        context: &mut Context<'_>,
    ) -> Vec<Strip> {
        let rtl = context.direction == crate::model::Direction::Rtl;
        let (pad_x, pad_y) = self.padding;
        let mut columns: Vec<Vec<Strip>> = Vec::with_capacity(cells.len());
        for cell in cells {
            let (x, width) = self.place(cell.first, cell.span, rtl);
            let inner = Column { x: x + pad_x, width: (width - 2.0 * pad_x).max(self.column.size), ..self.column };
            let mut setting = paragraph::Setting::plain(context.direction).aligned(cell.align).colored(cell.color);
            if cell.bold {
                setting = setting.bold();
            }
            columns.push(paragraph::lines(cell.runs, setting, inner, context));
        }
        let leading = self.column.size * super::LEADING;
        let lines = columns.iter().map(Vec::len).max().unwrap_or(1).max(1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page has some dozen lines")]
        let per_slice = (((limit - 2.0 * pad_y) / leading).floor().max(1.0)) as usize;
        let slices = lines.div_ceil(per_slice);
        (0..slices)
            .map(|slice| {
                let range = slice * per_slice..((slice + 1) * per_slice).min(lines);
                let (first, last) = (slice == 0, slice + 1 == slices);
                let top = if first { pad_y } else { 0.0 };
                #[expect(clippy::cast_precision_loss, reason = "a page has some dozen lines")]
                let height = top + range.len() as f32 * leading + if last { pad_y } else { 0.0 };
                let mut marks = self.frame(cells, height, (first, last), tinted, rtl);
                for column in &columns {
                    let mut y = top;
                    for line in column.iter().skip(range.start).take(range.len()) {
                        marks.extend(line.marks.iter().cloned().map(|mark| mark.lowered(y)));
                        y += line.height;
                    }
                }
                Strip { height, marks, ..Strip::default() }
            })
            .collect()
    }

    /// Ground and lines of a row.
    fn frame(&self, cells: &[GridCell<'_>], height: f32, ends: (bool, bool), tinted: bool, rtl: bool) -> Vec<Mark> {
        let total: f32 = self.widths.iter().sum();
        let left = if rtl { self.column.right() - total } else { self.column.x };
        let right = left + total;
        let mut marks = Vec::new();
        if tinted {
            marks.push(Mark::Fill { boxes: vec![(left, 0.0, total, height)], color: TINT });
        }
        if self.borders != Borders::None {
            if ends.0 {
                marks.push(Mark::rule(left, right, 0.0, 0.5, HAIRLINE));
            }
            if ends.1 {
                marks.push(Mark::rule(left, right, height, 0.5, HAIRLINE));
            }
        }
        if self.borders == Borders::Grid {
            let mut edges = vec![left, right];
            edges.extend(cells.iter().map(|cell| self.place(cell.first, cell.span, rtl).0));
            for x in edges {
                marks.push(Mark::Line { from: (x, 0.0), to: (x, height), width: 0.5, color: HAIRLINE });
            }
        }
        marks
    }
}

/// Labelled values, `columns` pairs beside each other.
pub(crate) fn key_values(pairs: &[KeyValue], columns: u8, column: Column, context: &mut Context<'_>) -> Vec<Strip> {
    let columns = usize::from(columns.max(1));
    let setting = paragraph::Setting::plain(context.direction);
    let keys: Vec<[Run; 1]> = pairs.iter().map(|pair| [Run::plain(pair.key.clone())]).collect();
    let padding = (column.size * 0.3, column.size * 0.08);
    #[expect(clippy::cast_precision_loss, reason = "at most 255 columns")]
    let share = column.width / columns as f32;
    let widths: Vec<f32> = (0..columns)
        .flat_map(|at| {
            let in_column = keys.iter().skip(at).step_by(columns);
            let widest =
                in_column.map(|key| paragraph::width_of(key, setting, column.size, context)).fold(0.0, f32::max);
            let key = (widest + 2.0 * padding.0 + 1.0).min(share * 0.6);
            [key, share - key]
        })
        .collect();
    let grid = Grid { column, widths, borders: Borders::None, padding };
    let mut strips = Vec::new();
    for (row, keys) in pairs.chunks(columns).zip(keys.chunks(columns)) {
        let cells: Vec<GridCell<'_>> = row
            .iter()
            .zip(keys)
            .enumerate()
            .flat_map(|(at, (pair, key))| {
                let cell =
                    |runs, color, first| GridCell { runs, align: Align::Start, color, bold: false, first, span: 1 };
                [cell(&key[..], MUTED, at * 2), cell(&pair.value[..], INK, at * 2 + 1)]
            })
            .collect();
        strips.extend(grid.row(&cells, false, context.body_height / 4.0, context));
    }
    strips
}
