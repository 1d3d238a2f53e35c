//! Sends e-mail over SMTP. Knows no database and no web server; what a mail says is the caller's business.

use std::{str::FromStr, time::Duration};

use lettre::{
    Message, SmtpTransport, Transport,
    address::AddressError,
    message::{Mailbox, header::ContentType},
};

/// A server that does not answer in this time is down for now.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server's address is of no known form.
    #[error("not the address of a mail server (smtp://HOST:PORT, smtps://USER:PASSWORD@HOST): {0}")]
    Server(String),
    /// The sender or the receiver has no valid address.
    #[error("{address:?} is no e-mail address: {why}")]
    Address {
        /// What was given.
        address: String,
        /// What is wrong with it.
        why: AddressError,
    },
    /// The mail cannot be put together.
    #[error("the mail cannot be put together: {0}")]
    Message(String),
    /// The server refused for good: trying again will not help.
    #[error("the mail server refused: {0}")]
    Refused(String),
    /// The server is down, busy or out of reach: try again later.
    #[error("the mail server is not available: {0}")]
    Unavailable(String),
}

impl MailError {
    /// Whether trying again later can help.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// One mail of plain text to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The receiver's address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// A mail server to send through. Cheap to clone; connections are kept and used again.
#[derive(Clone)]
pub struct Mailer {
    server: SmtpTransport,
    from: Mailbox,
}

impl Mailer {
    /// A mailer for `smtp://HOST:PORT`, `smtps://USER:PASSWORD@HOST` or `smtp://…?tls=required`. Nothing is connected yet.
    ///
    /// # Errors
    /// [`MailError::Server`], or [`MailError::Address`] for the sender.
    pub fn new(server: &str, from: &str) -> Result<Self, MailError> {
        let builder = SmtpTransport::from_url(server).map_err(|error| MailError::Server(error.to_string()))?;
        Ok(Self { server: builder.timeout(Some(TIMEOUT)).build(), from: mailbox(from)? })
    }

    /// Hands one mail to the server; returns when the server has taken it. Blocks.
    ///
    /// # Errors
    /// [`MailError::is_temporary`] says whether to try again.
    pub fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(mailbox(&mail.to)?)
            .subject(one_line(&mail.subject))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|error| MailError::Message(error.to_string()))?;
        match self.server.send(&message) {
            Ok(_taken) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Refused(error.to_string())),
            Err(error) => Err(MailError::Unavailable(with_causes(&error))),
        }
    }
}

/// Reads `user@host` or `Name <user@host>`.
fn mailbox(address: &str) -> Result<Mailbox, MailError> {
    Mailbox::from_str(address).map_err(|why| MailError::Address { address: address.to_owned(), why })
}

/// A line break in a header would start another header.
fn one_line(text: &str) -> String {
    text.split(['\r', '\n']).collect::<Vec<_>>().join(" ")
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
