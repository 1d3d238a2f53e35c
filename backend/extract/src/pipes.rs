//! Reads what a child process writes without letting it wait.

use std::io::Read;
use std::thread::JoinHandle;

/// Keeps the first `limit` bytes that come through a pipe and throws the rest away, in a thread of its own.
pub(crate) fn drain(pipe: Option<impl Read + Send + 'static>, limit: u64) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        if let Some(mut pipe) = pipe {
            // A pipe that breaks ends what there was to read.
            let _ = pipe.by_ref().take(limit).read_to_end(&mut kept);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        kept
    })
}
