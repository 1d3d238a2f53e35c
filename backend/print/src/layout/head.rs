//! The head of the first page and the short header of the others.

use super::{
    Column, Context, LEADING, Strip, grid,
    paragraph::{Setting, baseline, label, lines, width_of},
    star,
};
use crate::{
    mark::Mark,
    model::{Align, Direction, Document, Field, KeyValue, Language, Letterhead, Logo, Run},
    pdf::{BRAND, HAIRLINE, INK, MUTED},
};

/// Text size of the letterhead, relative to the body.
const SCALE: f32 = 0.88;
/// Size of the mark in the middle, in points.
const LOGO: f32 = 50.0;

/// Letterhead, facts and classification, as one strip and what follows it.
pub(crate) fn first_page(document: &Document, column: Column, context: &mut Context<'_>) -> Vec<Strip> {
    let column_small = Column { size: column.size * SCALE, ..column };
    let mut strips = Vec::new();
    let mut fields_left = !document.fields.is_empty();
    if let Some(letterhead) = &document.letterhead {
        strips.push(top(letterhead, document, column_small, context));
        fields_left &= !letterhead.other_lines.is_empty();
    } else if !document.marks.is_empty() {
        let (marks, height) = pills(&document.marks, column_small, 0.0, context);
        strips.push(Strip { height: height + 4.0, marks, ..Strip::default() });
    }
    if fields_left {
        strips.push(Strip::space(column.size * 0.4));
        let pairs: Vec<KeyValue> = document
            .fields
            .iter()
            .map(|f| KeyValue { key: f.label.clone(), value: vec![Run::plain(f.value.clone())] })
            .collect();
        let columns = u8::try_from(pairs.len().min(3)).unwrap_or(3);
        strips.extend(grid::key_values(&pairs, columns, column_small, context));
    }
    if !strips.is_empty() {
        strips.push(Strip::space(column.size * 0.9));
    }
    strips
}

fn top(letterhead: &Letterhead, document: &Document, column: Column, context: &mut Context<'_>) -> Strip {
    let direction = context.direction;
    let side = (column.width - LOGO) / 2.0 - column.size;
    let mut height = 0.0_f32;
    let mut marks = side_lines(
        &letterhead.lines,
        Setting::plain(direction),
        column.part(side, false, direction),
        &mut height,
        context,
    );
    let end = column.part(side, true, direction);
    if letterhead.other_lines.is_empty() {
        marks.extend(facts(&document.fields, end, &mut height, context));
    } else {
        let other = if direction == Direction::Rtl { Direction::Ltr } else { Direction::Rtl };
        marks.extend(side_lines(&letterhead.other_lines, Setting::plain(other), end, &mut height, context));
    }
    let mut middle = logo(&letterhead.logo, column.x + column.width / 2.0, context, &mut marks);
    if !document.marks.is_empty() {
        let (pill_marks, pill_height) = pills(&document.marks, column, middle + 3.0, context);
        marks.extend(pill_marks);
        middle += 3.0 + pill_height;
    }
    height = height.max(middle) + column.size * 0.6;
    marks.push(Mark::rule(column.x, column.right(), height, 1.5, BRAND));
    Strip { height: height + 1.5, marks, ..Strip::default() }
}

/// Lines at one side: the first (the kingdom) bold.
fn side_lines(
    texts: &[String],
    setting: Setting,
    column: Column,
    height: &mut f32,
    context: &mut Context<'_>,
) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut y = 0.0;
    for (at, text) in texts.iter().enumerate() {
        let setting = if at == 0 { setting.bold() } else { setting };
        for strip in lines(&[Run::plain(text.clone())], setting, column, context) {
            marks.extend(strip.marks.into_iter().map(|mark| mark.lowered(y)));
            y += strip.height;
        }
    }
    *height = height.max(y);
    marks
}

/// Facts as a block of labels and values that ends at the end edge.
fn facts(fields: &[Field], column: Column, height: &mut f32, context: &mut Context<'_>) -> Vec<Mark> {
    let setting = Setting::plain(context.direction);
    let mut widest = |texts: &mut dyn Iterator<Item = &String>| {
        texts.map(|t| width_of(&[Run::plain(t.clone())], setting, column.size, context)).fold(0.0, f32::max)
    };
    let gap = column.size * 0.8;
    let key_width = widest(&mut fields.iter().map(|f| &f.label)).min(column.width * 0.5) + 0.5;
    let value_width = (widest(&mut fields.iter().map(|f| &f.value)) + 0.5).min(column.width - key_width - gap);
    let block = column.part(key_width + gap + value_width, true, context.direction);
    let (key, value) =
        (block.part(key_width, false, context.direction), block.part(value_width, true, context.direction));
    let mut marks = Vec::new();
    let mut y = 0.0;
    for field in fields {
        marks.extend(label(&field.label, setting.colored(MUTED), key, y, context));
        let strips = lines(&[Run::plain(field.value.clone())], setting, value, context);
        for strip in strips {
            marks.extend(strip.marks.into_iter().map(|mark| mark.lowered(y)));
            y += strip.height;
        }
    }
    *height = height.max(y);
    marks
}

/// Draws the mark centred at `x`; gives the height it takes.
fn logo(logo: &Logo, x: f32, context: &mut Context<'_>, marks: &mut Vec<Mark>) -> f32 {
    match logo {
        Logo::None => 0.0,
        Logo::Star => {
            marks.extend(star::star(x, LOGO / 2.0 + 1.0, LOGO));
            LOGO + 2.0
        }
        Logo::Png(png) => {
            let Some((index, width, height)) = context.image(png) else { return 0.0 };
            let scale = (LOGO / height).min(LOGO * 1.6 / width);
            let (width, height) = (width * scale, height * scale);
            marks.push(Mark::Image { index, x: x - width / 2.0, y: 0.0, width, height });
            height
        }
    }
}

/// Classification and urgency in boxes, centred in the column; gives marks and height.
fn pills(texts: &[String], column: Column, top: f32, context: &mut Context<'_>) -> (Vec<Mark>, f32) {
    let size = column.size * 0.86;
    let setting = Setting::plain(context.direction).bold().colored(BRAND);
    let (pad, gap, height) = (size * 0.7, size * 0.5, size * LEADING);
    let widths: Vec<f32> =
        texts.iter().map(|t| width_of(&[Run::plain(t.clone())], setting, size, context) + 2.0 * pad).collect();
    #[expect(clippy::cast_precision_loss, reason = "a handful of marks")]
    let total = widths.iter().sum::<f32>() + gap * (widths.len().saturating_sub(1)) as f32;
    let mut done = 0.0;
    let mut marks = Vec::new();
    for (text, width) in texts.iter().zip(widths) {
        let middle = column.x + (column.width - total) / 2.0;
        let x = if context.direction == Direction::Rtl { middle + total - done - width } else { middle + done };
        let (bottom, right) = (top + height, x + width);
        let points = vec![(x, top), (right, top), (right, bottom), (x, bottom)];
        marks.push(Mark::Outline { points, width: 0.8, color: BRAND });
        let inner = Column { x: x + pad / 2.0, width: width - pad, size };
        marks.extend(label(text, setting.aligned(Align::Center), inner, top, context));
        done += width + gap;
    }
    (marks, height)
}

/// Height of the short header, its distance to the body included.
pub(crate) const SHORT_HEIGHT: f32 = 30.0;

/// Header of the pages after the first: agency, classification, reference.
pub(crate) fn short(document: &Document, column: Column, context: &mut Context<'_>) -> Vec<Mark> {
    let column = Column { size: 10.0, ..column };
    let setting = Setting::plain(context.direction).colored(MUTED);
    let third = column.width / 3.0 - 6.0;
    let agency = document.letterhead.as_ref().and_then(|l| l.lines.get(1).or(l.lines.first()));
    let reference = if document.reference.is_empty() { &document.title } else { &document.reference };
    let mut marks = Vec::new();
    let wide = if document.marks.is_empty() { column.width / 2.0 - 6.0 } else { third };
    if let Some(agency) = agency {
        let start = column.part(wide, false, context.direction);
        marks.extend(first_line(agency, setting, start, context));
    }
    if !document.marks.is_empty() {
        let middle = Column { x: column.x + third + 6.0, width: third, ..column };
        let text = document.marks.join(" · ");
        marks.extend(first_line(&text, setting.colored(INK).bold().aligned(Align::Center), middle, context));
    }
    let end = column.part(wide, true, context.direction);
    marks.extend(first_line(reference, setting.aligned(Align::End), end, context));
    let y = column.size * LEADING + 2.0;
    marks.push(Mark::rule(column.x, column.right(), y, 0.6, HAIRLINE));
    marks
}

/// The first line of a text that may be too long for its place; the rest is cut off.
fn first_line(text: &str, setting: Setting, column: Column, context: &mut Context<'_>) -> Vec<Mark> {
    let strips = lines(&[Run::plain(text)], setting, column, context);
    strips.into_iter().next().map(|strip| strip.marks).unwrap_or_default()
}

/// Height of the footer, its distance to the body included.
pub(crate) const FOOTER_HEIGHT: f32 = 26.0;

/// Footer of page `page` of `pages`, with y from the top of the footer.
pub(crate) fn footer(
    document: &Document,
    page: usize,
    pages: usize,
    column: Column,
    context: &mut Context<'_>,
) -> Vec<Mark> {
    let column = Column { size: 9.5, ..column };
    let setting = Setting::plain(context.direction).colored(MUTED);
    let mut marks = vec![Mark::rule(column.x, column.right(), 6.0, 0.6, HAIRLINE)];
    let number_width = 90.0;
    let lower = |mark: Mark| mark.lowered(8.0);
    if !document.footer.text.is_empty() {
        let start = column.part(column.width - number_width, false, context.direction);
        marks.extend(first_line(&document.footer.text, setting, start, context).into_iter().map(lower));
    }
    if document.footer.page_numbers {
        let text = match context.language {
            Language::Ar => format!("صفحة {page} من {pages}"),
            Language::En => format!("Page {page} of {pages}"),
        };
        let end = column.part(number_width, true, context.direction);
        marks.extend(first_line(&text, setting.aligned(Align::End), end, context).into_iter().map(lower));
    }
    debug_assert!(baseline(column.size) + 8.0 < FOOTER_HEIGHT);
    marks
}
