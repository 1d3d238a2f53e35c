//! The demonstration: an invented government on a database of its own, never beside real data.

mod dice;
mod fill;
mod finance;
mod government;
mod letters;
mod people;
mod texts;

use anyhow::{Context, bail};
use diesel::prelude::*;
use diwan_db::{Audit, DbError};
use diwan_kernel::{Named, Who};
use diwan_platform::Platform;
use diwan_platform_api::people::{DemoUser, DemoUsers};
use diwan_print::Fonts;
use diwan_schema::platform::{agencies, settings};

use crate::output::say;

/// The row of `settings` that marks a database as the demonstration's own.
const MARK: &str = "demo";

/// What a database is, as far as the demonstration cares.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Empty,
    Demo,
    Real,
}

/// How many letters a demonstration starts with; answers come on top.
pub(crate) const LETTERS: u64 = 1_400;

/// Fills an empty database, keeps one that is the demonstration's own, refuses any other.
pub(crate) fn prepare(platform: &Platform, fonts: &Fonts, letters: u64) -> anyhow::Result<()> {
    match kind(platform)? {
        Kind::Demo => Ok(()),
        Kind::Empty => {
            mark(platform)?;
            fill::fill(platform, fonts, letters).context("the demonstration's data could not be written")
        }
        Kind::Real => bail!(
            "this database holds data that are not the demonstration's: start `diwan demo` with another --data folder, \
             or `diwan serve` on this one"
        ),
    }
}

/// Stops `diwan serve` on a demonstration: its passwords are known to everybody.
pub(crate) fn refuse_demo_database(platform: &Platform) -> anyhow::Result<()> {
    if kind(platform)? == Kind::Demo {
        bail!("this database is a demonstration with known passwords: use `diwan demo`, or another --data folder");
    }
    Ok(())
}

/// Tells where the demonstration is and who can sign in.
pub(crate) fn greet(address: &str, demo: &DemoUsers) {
    say(format_args!("Diwan's demonstration is running at {address}"));
    say(format_args!("Password of everybody: {}", demo.password));
    // The first look is with these two; the log-in page lists everybody.
    for agency in demo.users.chunk_by(|one, other| one.agency == other.agency).take(2) {
        for DemoUser { username, position, agency, .. } in agency {
            say(format_args!("  {username:<22} {} – {}", position.en, agency.en));
        }
    }
}

/// Everybody who can sign in, agency by agency.
pub(crate) fn users() -> DemoUsers {
    let users = government::everybody().map(|(agency, post, name)| DemoUser {
        username: agency.username(post),
        name,
        position: Named { ar: post.ar.to_owned(), en: post.en.to_owned() },
        agency: Named { ar: agency.ar.to_owned(), en: agency.en.to_owned() },
    });
    DemoUsers { password: people::PASSWORD.to_owned(), users: users.collect() }
}

fn kind(platform: &Platform) -> Result<Kind, DbError> {
    platform.db.read_now(|tx| {
        let marked: i64 = settings::table.filter(settings::key.eq(MARK)).count().get_result(tx.conn())?;
        let people: i64 = agencies::table.count().get_result(tx.conn())?;
        Ok(match (marked, people) {
            (1.., _) => Kind::Demo,
            (_, 0) => Kind::Empty,
            _ => Kind::Real,
        })
    })
}

fn mark(platform: &Platform) -> Result<(), DbError> {
    platform.db.write_now(Who::system(), "server.demo.mark", |tx| {
        diesel::insert_into(settings::table)
            .values((settings::key.eq(MARK), settings::value.eq("true"), settings::valid_from.eq(tx.today())))
            .execute(tx.conn())?;
        tx.audit(Audit::of("setting", 0))
    })
}
