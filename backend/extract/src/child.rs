//! The limited child process: takes its limits on, reads one file, answers in JSON on standard output.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, Signal, getrlimit, set_parent_process_death_signal, setrlimit};
use serde::{Deserialize, Serialize};

use crate::format::Format;
use crate::limits::{Limits, OFFICE_FILES};
use crate::outcome::{Extraction, Reason};
use crate::read::extract;
use crate::sniff::sniff_file;
use crate::unlock::{PASSWORD_BYTES, unlock};
use crate::{ocr, office};

/// What is to be done with the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Task {
    /// Read its text: the answer is an extraction.
    Text,
    /// Recognise the words of a page, from 1: the answer is the page or a reason.
    Recognise { page: u32 },
    /// Draw a page, turned by quarters: the answer is a JPEG picture, or a reason in JSON.
    Picture { page: u32, width: u32, turns: u8 },
    /// Read the text of a file under a password, which comes on standard input: the answer is an extraction.
    Unlock,
    /// Make a PDF of an office file: the answer is the PDF, or a reason in JSON.
    Pdf,
}

impl Task {
    /// Whether LibreOffice may be needed for this file.
    pub(crate) fn may_need_office(&self, format: Format) -> bool {
        match self {
            Self::Pdf => true,
            Self::Text | Self::Unlock => format.may_need_office(),
            Self::Recognise { .. } | Self::Picture { .. } => false,
        }
    }
}

/// What the arguments ask for.
#[derive(Debug, PartialEq)]
struct Order {
    task: Task,
    file: PathBuf,
    media_type: Option<String>,
    limits: Limits,
}

/// The `main` of the child process: `extract [--task JSON] [--media-type TYPE] [--limits JSON] FILE`, without the word
/// `extract`; the task is to read the text unless it says otherwise. Call it before any other work and before a second thread exists, and exit with its code: 0 when an answer was
/// written (also when that is a refusal), 2 for wrong arguments, 1 when limits could not be set or the answer not
/// written.
///
/// Without a media type the content of the file decides.
pub fn child_main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let order = match parse(args) {
        Ok(order) => order,
        Err(problem) => {
            eprintln!("extract: {problem}\nusage: extract [--task JSON] [--media-type TYPE] [--limits JSON] FILE");
            return ExitCode::from(2);
        }
    };
    let office = order.media_type.as_deref().is_none_or(|kind| order.task.may_need_office(Format::of_media_type(kind)));
    match confine(&order.limits, office).and_then(|()| answer(&order)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("extract: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Order, String> {
    let (mut task, mut file, mut media_type, mut limits) = (Task::Text, None, None, Limits::default());
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{} needs a value", arg.display()));
        if arg == "--media-type" {
            media_type = Some(value()?.into_string().map_err(|_| "the media type is not text".to_owned())?);
        } else if arg == "--limits" {
            limits = from_json("limits", value()?)?;
        } else if arg == "--task" {
            task = from_json("task", value()?)?;
        } else if file.replace(PathBuf::from(&arg)).is_some() {
            return Err("more than one file".to_owned());
        }
    }
    Ok(Order { task, file: file.ok_or("no file")?, media_type, limits })
}

fn from_json<T: serde::de::DeserializeOwned>(what: &str, json: OsString) -> Result<T, String> {
    let json = json.into_string().map_err(|_| format!("the {what} is not text"))?;
    serde_json::from_str(&json).map_err(|error| format!("the {what} cannot be read: {error}"))
}

/// Takes the limits on, for this process and all that it starts. Where LibreOffice may be needed, the hard limits leave it
/// what it needs beyond the soft ones.
fn confine(limits: &Limits, office: bool) -> io::Result<()> {
    let least = |needs: u64| if office { needs } else { 0 };
    let wanted = [
        (Resource::As, limits.memory_bytes, least(limits.office_memory_bytes)),
        // At the soft limit of processor time comes a signal that tells so, at the hard one a plain kill.
        (Resource::Cpu, limits.cpu_seconds, least(limits.office_seconds).max(limits.cpu_seconds.saturating_add(2))),
        (Resource::Fsize, limits.scratch_bytes, 0),
        (Resource::Nofile, limits.open_files, least(OFFICE_FILES)),
        (Resource::Core, 0, 0),
    ];
    for (resource, soft, hard) in wanted {
        // A process may lower its hard limit and never raise it.
        let lowered = |value: u64| getrlimit(resource).maximum.map_or(value, |allowed| allowed.min(value));
        setrlimit(resource, Rlimit { current: Some(lowered(soft)), maximum: Some(lowered(hard.max(soft))) })?;
    }
    // Nobody waits for the answer once the server is gone.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    Ok(())
}

fn answer(order: &Order) -> io::Result<()> {
    let media_type = match &order.media_type {
        Some(media_type) => media_type.clone(),
        None => {
            let name = order.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            sniff_file(&order.file, &name)?.media_type
        }
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let format = Format::of_media_type(&media_type);
    match order.task {
        Task::Text => serde_json::to_writer(&mut out, &extract(&order.file, &media_type, &order.limits))?,
        Task::Recognise { page } => serde_json::to_writer(&mut out, &ocr::page(&order.file, format, page))?,
        Task::Picture { page, width, turns } => match ocr::picture(&order.file, format, page, width, turns) {
            Ok(jpeg) => out.write_all(&jpeg)?,
            Err(reason) => serde_json::to_writer(&mut out, &reason)?,
        },
        Task::Unlock => serde_json::to_writer(&mut out, &unlocked(order, format)?)?,
        Task::Pdf => match office::pdf(&order.file, format, &order.limits) {
            Ok(pdf) => out.write_all(&pdf)?,
            Err(reason) => serde_json::to_writer(&mut out, &reason)?,
        },
    }
    out.flush()
}

/// The text of a file that the password on standard input opens.
fn unlocked(order: &Order, format: Format) -> io::Result<Extraction> {
    let mut password = String::new();
    io::stdin().take(PASSWORD_BYTES).read_to_string(&mut password)?;
    let guarded = std::panic::AssertUnwindSafe(|| unlock(&order.file, format, &password, &order.limits));
    // A panic comes from bytes that an author did not think of.
    let opened = std::panic::catch_unwind(guarded).unwrap_or(Err(Reason::Corrupt));
    let file = match opened {
        Ok(file) => file,
        Err(reason) => return Ok(Extraction::refused(reason)),
    };
    let media_type = sniff_file(file.path(), "")?.media_type;
    Ok(extract(file.path(), &media_type, &order.limits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Order, String> {
        parse(args.iter().map(OsString::from))
    }

    #[test]
    fn reads_its_arguments() {
        let order = parsed(&["--media-type", "text/plain", "--limits", r#"{"depth": 1}"#, "a b.txt"]).unwrap();
        assert_eq!(order.file, PathBuf::from("a b.txt"));
        assert_eq!(order.media_type.as_deref(), Some("text/plain"));
        assert_eq!(order.limits, Limits { depth: 1, ..Limits::default() });
    }

    #[test]
    fn refuses_wrong_arguments() {
        for wrong in
            [&[][..], &["a", "b"], &["--limits"], &["--limits", r#"{"deth": 1}"#, "a"], &["--limits", "x", "a"]]
        {
            assert!(parsed(wrong).is_err(), "{wrong:?}");
        }
    }
}
