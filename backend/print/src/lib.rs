//! Documents to PDF: shaping, bidi, line breaking, tables, letterhead, QR.
