//! Starts the limited child process, watches it, and makes an extraction of whatever it does.

use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::child::Task;
use crate::format::Format;
use crate::limits::Limits;
use crate::ocr::ScanPage;
use crate::outcome::{Extraction, Reason};
use crate::pipes::drain;

/// Bytes of the child's error messages that are looked at.
const MESSAGES: u64 = 16 * 1024;

/// Extracts the text of `file` in a child process: `exe extract --media-type … --limits … FILE`.
///
/// The child gets a process group and a folder of its own under the system's temporary folder, no environment but a
/// search path, and the limits of [`Limits`]. It is killed with all that it started when time is up, when it writes
/// more than it may, and when it ends. Blocks for at most `limits.wall_seconds` and a little.
///
/// Never fails: what goes wrong is the reason of the extraction.
pub fn run_limited(exe: &Path, file: &Path, media_type: &str, limits: &Limits) -> Extraction {
    let started = Started { task: Task::Text, secret: None };
    supervise(exe, &started, file, media_type, limits)
        .and_then(|answer| serde_json::from_slice(&answer).map_err(|_| Reason::Crashed))
        .unwrap_or_else(Extraction::refused)
}

/// Recognises the words of one page of an image or a PDF, from 1, in a child process as [`run_limited`] starts it.
///
/// # Errors
/// Why there are none: the file has no such page or is damaged, a limit was reached, a program is missing.
pub fn recognise_limited(
    exe: &Path,
    file: &Path,
    media_type: &str,
    page: u32,
    limits: &Limits,
) -> Result<ScanPage, Reason> {
    let started = Started { task: Task::Recognise { page }, secret: None };
    let answer = supervise(exe, &started, file, media_type, limits)?;
    serde_json::from_slice::<Result<ScanPage, Reason>>(&answer).map_err(|_| Reason::Crashed)?
}

/// One page of an image or a PDF as a JPEG picture of at most this width, turned clockwise by quarters, drawn in a child
/// process as [`run_limited`] starts it.
///
/// # Errors
/// As [`recognise_limited`].
pub fn picture_limited(
    exe: &Path,
    file: &Path,
    media_type: &str,
    (page, width, turns): (u32, u32, u8),
    limits: &Limits,
) -> Result<Vec<u8>, Reason> {
    let started = Started { task: Task::Picture { page, width, turns }, secret: None };
    made(supervise(exe, &started, file, media_type, limits)?)
}

/// The text of a file that a password protects, read in a child process as [`run_limited`] starts it. The password goes
/// through a pipe; it is tried once and kept nowhere. Reason `encrypted`: it is wrong; `unsupported`: this protection
/// cannot be opened here.
pub fn unlock_limited(exe: &Path, file: &Path, media_type: &str, password: &str, limits: &Limits) -> Extraction {
    let started = Started { task: Task::Unlock, secret: Some(password) };
    supervise(exe, &started, file, media_type, limits)
        .and_then(|answer| serde_json::from_slice(&answer).map_err(|_| Reason::Crashed))
        .unwrap_or_else(Extraction::refused)
}

/// An office file as PDF, made by LibreOffice in a child process as [`run_limited`] starts it.
///
/// # Errors
/// As [`recognise_limited`]; `unsupported` for what is no office file.
pub fn pdf_limited(exe: &Path, file: &Path, media_type: &str, limits: &Limits) -> Result<Vec<u8>, Reason> {
    let started = Started { task: Task::Pdf, secret: None };
    made(supervise(exe, &started, file, media_type, limits)?)
}

/// Whether [`pdf_limited`] can make a PDF of files of this type.
pub fn has_pdf_view(media_type: &str) -> bool {
    Format::of_media_type(media_type).is_office()
}

/// A file that was made, unless the answer is a reason.
fn made(answer: Vec<u8>) -> Result<Vec<u8>, Reason> {
    match serde_json::from_slice::<Reason>(&answer) {
        Ok(reason) => Err(reason),
        Err(_file) => Ok(answer),
    }
}

/// What a child is started with.
struct Started<'a> {
    task: Task,
    /// What it gets on its standard input.
    secret: Option<&'a str>,
}

impl Started<'_> {
    /// Bytes that the child may answer.
    fn answer_bytes(&self, limits: &Limits) -> u64 {
        const LARGEST_PDF: u64 = 128 << 20;
        if self.task == Task::Pdf { LARGEST_PDF } else { limits.answer_bytes() }
    }
}

fn supervise(
    exe: &Path,
    task: &Started<'_>,
    file: &Path,
    media_type: &str,
    limits: &Limits,
) -> Result<Vec<u8>, Reason> {
    let office = task.task.may_need_office(Format::of_media_type(media_type));
    let limits = &if office { limits.with_office() } else { limits.clone() };
    let scratch = tempfile::Builder::new().prefix("diwan-extract-").tempdir().map_err(|_| Reason::Crashed)?;
    let deadline = Instant::now() + limits.wall();
    let mut child = start(exe, task, file, media_type, limits, scratch.path()).map_err(|_| Reason::Crashed)?;
    let messages = drain(child.stderr.take(), MESSAGES);
    let answer = receive(&mut child, deadline, task.answer_bytes(limits));
    let in_time = answer.is_ok() && ended(&child, deadline);
    // The child is not waited for yet, so the number of its group cannot belong to anybody else.
    // The group may be gone already, which is what is wanted.
    let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
    let status = child.wait().map_err(|_| Reason::Crashed)?;
    let messages = messages.join().unwrap_or_default();
    let answer = answer?;
    if !in_time {
        return Err(Reason::Timeout);
    }
    if !status.success() {
        return Err(reason_of(status, &String::from_utf8_lossy(&messages)));
    }
    Ok(answer)
}

fn start(
    exe: &Path,
    task: &Started<'_>,
    file: &Path,
    media_type: &str,
    limits: &Limits,
    scratch: &Path,
) -> io::Result<Child> {
    let mut child = Command::new(exe)
        .args(["extract", "--task", &serde_json::to_string(&task.task)?, "--media-type", media_type, "--limits"])
        .arg(serde_json::to_string(limits)?)
        .arg(std::path::absolute(file)?)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("LANG", "C.UTF-8")
        .env("TMPDIR", scratch)
        // The limit of memory counts addresses; an allocator that reserves a gigabyte of them would leave none.
        .env("MIMALLOC_ARENA_RESERVE", "16MiB")
        .current_dir(scratch)
        .process_group(0)
        .stdin(if task.secret.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let (Some(secret), Some(mut stdin)) = (task.secret, child.stdin.take()) {
        // A child that is gone already tells why by its end; a pipe takes more than the longest password at once.
        let _ = stdin.write_all(secret.as_bytes());
    }
    Ok(child)
}

/// What the child writes until it closes its output.
fn receive(child: &mut Child, deadline: Instant, limit: u64) -> Result<Vec<u8>, Reason> {
    let Some(stdout) = child.stdout.take() else { return Err(Reason::Crashed) };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut answer = Vec::new();
        let result = stdout.take(limit + 1).read_to_end(&mut answer).map(|_| answer);
        // The receiver is gone when time was up: then nobody asks any more.
        let _ = sender.send(result);
    });
    match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        Ok(Ok(answer)) if answer.len() as u64 > limit => Err(Reason::TooLarge),
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) => Err(Reason::Crashed),
        Err(_) => Err(Reason::Timeout),
    }
}

/// Waits for the end of a child that has closed its output, without taking its status.
fn ended(child: &Child, deadline: Instant) -> bool {
    let mut pause = Duration::from_micros(200);
    loop {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(Pid::from_child(child)), look) {
            Ok(None) if Instant::now() < deadline => std::thread::sleep(pause),
            Ok(status) => return status.is_some(),
            Err(_) => return true,
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn reason_of(status: ExitStatus, messages: &str) -> Reason {
    const SIGABRT: i32 = 6;
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    match status.signal() {
        Some(SIGXCPU) => Reason::Timeout,
        // Not by us, for that comes after: the kernel was short of memory.
        Some(SIGKILL) => Reason::OutOfMemory,
        Some(SIGABRT) if messages.contains("memory allocation of") => Reason::OutOfMemory,
        // Any other signal comes from a reader that the bytes led astray, for example into endless recursion.
        Some(_) => Reason::Corrupt,
        None => Reason::Crashed,
    }
}
