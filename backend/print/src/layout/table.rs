//! Tables: column widths, head rows repeated on every page, tall rows cut.

use std::rc::Rc;

use super::{
    Column, Context, Strip,
    grid::{Grid, GridCell},
    paragraph,
};
use crate::{
    Warning,
    model::{Align, Borders, ColumnWidth, Row, Table},
    pdf::INK,
};

/// Lays out a table.
pub(crate) fn table(table: &Table, column: Column, context: &mut Context<'_>) -> Vec<Strip> {
    let count = column_count(table);
    if count == 0 {
        return Vec::new();
    }
    let column = Column { size: table.size_pt.unwrap_or(column.size * 0.86).clamp(5.0, 40.0), ..column };
    let padding = (column.size * 0.45, column.size * 0.12);
    let widths = widths(table, count, column, padding.0, context);
    let borders: Borders = table.borders;
    let grid = Grid { column, widths, borders, padding };
    let mut head: Vec<Strip> = Vec::new();
    for row in &table.header {
        let cells = cells(row, table, count, true, context);
        head.extend(grid.row(&cells, true, context.body_height / 3.0, context));
    }
    head.iter_mut().for_each(|strip| strip.keep = true);
    let head = Rc::new(head);
    let mut strips: Vec<Strip> = head.to_vec();
    // A tall row is cut into slices of a quarter page, so that it can begin in what is left of a page.
    let limit = context.body_height / 4.0;
    for row in &table.rows {
        let cells = cells(row, table, count, row.strong, context);
        let mut rows = grid.row(&cells, row.strong, limit, context);
        rows.iter_mut().for_each(|strip| strip.header = Some(Rc::clone(&head)).filter(|head| !head.is_empty()));
        strips.append(&mut rows);
    }
    strips
}

fn column_count(table: &Table) -> usize {
    let span = |row: &Row| row.cells.iter().map(|cell| usize::from(cell.span.max(1))).sum();
    match table.columns.len() {
        0 => table.header.iter().chain(&table.rows).map(span).max().unwrap_or(0),
        given => given,
    }
}

/// Cells of a row with their columns; what goes beyond the last column is dropped with a warning.
fn cells<'a>(row: &'a Row, table: &Table, count: usize, bold: bool, context: &mut Context<'_>) -> Vec<GridCell<'a>> {
    let head = table.header.iter().any(|head| std::ptr::eq(head, row));
    let mut first = 0;
    let mut result = Vec::with_capacity(row.cells.len());
    for cell in &row.cells {
        if first >= count {
            context.warnings.push(Warning::SurplusCell);
            break;
        }
        let span = usize::from(cell.span.max(1)).min(count - first);
        let of_column = table.columns.get(first).map_or(Align::Start, |column| column.align);
        let align = cell.align.unwrap_or(if head { Align::Center } else { of_column });
        result.push(GridCell { runs: &cell.runs, align, color: INK, bold, first, span });
        first += span;
    }
    // Empty cells complete the row, so that its lines are drawn.
    while first < count {
        result.push(GridCell { runs: &[], align: Align::Start, color: INK, bold, first, span: 1 });
        first += 1;
    }
    result
}

/// Widths of the columns; they always fill the page column.
fn widths(table: &Table, count: usize, column: Column, pad_x: f32, context: &mut Context<'_>) -> Vec<f32> {
    let rule = |at: usize| table.columns.get(at).map_or(ColumnWidth::Ratio(1.0), |c| c.width);
    let content: Vec<f32> = (0..count)
        .map(|at| match rule(at) {
            ColumnWidth::Content => natural_width(table, at, column, context) + 2.0 * pad_x + 1.0,
            ColumnWidth::Ratio(_) => 0.0,
        })
        .collect();
    let shares: Vec<f32> = (0..count)
        .map(|at| match rule(at) {
            ColumnWidth::Content => 0.0,
            // A share must be a positive number; anything else counts as 1.
            ColumnWidth::Ratio(share) if share.is_finite() && share > 0.0 => share,
            ColumnWidth::Ratio(_) => 1.0,
        })
        .collect();
    let (taken, parts): (f32, f32) = (content.iter().sum(), shares.iter().sum());
    if parts == 0.0 {
        return content.iter().map(|width| width / taken * column.width).collect();
    }
    // Content columns leave at least a third of the width to the others.
    let allowed = column.width * 2.0 / 3.0;
    let scale = if taken > allowed { allowed / taken } else { 1.0 };
    let free = column.width - taken * scale;
    content.iter().zip(&shares).map(|(width, share)| width * scale + free * share / parts).collect()
}

fn natural_width(table: &Table, at: usize, column: Column, context: &mut Context<'_>) -> f32 {
    let mut widest = 0.0_f32;
    for (row, bold) in table.header.iter().map(|r| (r, true)).chain(table.rows.iter().map(|r| (r, r.strong))) {
        let mut first = 0;
        for cell in &row.cells {
            let span = usize::from(cell.span.max(1));
            if first == at && span == 1 {
                let plain = paragraph::Setting::plain(context.direction);
                let setting = if bold { plain.bold() } else { plain };
                widest = widest.max(paragraph::width_of(&cell.runs, setting, column.size, context));
            }
            first += span;
        }
    }
    widest
}
