//! Zip archives as attachments and uploads: every file in them is read as an attachment.

use crate::collect::Collector;
use crate::input::Input;
use crate::outcome::Reason;
use crate::package::Package;

/// Reads the files of an archive.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>) -> Result<(), Reason> {
    collector.begin(&input.read()?);
    let mut package = Package::open(collector, input)?;
    for name in package.names().into_iter().filter(|name| !name.ends_with('/')) {
        match package.read(collector, &name) {
            Ok(Some(bytes)) => collector.attachment(&name, &bytes),
            Ok(None) => {}
            Err(Reason::ZipBomb) => return Err(Reason::ZipBomb),
            Err(reason) => collector.unread(&name, reason),
        }
    }
    Ok(())
}
