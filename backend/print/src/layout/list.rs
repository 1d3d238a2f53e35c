//! Bulleted and numbered lists.

use super::{Column, Context, Kind, Strip, flow, paragraph};
use crate::{
    model::{Align, ListItem, Run},
    pdf::Color,
};

/// Lays out a list; `start` is the first number, `None` for bullets. The text of all items starts at one edge.
pub(crate) fn list(
    items: &[ListItem],
    start: Option<u32>,
    column: Column,
    color: Color,
    context: &mut Context<'_>,
) -> Vec<Strip> {
    let setting = paragraph::Setting::plain(context.direction).colored(color);
    let marker = |at: usize| match start {
        Some(first) => format!("{}.", first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))),
        None => "•".to_owned(),
    };
    let widest = Run::plain(marker(items.len().saturating_sub(1)));
    let gutter = paragraph::width_of(&[widest], setting, column.size, context) + column.size * 0.5;
    let indent = gutter + column.size * 0.4;
    let mut strips = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let mut inner = flow::blocks(&item.blocks, column.indented(indent, context.direction), color, context);
        if !inner.iter().any(|strip| strip.kind == Kind::Content) {
            inner.insert(0, Strip { height: column.size * super::LEADING, ..Strip::default() });
        }
        let place = column.indented(column.size * 0.4, context.direction);
        let place = place.part(gutter, false, context.direction);
        let marks = paragraph::label(&marker(at), setting.aligned(Align::Start), place, 0.0, context);
        if let Some(first) = inner.iter_mut().find(|strip| strip.kind == Kind::Content) {
            first.marks.splice(0..0, marks);
        }
        strips.append(&mut inner);
    }
    strips
}
