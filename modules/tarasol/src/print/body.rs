//! The letter's text as print blocks.

use diwan_print::{
    Align as To, Block as Print, Cell as PrintCell, Column, Direction, ListItem, Paragraph, Row as PrintRow, Run, Table,
};
use diwan_tarasol_api::{Align, Block, Body, Dir, Inline, Mark, Row};

/// The blocks of a letter.
pub(super) fn blocks(body: &Body) -> Vec<Print> {
    all(&body.content)
}

fn all(content: &[Block]) -> Vec<Print> {
    content.iter().map(block).collect()
}

fn block(block: &Block) -> Print {
    match block {
        Block::Paragraph { attrs, content } => Print::Paragraph(Paragraph {
            runs: runs(content),
            align: align(attrs.align.unwrap_or(Align::Justify)),
            direction: attrs.dir.map(direction),
            ..Paragraph::default()
        }),
        Block::Heading { attrs, content } => Print::Heading {
            level: attrs.level.unwrap_or(2),
            text: runs(content).into_iter().map(|run| run.text).collect(),
            align: align(attrs.align.unwrap_or(Align::Start)),
        },
        Block::BulletList { content } => {
            Print::BulletList { items: content.iter().map(|item| ListItem { blocks: all(&item.content) }).collect() }
        }
        Block::OrderedList { attrs, content } => Print::OrderedList {
            start: attrs.order.unwrap_or(1),
            items: content.iter().map(|item| ListItem { blocks: all(&item.content) }).collect(),
        },
        Block::Table { content } => table(content),
    }
}

/// The rows that have heading cells only are the head, which every page repeats.
fn table(rows: &[Row]) -> Print {
    let heads = rows.iter().take_while(|row| row.content.iter().all(|cell| cell.parts().1)).count();
    let columns = rows.iter().map(|row| row.content.len()).max().unwrap_or(0);
    let mut printed: Vec<PrintRow> = rows.iter().map(row).collect();
    let body = printed.split_off(heads);
    Print::Table(Table { columns: vec![Column::default(); columns], header: printed, rows: body, ..Table::default() })
}

fn row(row: &Row) -> PrintRow {
    let cells = row
        .content
        .iter()
        .map(|cell| {
            let (blocks, heading) = cell.parts();
            let mut out: Vec<Run> = Vec::new();
            for block in blocks {
                if !out.is_empty() {
                    out.push(Run::plain("\n"));
                }
                if let Block::Paragraph { content, .. } | Block::Heading { content, .. } = block {
                    out.extend(runs(content));
                }
            }
            if heading {
                out.iter_mut().for_each(|run| run.bold = true);
            }
            PrintCell { runs: out, align: None, span: 1 }
        })
        .collect();
    PrintRow { cells, strong: false }
}

fn runs(content: &[Inline]) -> Vec<Run> {
    content
        .iter()
        .map(|inline| match inline {
            Inline::Text { text, marks } => Run {
                text: text.clone(),
                bold: marks.contains(&Mark::Strong),
                underline: marks.contains(&Mark::Underline),
            },
            Inline::HardBreak {} => Run::plain("\n"),
        })
        .collect()
}

fn align(align: Align) -> To {
    match align {
        Align::Start => To::Start,
        Align::Center => To::Center,
        Align::End => To::End,
        Align::Justify => To::Justify,
    }
}

fn direction(dir: Dir) -> Direction {
    match dir {
        Dir::Rtl => Direction::Rtl,
        Dir::Ltr => Direction::Ltr,
    }
}
