//! Text of office files, PDF, mail and spreadsheets, read in a limited child process (استخراج النصوص).
//!
//! [`sniff_file`] tells the type of a file by its content. [`run_limited`] reads a file in a child process under
//! [`Limits`] and always answers with an [`Extraction`]: text, no text, or a refusal with a [`Reason`]. The child is
//! the same executable started as `NAME extract …`, whose `main` hands its arguments to [`child_main`].

mod child;
mod clean;
mod collect;
mod compound;
mod docx;
mod dxf;
mod flow;
mod format;
mod html;
mod input;
mod limits;
mod mail;
mod msg;
mod ocr;
mod odf;
mod office;
mod outcome;
mod package;
mod pdf;
mod pipes;
mod pptx;
mod read;
mod rtf;
mod runner;
mod sniff;
mod text;
mod unlock;
mod workbook;
mod xml;
mod zipped;

pub use child::child_main;
pub use limits::Limits;
pub use ocr::{Code, ScanPage, Word, lines};
pub use outcome::{Extraction, Part, PartKind, Reason, Status, Warning, WarningCode};
pub use read::extract;
pub use runner::{has_pdf_view, pdf_limited, picture_limited, recognise_limited, run_limited, unlock_limited};
pub use sniff::{Sniffed, sniff, sniff_file};
