//! What is read at most, so that no file takes the server's memory or time.

/// The largest file, in bytes. A camt entry takes about 1.5 kB: some 20,000 of them.
pub const FILE_MAX: usize = 32 * 1024 * 1024;
/// The most lines of all statements of a file.
pub const LINES_MAX: usize = 200_000;
/// The most cells of a row.
pub(crate) const COLUMNS_MAX: usize = 256;
/// How deep elements may lie in one another; ISO 20022 needs about 15.
pub const XML_DEPTH_MAX: usize = 64;
/// What a workbook may unpack to, in bytes.
pub const UNPACKED_MAX: u64 = 128 * 1024 * 1024;
/// The most parts of a workbook.
pub(crate) const PARTS_MAX: usize = 2_000;
