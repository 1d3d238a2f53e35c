//! Starts the limited child process, watches it, and makes an extraction of whatever it does.

use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::child::Task;
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
    supervise(exe, &Task::Text, file, media_type, limits)
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
    let answer = supervise(exe, &Task::Recognise { page }, file, media_type, limits)?;
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
    let answer = supervise(exe, &Task::Picture { page, width, turns }, file, media_type, limits)?;
    match serde_json::from_slice::<Reason>(&answer) {
        Ok(reason) => Err(reason),
        Err(_picture) => Ok(answer),
    }
}

fn supervise(exe: &Path, task: &Task, file: &Path, media_type: &str, limits: &Limits) -> Result<Vec<u8>, Reason> {
    let scratch = tempfile::Builder::new().prefix("diwan-extract-").tempdir().map_err(|_| Reason::Crashed)?;
    let deadline = Instant::now() + limits.wall();
    let mut child = start(exe, task, file, media_type, limits, scratch.path()).map_err(|_| Reason::Crashed)?;
    let messages = drain(child.stderr.take(), MESSAGES);
    let answer = receive(&mut child, deadline, limits.answer_bytes());
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

fn start(exe: &Path, task: &Task, file: &Path, media_type: &str, limits: &Limits, scratch: &Path) -> io::Result<Child> {
    Command::new(exe)
        .args(["extract", "--task", &serde_json::to_string(task)?, "--media-type", media_type, "--limits"])
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
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
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
