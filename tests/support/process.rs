//! A real `diwan serve`, and as little of a browser as it takes to talk to it.

use std::{
    io::{BufRead, BufReader, Read, Write},
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
        Self { child, address, cookies: String::new(), csrf: String::new() }
    }

    /// Signs in; later requests are this person's.
    pub fn log_in(&mut self, username: &str, password: &str) {
        let first = self.send("GET", "/api/session", "", b"");
        self.csrf = cookie(&first.head, CSRF_COOKIE);
        self.cookies = format!("{CSRF_COOKIE}={}", self.csrf);
        let who = LogIn { username: username.to_owned(), password: password.to_owned() };
        let reply = self.post("/api/session", &who);
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        self.cookies = format!("{}; {SESSION_COOKIE}={}", self.cookies, cookie(&reply.head, SESSION_COOKIE));
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
        let mut stream = TcpStream::connect(&self.address).unwrap();
        // HTTP/1.0: one answer, whole, up to the end of the connection.
        let head = format!(
            "{method} {path} HTTP/1.0\r\nhost: {}\r\ncookie: {}\r\nx-diwan-csrf: {}\r\ncontent-type: {kind}\r\n\
             content-length: {length}\r\n\r\n",
            self.address, self.cookies, self.csrf
        );
        stream.write_all(head.as_bytes()).unwrap();
        write(&mut stream);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head, body: answer[end + 4..].to_vec() }
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
