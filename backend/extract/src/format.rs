//! The formats that Diwan knows, with their media types and file name extensions.

/// A format that the sniffer can tell apart. What it cannot tell apart has no `Format`, only a media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    Pdf,
    Docx,
    Xlsx,
    Xlsb,
    Pptx,
    Odt,
    Ods,
    Odp,
    Odg,
    Doc,
    Xls,
    Ppt,
    Msg,
    /// A compound file (OLE2) of another kind.
    Compound,
    /// An office file wrapped in an encrypted compound file.
    EncryptedOffice,
    Rtf,
    Eml,
    Html,
    Xml,
    Csv,
    Text,
    Dxf,
    Png,
    Jpeg,
    Tiff,
    Gif,
    Bmp,
    Webp,
    Heif,
    Zip,
    /// Bytes of no known type.
    Binary,
}

/// Format, media type, and the extensions a truthful name may have; the first one is given to files without a name.
const TABLE: &[(Format, &str, &[&str])] = &[
    (Format::Pdf, "application/pdf", &["pdf"]),
    (
        Format::Docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        &["docx", "docm", "dotx", "dotm"],
    ),
    (
        Format::Xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        &["xlsx", "xlsm", "xltx", "xltm"],
    ),
    (Format::Xlsb, "application/vnd.ms-excel.sheet.binary.macroenabled.12", &["xlsb"]),
    (
        Format::Pptx,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        &["pptx", "pptm", "ppsx", "potx"],
    ),
    (Format::Odt, "application/vnd.oasis.opendocument.text", &["odt", "ott"]),
    (Format::Ods, "application/vnd.oasis.opendocument.spreadsheet", &["ods", "ots"]),
    (Format::Odp, "application/vnd.oasis.opendocument.presentation", &["odp", "otp"]),
    (Format::Odg, "application/vnd.oasis.opendocument.graphics", &["odg", "otg"]),
    (Format::Doc, "application/msword", &["doc", "dot"]),
    (Format::Xls, "application/vnd.ms-excel", &["xls", "xlt"]),
    (Format::Ppt, "application/vnd.ms-powerpoint", &["ppt", "pps", "pot"]),
    (Format::Msg, "application/vnd.ms-outlook", &["msg"]),
    (Format::Compound, "application/x-ole-storage", &["ole"]),
    (Format::EncryptedOffice, "application/encrypted", &["docx", "xlsx", "pptx", "docm", "xlsm", "pptm", "xlsb"]),
    (Format::Rtf, "application/rtf", &["rtf"]),
    (Format::Eml, "message/rfc822", &["eml", "mht", "mhtml"]),
    (Format::Html, "text/html", &["html", "htm", "xhtml"]),
    (Format::Xml, "application/xml", &["xml"]),
    (Format::Csv, "text/csv", &["csv"]),
    (Format::Text, "text/plain", &["txt", "text", "log", "md", "ini", "json", "tsv"]),
    (Format::Dxf, "image/vnd.dxf", &["dxf"]),
    (Format::Png, "image/png", &["png"]),
    (Format::Jpeg, "image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    (Format::Tiff, "image/tiff", &["tif", "tiff"]),
    (Format::Gif, "image/gif", &["gif"]),
    (Format::Bmp, "image/bmp", &["bmp"]),
    (Format::Webp, "image/webp", &["webp"]),
    (Format::Heif, "image/heif", &["heic", "heif"]),
    (Format::Zip, "application/zip", &["zip"]),
    (Format::Binary, "application/octet-stream", &["bin"]),
];

impl Format {
    fn row(self) -> &'static (Self, &'static str, &'static [&'static str]) {
        // Every variant has a row, which a test makes sure of.
        TABLE.iter().find(|row| row.0 == self).unwrap_or(&TABLE[TABLE.len() - 1])
    }

    /// The media type (RFC 6838), without parameters.
    pub(crate) fn media_type(self) -> &'static str {
        self.row().1
    }

    /// Extensions that a truthful file name may have, lower case, without the dot.
    pub(crate) fn extensions(self) -> &'static [&'static str] {
        self.row().2
    }

    /// The extension that a file without one should get.
    pub(crate) fn extension(self) -> &'static str {
        self.extensions().first().copied().unwrap_or("bin")
    }

    /// The format of a media type; parameters such as `charset` are ignored. `Binary` where it is not known.
    pub(crate) fn of_media_type(media_type: &str) -> Self {
        let bare = media_type.split(';').next().unwrap_or_default().trim();
        TABLE.iter().find(|row| row.1.eq_ignore_ascii_case(bare)).map_or(Self::Binary, |row| row.0)
    }

    /// Whether any known format uses this extension.
    pub(crate) fn knows_extension(extension: &str) -> bool {
        TABLE.iter().any(|row| row.2.contains(&extension))
    }

    /// Files that LibreOffice turns into PDF.
    pub(crate) fn is_office(self) -> bool {
        use Format::{Doc, Docx, Odg, Odp, Ods, Odt, Ppt, Pptx, Rtf, Xls, Xlsb, Xlsx};
        matches!(self, Doc | Docx | Odt | Rtf | Xls | Xlsx | Xlsb | Ods | Ppt | Pptx | Odp | Odg)
    }

    /// Files whose text, or that of what lies in them, LibreOffice may have to read.
    pub(crate) fn may_need_office(self) -> bool {
        matches!(self, Self::Doc | Self::Ppt | Self::Eml | Self::Msg | Self::Zip)
    }

    /// Images, whose text only optical recognition can give.
    pub(crate) fn is_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Tiff | Self::Gif | Self::Bmp | Self::Webp | Self::Heif)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_own_media_type() {
        for row in TABLE {
            assert_eq!(Format::of_media_type(row.1), row.0);
            assert_eq!(row.0.media_type(), row.1);
            assert_eq!(row.0.extension(), row.2[0]);
        }
        assert_eq!(Format::of_media_type("text/plain; charset=windows-1256"), Format::Text);
        assert_eq!(Format::of_media_type("video/mp4"), Format::Binary);
    }
}
