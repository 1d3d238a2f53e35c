//! Sending a file: never as a page of Diwan's own, in parts where the client asks for them.

use std::ops::Range;

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    http::{StatusCode, header},
};
use diwan_platform::files::{BlobFault, BlobStore, store::AttachmentRow};

/// Types that a browser may show in the page; everything else is saved.
const SHOWN: &[&str] = &["application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];

/// What a shown file may do: nothing.
const CSP: &str = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// Answers with the file, or the part of it that the request names.
///
/// # Errors
/// The store has no such content, or fails.
pub async fn answer(
    blobs: &BlobStore,
    file: &AttachmentRow,
    inline: bool,
    request: &HttpRequest,
) -> Result<HttpResponse, BlobFault> {
    let size = u64::try_from(file.size).unwrap_or_default();
    let etag = format!("\"{}\"", file.blob_hash);
    let asked = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    if asked(header::IF_NONE_MATCH).is_some_and(|seen| seen.split(',').any(|tag| tag.trim() == etag)) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    let ranged = asked(header::IF_RANGE).is_none_or(|tag| tag == etag);
    let part = match asked(header::RANGE).filter(|_| ranged).map(|text| range(text, size)) {
        Some(Asked::Outside) => {
            let whole = format!("bytes */{size}");
            return Ok(HttpResponse::RangeNotSatisfiable().insert_header((header::CONTENT_RANGE, whole)).finish());
        }
        Some(Asked::Part(part)) => Some(part),
        Some(Asked::Whole) | None => None,
    };
    let status = if part.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let shown = inline && SHOWN.contains(&file.media_type.as_str());
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    let stream = blobs.read(&file.blob_hash, part.clone()).await?;
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CONTENT_TYPE, file.media_type.as_str()))
        .insert_header((header::CONTENT_DISPOSITION, disposition(shown, &file.file_name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, CSP))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::ETAG, etag))
        // Parts of a compressed file would not be those that were asked for.
        .insert_header(header::ContentEncoding::Identity);
    if let Some(part) = part {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {}-{}/{size}", part.start, part.end - 1)));
    }
    Ok(response.body(SizedStream::new(length, stream)))
}

/// What a `Range` header asks for (RFC 9110, 14.2).
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// One part.
    Part(Range<u64>),
    /// Nothing of the file.
    Outside,
    /// Everything: several parts, or words that are not understood.
    Whole,
}

fn range(text: &str, size: u64) -> Asked {
    let Some((from, to)) = text.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')) else {
        return Asked::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let part = match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => from..to.saturating_add(1).min(size),
        (Some(from), None) if to.trim().is_empty() => from..size,
        (None, Some(last)) if from.trim().is_empty() => size.saturating_sub(last)..size,
        _ => return Asked::Whole,
    };
    if part.is_empty() { Asked::Outside } else { Asked::Part(part) }
}

/// The name for every browser: plain ASCII, and beside it the real one (RFC 6266, RFC 8187).
fn disposition(inline: bool, name: &str) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' })
        .collect();
    let mut real = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            real.push(char::from(byte));
        } else {
            real.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{real}")
}

#[cfg(test)]
mod tests {
    use super::{Asked, disposition, range};

    #[test]
    fn ranges_are_read() {
        assert_eq!(range("bytes=0-9", 100), Asked::Part(0..10));
        assert_eq!(range("bytes=90-200", 100), Asked::Part(90..100));
        assert_eq!(range("bytes=40-", 100), Asked::Part(40..100));
        assert_eq!(range("bytes=-10", 100), Asked::Part(90..100));
        assert_eq!(range("bytes=-1000", 100), Asked::Part(0..100));
        assert_eq!(range("bytes=100-", 100), Asked::Outside);
        assert_eq!(range("bytes=-0", 100), Asked::Outside);
        for whole in ["bytes=5-2", "bytes=0-1,5-6", "bytes=x-", "lines=1-2", "bytes=-"] {
            assert_eq!(range(whole, 100), Asked::Whole, "{whole}");
        }
    }

    #[test]
    fn names_survive_in_both_forms() {
        assert_eq!(
            disposition(false, "كتاب \"1\".pdf"),
            "attachment; filename=\"____ _1_.pdf\"; filename*=UTF-8''%D9%83%D8%AA%D8%A7%D8%A8%20%221%22.pdf"
        );
        assert!(disposition(true, "a.pdf").starts_with("inline; "));
    }
}
