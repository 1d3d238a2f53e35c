//! The document archive (الأرشيف).
