//! The end of a letter: signature, attachments and copies, QR code.

use super::{
    Column, Context, Kind, MM, Strip, flow,
    paragraph::{Setting, lines, width_of},
};
use crate::{
    PrintError,
    mark::Mark,
    model::{Align, Document, Run, Signature, Verification},
    pdf::{HAIRLINE, INK, MUTED},
    qr,
};

/// Height left for a signature by hand, in points.
const SIGNING_SPACE: f32 = 40.0;

/// The signature block: one chain of strips that stays together, centred on itself at the end edge.
pub(crate) fn signature(signature: &Signature, column: Column, context: &mut Context<'_>) -> Vec<Strip> {
    let setting = Setting::plain(context.direction).aligned(Align::Center);
    let runs = |text: &String| [Run::plain(text.clone())];
    let name = [Run::bold(signature.name.clone())];
    let texts = signature.above.iter().chain(&signature.below).map(runs).chain([name.clone()]);
    let widest =
        texts.map(|runs| width_of(&runs, setting, column.size, context)).fold(column.size * 8.0, f32::max) + 2.0;
    let place = column.part(widest.min(column.width), true, context.direction);
    let mut strips = vec![Strip::space(column.size * 0.8)];
    for line in &signature.above {
        strips.extend(lines(&runs(line), setting, place, context));
    }
    strips.push(signing(signature, place, context));
    strips.extend(lines(&name, setting, place, context));
    for line in &signature.below {
        strips.extend(lines(&runs(line), setting, place, context));
    }
    strips.iter_mut().for_each(|strip| strip.keep = true);
    if let Some(last) = strips.last_mut() {
        last.keep = false;
    }
    strips
}

fn signing(signature: &Signature, place: Column, context: &mut Context<'_>) -> Strip {
    let image = signature.image.as_ref().and_then(|png| context.image(png));
    let marks = image.map(|(index, width, height)| {
        let scale = (SIGNING_SPACE / height).min(place.width * 1.2 / width);
        let (width, height) = (width * scale, height * scale);
        let x = place.x + (place.width - width) / 2.0;
        Mark::Image { index, x, y: (SIGNING_SPACE - height) / 2.0, width, height }
    });
    Strip { height: SIGNING_SPACE, marks: marks.into_iter().collect(), ..Strip::default() }
}

/// Foot of the last page.
pub(crate) struct Tail {
    /// Goes to the bottom of the last page in one piece.
    pub(crate) anchored: Option<Strip>,
    /// Flows like the body: notes too long to be kept in one piece.
    pub(crate) flowing: Vec<Strip>,
}

/// Notes beside the QR code, above them a thin rule.
pub(crate) fn tail(document: &Document, column: Column, context: &mut Context<'_>) -> Result<Tail, PrintError> {
    let size = column.size * 0.84;
    let code = match &document.verification {
        Some(verification) => Some(code(verification, column, context)?),
        None => None,
    };
    let taken = code.as_ref().map_or(0.0, |(_, side)| side + size);
    let beside = column.part(column.width - taken, false, context.direction);
    let mut notes = flow::blocks(&document.notes, Column { size, ..beside }, INK, context);
    let mut flowing = Vec::new();
    let too_long = notes.iter().any(|s| s.kind == Kind::Break)
        || notes.iter().map(|s| s.height).sum::<f32>() > context.body_height * 0.5;
    if too_long {
        flowing = std::mem::take(&mut notes);
    }
    if let Some(verification) = &document.verification {
        let text = Run::plain(format!("{} {}", verification.label, verification.code));
        let setting = Setting::plain(context.direction).colored(MUTED);
        notes.extend(lines(&[text], setting, Column { size, ..beside }, context));
    }
    if notes.is_empty() {
        return Ok(Tail { anchored: None, flowing });
    }
    let top = 8.0;
    let text_height: f32 = notes.iter().map(|s| s.height).sum();
    let side = code.as_ref().map_or(0.0, |(_, side)| *side);
    let height = top + text_height.max(side);
    let mut marks = vec![Mark::rule(column.x, column.right(), 0.5, 0.6, HAIRLINE)];
    // Text ends level with the code, as in a signed form.
    let mut y = height - text_height;
    for strip in notes {
        marks.extend(strip.marks.into_iter().map(|mark| mark.lowered(y)));
        y += strip.height;
    }
    if let Some((mark, side)) = code {
        marks.push(mark.lowered(height - side));
    }
    Ok(Tail { anchored: Some(Strip { height, marks, ..Strip::default() }), flowing })
}

/// The QR code at the end edge of the column, and its side length.
fn code(verification: &Verification, column: Column, context: &Context<'_>) -> Result<(Mark, f32), PrintError> {
    let modules = qr::modules(&verification.payload)?;
    #[expect(clippy::cast_precision_loss, reason = "a QR code has at most 177 modules a side")]
    let count = modules.side as f32;
    // Half a millimetre per module is what a phone reads from a photocopy; small codes get a fixed size.
    let side = (24.0 * MM).max(0.5 * MM * count);
    let module = side / count;
    let place = column.part(side, true, context.direction);
    #[expect(clippy::cast_precision_loss, reason = "a QR code has at most 177 modules a side")]
    let boxes = modules
        .runs
        .iter()
        .map(|run| (place.x + run.x as f32 * module, run.y as f32 * module, run.length as f32 * module, module))
        .collect();
    Ok((Mark::Fill { boxes, color: crate::pdf::Color(0, 0, 0) }, side))
}
