//! The client: one connection, one request at a time, as little work as possible, because it shares the processors with
//! what it measures.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use serde::de::DeserializeOwned;
use serde_json::json;

/// A connection to the server that stays open.
pub struct Http {
    address: String,
    stream: BufReader<TcpStream>,
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// The value of the `Cookie` header.
    pub cookies: String,
    csrf: String,
}

/// An answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body as it came over the wire.
    pub body: Vec<u8>,
    cookies: Vec<(String, String)>,
}

impl Answer {
    /// The body as JSON, of a request that went well.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        ensure!(self.status < 300, "status {}: {}", self.status, String::from_utf8_lossy(&self.body));
        Ok(serde_json::from_slice(&self.body)?)
    }
}

impl Http {
    /// Connects to `host:port`.
    pub fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| address.to_owned())?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        Ok(Self { address: address.to_owned(), stream: BufReader::with_capacity(64 << 10, stream) })
    }

    /// Signs in.
    pub fn sign_in(&mut self, username: &str, password: &str) -> Result<Session> {
        let first = self.call("GET", "/api/session", None, "", None)?;
        let csrf = first.cookies.into_iter().find(|(name, _)| name == "diwan_csrf").context("no CSRF cookie")?.1;
        let visitor = Session { cookies: format!("diwan_csrf={csrf}"), csrf: csrf.clone() };
        let body = json!({ "username": username, "password": password }).to_string();
        let answer = self.call("POST", "/api/session", Some(&visitor), "", Some(&body))?;
        ensure!(answer.status == 200, "{username}: {}", String::from_utf8_lossy(&answer.body));
        let token = answer.cookies.into_iter().find(|(name, _)| name == "diwan_session").context("no session")?.1;
        Ok(Session { cookies: format!("diwan_csrf={csrf}; diwan_session={token}"), csrf })
    }

    /// Reads something.
    pub fn get(&mut self, session: &Session, path: &str) -> Result<Answer> {
        self.call("GET", path, Some(session), "", None)
    }

    /// Sends JSON.
    pub fn post(&mut self, session: &Session, path: &str, headers: &str, body: &str) -> Result<Answer> {
        self.call("POST", path, Some(session), headers, Some(body))
    }

    /// One request; `headers` are whole lines.
    pub fn call(
        &mut self,
        method: &str,
        path: &str,
        session: Option<&Session>,
        headers: &str,
        body: Option<&str>,
    ) -> Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}", self.address);
        if let Some(session) = session {
            request.push_str(&format!("Cookie: {}\r\nX-Diwan-CSRF: {}\r\n", session.cookies, session.csrf));
        }
        match body {
            Some(body) => {
                request.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len()));
                request.push_str(body);
            }
            None if method == "GET" => request.push_str("\r\n"),
            None => request.push_str("Content-Length: 0\r\n\r\n"),
        }
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.answer().with_context(|| format!("{method} {path}"))
    }

    fn answer(&mut self) -> Result<Answer> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).context("no status line")?.parse()?;
        let (mut length, mut chunked, mut cookies) = (0, false, Vec::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = true,
                "set-cookie" => {
                    let pair = value.split(';').next().unwrap_or_default();
                    cookies.extend(pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())));
                }
                _ => {}
            }
        }
        let body = if chunked { self.chunks()? } else { self.bytes(length)? };
        Ok(Answer { status, body, cookies })
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            body.extend(self.bytes(length)?);
            line.clear();
            self.stream.read_line(&mut line)?;
            if length == 0 {
                return Ok(body);
            }
            if !line.trim().is_empty() {
                bail!("a chunk is longer than it says");
            }
        }
    }
}

/// A text as part of a query string.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
