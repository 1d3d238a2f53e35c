//! Body blocks to strips.

use super::{Column, Context, Kind, MM, Strip, grid, list, paragraph, table};
use crate::{
    mark::Mark,
    model::{Align, Block, Paragraph, Run},
    pdf::{BRAND, Color, HAIRLINE, INK},
};

/// Lays out blocks one below the other in a column.
pub(crate) fn blocks(blocks: &[Block], column: Column, color: Color, context: &mut Context<'_>) -> Vec<Strip> {
    let mut strips = Vec::new();
    for block in blocks {
        strips.extend(self::block(block, column, color, context));
    }
    strips
}

fn block(block: &Block, column: Column, color: Color, context: &mut Context<'_>) -> Vec<Strip> {
    match block {
        Block::Paragraph(paragraph) => text(paragraph, column, color, context),
        Block::Heading { level, text, align } => heading(*level, text, *align, column, context),
        Block::BulletList { items } => list::list(items, None, column, color, context),
        Block::OrderedList { start, items } => list::list(items, Some(*start), column, color, context),
        Block::Table(table) => spaced(table::table(table, column, context), column),
        Block::Spacer { height_mm } => vec![Strip::space(height_mm * MM)],
        Block::Rule => {
            let height = column.size * 0.9;
            let marks = vec![Mark::rule(column.x, column.right(), height / 2.0, 0.6, HAIRLINE)];
            vec![Strip { height, marks, ..Strip::default() }]
        }
        Block::KeyValues { pairs, columns } => spaced(grid::key_values(pairs, *columns, column, context), column),
        Block::PageBreak => vec![Strip { kind: Kind::Break, ..Strip::default() }],
    }
}

fn spaced(mut strips: Vec<Strip>, column: Column) -> Vec<Strip> {
    strips.push(Strip::space(column.size * 0.6));
    strips
}

fn text(block: &Paragraph, column: Column, color: Color, context: &mut Context<'_>) -> Vec<Strip> {
    let size = block.size_pt.unwrap_or(column.size).clamp(5.0, 72.0);
    let direction = block.direction.unwrap_or(context.direction);
    let setting = paragraph::Setting::plain(direction).aligned(block.align).colored(color);
    let mut strips = paragraph::lines(&block.runs, setting, Column { size, ..column }, context);
    if block.keep_with_next {
        strips.iter_mut().for_each(|strip| strip.keep = true);
    }
    strips.push(Strip { keep: block.keep_with_next, ..Strip::space(size * 0.38) });
    strips
}

fn heading(level: u8, text: &str, align: Align, column: Column, context: &mut Context<'_>) -> Vec<Strip> {
    let (scale, color) = match level {
        0 | 1 => (1.35, BRAND),
        2 => (1.15, BRAND),
        _ => (1.0, INK),
    };
    let setting = paragraph::Setting::plain(context.direction).aligned(align).colored(color).bold();
    let size = column.size * scale;
    let mut strips = vec![Strip::space(size * 0.35)];
    strips.extend(paragraph::lines(&[Run::plain(text)], setting, Column { size, ..column }, context));
    strips.push(Strip::space(size * 0.2));
    strips.iter_mut().for_each(|strip| strip.keep = true);
    strips
}
