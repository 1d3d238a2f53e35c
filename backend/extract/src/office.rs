//! LibreOffice (`soffice`): reads the old binary formats that nothing else here reads, and makes PDF of office files.
//!
//! It is heavy and meant for people, so it gets a profile and folders of its own that go with the answer, no macros, no
//! links to elsewhere, more memory and time than the child itself, and its turn: one at a time on a machine. It starts in
//! the child's process group and is killed with it.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::collect::Collector;
use crate::format::Format;
use crate::input::Input;
use crate::limits::Limits;
use crate::odf;
use crate::outcome::Reason;

/// What Debian's `libreoffice-core-nogui` installs.
const PROGRAM: &str = "soffice";
/// Where programs are looked for: the path that the child is given.
const FOLDERS: [&str; 3] = ["/usr/local/bin", "/usr/bin", "/bin"];

/// No macros run, and nothing is fetched that a document names.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
</oor:items>
"#;

/// A converted file; its folder goes with the value.
pub(crate) struct Converted {
    path: PathBuf,
    _folder: TempDir,
}

impl Converted {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Reads a document of an old binary format as the OpenDocument file that LibreOffice makes of it.
pub(crate) fn read(collector: &mut Collector<'_>, input: Input<'_>, format: Format) -> Result<(), Reason> {
    let to = if format == Format::Ppt { "odp" } else { "odt" };
    let file = input.on_disk()?;
    let converted = convert(file.path(), format, to, collector.limits)?;
    odf::read(collector, Input::File(converted.path()))
}

/// An office file as PDF.
pub(crate) fn pdf(file: &Path, format: Format, limits: &Limits) -> Result<Vec<u8>, Reason> {
    if !format.is_office() {
        return Err(Reason::Unsupported);
    }
    let converted = convert(file, format, "pdf", limits)?;
    std::fs::read(converted.path()).map_err(|_| Reason::Unreadable)
}

fn convert(file: &Path, format: Format, to: &str, limits: &Limits) -> Result<Converted, Reason> {
    let _turn = turn()?;
    let folder = tempfile::Builder::new().prefix("office-").tempdir().map_err(|_| Reason::Crashed)?;
    let source = prepare(file, format, folder.path()).map_err(|_| Reason::Crashed)?;
    let ran = Command::new("prlimit")
        .args(limits.for_office())
        .arg(PROGRAM)
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()))
        .args(["--headless", "--nologo", "--norestore", "--nolockcheck", "--nodefault", "--convert-to", to, "--outdir"])
        .arg(folder.path())
        .arg(&source)
        .env("HOME", folder.path())
        .env("TMPDIR", folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| if error.kind() == ErrorKind::NotFound { Reason::ToolMissing } else { Reason::Crashed })?;
    let path = source.with_extension(to);
    // It ends well also where it could make nothing of the file.
    if ran.success() && std::fs::metadata(&path).is_ok_and(|made| made.len() > 0) {
        return Ok(Converted { path, _folder: folder });
    }
    Err(Reason::Corrupt)
}

/// The folder's profile, and the file under a name that tells its type: its content alone does not always.
fn prepare(file: &Path, format: Format, folder: &Path) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(folder.join("profile/user"))?;
    std::fs::write(folder.join("profile/user/registrymodifications.xcu"), PROFILE)?;
    let source = folder.join(format!("file.{}", format.extension()));
    symlink(std::path::absolute(file)?, &source)?;
    Ok(source)
}

/// Waits until no other conversion runs on this machine: whoever holds the lock on the program itself converts. The lock
/// goes with the process, however it ends.
fn turn() -> Result<File, Reason> {
    let program = FOLDERS.iter().map(|folder| Path::new(folder).join(PROGRAM)).find(|path| path.exists());
    let program = File::open(program.ok_or(Reason::ToolMissing)?).map_err(|_| Reason::ToolMissing)?;
    program.lock().map_err(|_| Reason::Crashed)?;
    Ok(program)
}
