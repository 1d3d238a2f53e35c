//! A real `diwan serve`, and as little of a browser as it takes to talk to it.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use diwan_db::DbUrl;
use diwan_http::{CSRF_COOKIE, SESSION_COOKIE};
use diwan_platform_api::people::LogIn;
use diwan_testkit::TestDb;
use serde::de::DeserializeOwned;

use crate::program;

/// A server process; it is killed with the value.
pub struct Server {
    child: Child,
    caller: Caller,
}

/// Somebody who talks to a server, and goes on talking while it is killed.
#[derive(Clone, Default)]
pub struct Caller {
    address: String,
    cookies: String,
    csrf: String,
}

/// What a server process answers.
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its head, line by line.
    pub head: String,
    /// Its body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The DTO of an answer with this status.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Server {
    /// Starts a server on a database and a data folder.
    ///
    /// # Panics
    /// It does not say where it listens.
    pub fn start(db: &TestDb, data: &Path) -> Self {
        Self::start_with(db, data, &[])
    }

    /// The same with further variables in its environment.
    ///
    /// # Panics
    /// It does not say where it listens.
    pub fn start_with(db: &TestDb, data: &Path, variables: &[(&str, &str)]) -> Self {
        let database = match db.url() {
            DbUrl::Sqlite(file) => format!("sqlite:{}", file.display()),
            DbUrl::Postgres(url) => url.clone(),
        };
        let mut command = Command::new(program());
        command.args(["serve", "--port", "0", "--log", "error", "--data"]).arg(data);
        command.env("DIWAN_DATABASE", database).envs(variables.iter().copied()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.split_once("http://").map(|(_, address)| address.to_owned()));
        let address = address.unwrap_or_else(|| panic!("the server did not start: {:?}", child.wait()));
        Self { child, caller: Caller { address, ..Caller::default() } }
    }

    /// Somebody whose session has this token.
    pub fn caller(&self, token: &str) -> Caller {
        self.caller.clone().with_cookies("csrf-of-the-tests".to_owned(), token)
    }

    /// Signs in; later requests are this person's.
    pub fn log_in(&mut self, username: &str, password: &str) {
        let first = self.send("GET", "/api/session", "", b"");
        let csrf = cookie(&first.head, CSRF_COOKIE);
        self.caller.cookies = format!("{CSRF_COOKIE}={csrf}");
        self.caller.csrf = csrf.clone();
        let who = LogIn { username: username.to_owned(), password: password.to_owned() };
        let reply = self.post("/api/session", &who);
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        self.caller = self.caller.clone().with_cookies(csrf, &cookie(&reply.head, SESSION_COOKIE));
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "", b"")
    }

    /// Does something.
    pub fn post(&self, path: &str, body: &impl serde::Serialize) -> Reply {
        self.send("POST", path, "application/json", &serde_json::to_vec(body).unwrap())
    }

    /// Sends a body as it is.
    pub fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Reply {
        self.stream(method, path, kind, body.len(), |out| out.write_all(body).unwrap())
    }

    /// Sends a body of that length piece by piece.
    pub fn stream(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        length: usize,
        write: impl FnOnce(&mut TcpStream),
    ) -> Reply {
        let head = format!("{method} {path} HTTP/1.0\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n");
        self.caller
            .exchange(&head, |out| {
                write(out);
                Ok(())
            })
            .unwrap()
    }

    /// The most memory the process has had, in KiB.
    pub fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Kills it with SIGKILL, in the middle of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Caller {
    fn with_cookies(mut self, csrf: String, token: &str) -> Self {
        self.cookies = format!("{CSRF_COOKIE}={csrf}; {SESSION_COOKIE}={token}");
        self.csrf = csrf;
        self
    }

    /// One request with further headers, each a whole line; none where the server is gone before it has answered.
    pub fn call(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Option<Reply> {
        let head = format!("{method} {path} HTTP/1.0\r\n{headers}content-length: {}\r\n", body.len());
        self.exchange(&head, |out| out.write_all(body)).ok()
    }

    /// HTTP/1.0: one answer, whole, up to the end of the connection.
    fn exchange(&self, head: &str, write: impl FnOnce(&mut TcpStream) -> io::Result<()>) -> io::Result<Reply> {
        let mut stream = TcpStream::connect(&self.address)?;
        let own = format!("host: {}\r\ncookie: {}\r\nx-diwan-csrf: {}\r\n\r\n", self.address, self.cookies, self.csrf);
        stream.write_all(format!("{head}{own}").as_bytes())?;
        write(&mut stream)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or_else(cut_off)?;
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut_off)?;
        Ok(Reply { status, head, body: answer[end + 4..].to_vec() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be dead already.
        let _dead = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn cookie(head: &str, name: &str) -> String {
    let start = format!("{name}=");
    let found = head.lines().filter_map(|line| line.split_once(": ")).find_map(|(header, value)| {
        let value = value.strip_prefix(&start).filter(|_| header.eq_ignore_ascii_case("set-cookie"))?;
        value.split(';').next()
    });
    found.unwrap_or_else(|| panic!("no cookie {name} in {head}")).to_owned()
}
