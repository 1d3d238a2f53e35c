//! The first administrator, and help for people who cannot sign in. Passwords come from the terminal or from standard
//! input, never from the command line, where every user of the machine could read them.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use diwan_db::Db;
use diwan_kernel::{FieldError, Named, Who};
use diwan_platform::{
    Limits, Refusal,
    people::{
        Passwords,
        bootstrap::{self, FirstAdmin, GivenPassword},
    },
};
use diwan_platform_api::people::{AgencyInput, AgencyKind};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use crate::output::say;

/// More than this is no password.
const INPUT_MAX: u64 = 4096;

/// What `diwan user` does.
#[derive(Subcommand)]
pub(crate) enum UserAction {
    /// Make an administrator of the whole installation, and their agency if there is none of that code
    CreateAdmin(NewAdmin),
    /// Give somebody a password for the next sign-in; one-time codes are switched off, every session ends
    ResetPassword {
        /// The name to sign in with
        #[arg(long, value_name = "NAME")]
        username: String,
    },
    /// Let somebody sign in at once after wrong passwords
    Unlock {
        /// The name to sign in with
        #[arg(long, value_name = "NAME")]
        username: String,
    },
}

/// The administrator.
#[derive(Args)]
pub(crate) struct NewAdmin {
    /// The name to sign in with: 3 to 64 of a-z, 0-9, `.`, `_`, `-`
    #[arg(long, value_name = "NAME")]
    username: String,
    /// The person's name in Arabic
    #[arg(long, value_name = "TEXT")]
    name_ar: String,
    /// The person's name in English
    #[arg(long, value_name = "TEXT", default_value = "")]
    name_en: String,
    /// The code of the person's agency
    #[arg(long, value_name = "CODE")]
    agency: String,
    /// The agency's name in Arabic, where it is to be made
    #[arg(long, value_name = "TEXT")]
    agency_ar: Option<String>,
    /// The agency's name in English
    #[arg(long, value_name = "TEXT", default_value = "", requires = "agency_ar")]
    agency_en: String,
    /// What the agency is: ministry, department, institution, commission, court or municipality
    #[arg(long, value_name = "KIND", default_value = "ministry", value_parser = |text: &str| text.parse::<AgencyKind>())]
    agency_kind: AgencyKind,
}

/// Does it, and tells the operator.
pub(super) fn run(db: &Db, action: UserAction) -> anyhow::Result<()> {
    let limits = Limits::default();
    let passwords = Passwords::new(limits.password_memory_kib, limits.password_passes);
    match action {
        UserAction::CreateAdmin(new) => {
            let password = password(&passwords, &new.username)?;
            let first = new.first();
            db.write_now(Who::system(), "platform.user.create_admin", |tx| {
                bootstrap::create_admin(tx, &first, &password)
            })
            .map_err(told)?;
            say(format_args!("{} can sign in and has every right of administration", first.username));
            tell(&password);
        }
        UserAction::ResetPassword { username } => {
            let password = password(&passwords, &username)?;
            db.write_now(Who::system(), "platform.user.recover", |tx| {
                bootstrap::reset_password(tx, &username, &password)
            })
            .map_err(told)?;
            say(format_args!(
                "{username} has a new password, to be changed at the next sign-in; all sessions have ended"
            ));
            tell(&password);
        }
        UserAction::Unlock { username } => {
            db.write_now(Who::system(), "platform.user.unlock", |tx| bootstrap::unlock(tx, &username)).map_err(told)?;
            say(format_args!("{username} may try to sign in again"));
        }
    }
    Ok(())
}

impl NewAdmin {
    fn first(&self) -> FirstAdmin<'_> {
        let named = |ar: &str, en: &str| Named { ar: ar.to_owned(), en: en.to_owned() };
        FirstAdmin {
            username: &self.username,
            name: named(&self.name_ar, &self.name_en),
            agency_code: &self.agency,
            new_agency: self.agency_ar.as_deref().map(|ar| AgencyInput {
                parent_id: None,
                kind: self.agency_kind,
                code: self.agency.clone(),
                name: named(ar, &self.agency_en),
                addressee: named(ar, &self.agency_en),
                email: None,
                active: true,
            }),
        }
    }
}

fn tell(password: &GivenPassword) {
    if let Some(made_up) = &password.made_up {
        say(format_args!("password, told this once and to be changed at the first sign-in: {made_up}"));
    }
}

/// The password that is typed, or one that Diwan makes up where none is.
fn password(passwords: &Passwords, username: &str) -> anyhow::Result<GivenPassword> {
    let stdin = std::io::stdin();
    let typed = if stdin.is_terminal() {
        let typed = ask("Password (nothing: Diwan makes one up): ")?;
        if !typed.is_empty() && ask("The same again: ")? != typed {
            bail!("the two passwords differ: nothing was changed");
        }
        typed
    } else {
        line(stdin.lock())?
    };
    let given = match typed.as_str() {
        "" => GivenPassword::made_up(passwords),
        typed => GivenPassword::typed(passwords, username, typed),
    };
    given.map_err(told)
}

/// Asks on the terminal without showing what is typed.
fn ask(question: &str) -> anyhow::Result<String> {
    let mut error = std::io::stderr();
    write!(error, "{question}")?;
    error.flush()?;
    let stdin = std::io::stdin();
    let before = tcgetattr(&stdin)?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Flush, &silent)?;
    let typed = line(stdin.lock());
    tcsetattr(&stdin, OptionalActions::Now, &before)?;
    writeln!(error)?;
    typed
}

/// The first line, without its end.
fn line(input: impl BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    input.take(INPUT_MAX).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A refusal in words for the operator.
fn told(refusal: Refusal) -> anyhow::Error {
    match refusal {
        Refusal::Invalid(fields) => anyhow!("{}", fields.iter().map(words).collect::<Vec<_>>().join("; ")),
        Refusal::NotFound(_) => anyhow!("--username: there is no user of that name"),
        other => other.into(),
    }
}

fn words(wrong: &FieldError) -> String {
    let what = match (wrong.field.as_str(), wrong.code.as_str()) {
        (_, "username_form") => "use 3 to 64 of a-z, 0-9, `.`, `_`, `-`, beginning with a letter".to_owned(),
        ("username", "taken") => {
            "somebody has that name: choose another, or use `diwan user reset-password`".to_owned()
        }
        ("agency_code", "unknown") => "there is no agency of that code: give --agency-ar to make it".to_owned(),
        (_, "password_too_short") => format!("take at least {} characters", password_min()),
        (_, "password_common") => "it is among the first that are guessed: choose another".to_owned(),
        (_, "password_has_username") => "it must not contain the user name".to_owned(),
        (_, code) => code.to_owned(),
    };
    let place = match wrong.field.as_str() {
        "password" => "password".to_owned(),
        "agency_code" | "code" => "--agency".to_owned(),
        field => format!("--{}", field.replace(['.', '_'], "-")),
    };
    format!("{place}: {what}")
}

const fn password_min() -> usize {
    diwan_platform_api::people::password::MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_line_is_the_password() {
        assert_eq!(line("زيتون اخضر 26\r\nmore\n".as_bytes()).unwrap(), "زيتون اخضر 26");
        assert_eq!(line("".as_bytes()).unwrap(), "");
    }

    #[test]
    fn refusals_name_the_flag() {
        let wrong = |field: &str, code: &str| told(Refusal::field(field, code)).to_string();
        assert!(wrong("username", "taken").starts_with("--username: somebody has that name"));
        assert!(wrong("name.ar", "required").starts_with("--name-ar: required"));
        assert!(wrong("agency_code", "unknown").starts_with("--agency: there is no agency"));
        assert!(wrong("password", "password_too_short").contains("10 characters"));
    }
}
