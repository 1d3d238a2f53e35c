//! Sixty-four writers on one budget line through the one function that moves money, beside one raw writer that does no more
//! than the update of the line and the row of the move.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use anyhow::{Context, Result, anyhow, ensure};
use chrono::Datelike;
use diwan_db::{Backend, Clock, SystemClock};
use diwan_finance::ledger::{
    Spend,
    moves::{self, Move},
};
use diwan_finance_api::{Bucket, MoveKind};
use diwan_platform::{Outcome, Refusal};

use super::office::{Key, Office};
use crate::{
    report::{median, say},
    served::Setting,
    sql::{
        Bind::{At, Day, Int},
        Raw,
    },
    world,
};

/// Writers at the same time.
const WRITERS: usize = 64;
/// Rounds, each on a line of its own.
const ROUNDS: usize = 3;
/// Fils of a move.
const EACH: i64 = 7;
/// Moves that the limit allows, and what is left over of it.
const MOVES: i64 = 2_000;
const OVER: i64 = 3;

/// The rate of the writers by that of the raw one; median of the rounds.
pub fn run(setting: &Setting<'_>, backend: Backend) -> Result<f64> {
    say(format_args!("finance.budget_line on {backend:?}: {WRITERS} writers, {MOVES} moves"));
    let place = setting.place(backend)?;
    let government = world::found(&place.url)?;
    let ministry = government.senders.get(1).context("no ministry of finance")?;
    let office = Office::found(&place.url, &ministry.agency, SystemClock.now().year(), (2 * ROUNDS, 1))?;
    office.allot(MOVES * EACH + OVER)?;
    let mut raw = place.raw()?;
    let mut ratios = Vec::new();
    for (round, keys) in office.keys.chunks(2).enumerate() {
        let [ours, theirs] = keys else { continue };
        let diwan = writers(&office, ours)?;
        let left = |column: &str, key: &Key| format!("SELECT {column} FROM budget_lines WHERE id = {}", key.line);
        for (column, wanted) in [("committed", MOVES * EACH), ("available", OVER)] {
            let found = raw.number(&left(column, ours), &[])?;
            ensure!(found == wanted, "{column} is {found} and not {wanted}");
        }
        let alone = one_writer(raw.as_mut(), &office, theirs)?;
        say(format_args!("   round {round}: {diwan:.0} moves/s, raw {alone:.0} moves/s, ratio {:.3}", diwan / alone));
        ratios.push(diwan / alone);
    }
    drop((office, raw));
    place.remove()?;
    Ok(median(&ratios))
}

/// Moves a second until nothing is left; every writer goes on until it is refused.
fn writers(office: &Office, key: &Key) -> Result<f64> {
    let made = AtomicUsize::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let made = &made;
                scope.spawn(move || {
                    loop {
                        match commit(office, key) {
                            Ok(()) => made.fetch_add(1, Ordering::Relaxed),
                            Err(Refusal::Rule { code: "budget_short", .. }) => return Ok(()),
                            Err(other) => return Err(anyhow!("{other}")),
                        };
                    }
                })
            })
            .collect();
        writers.into_iter().try_for_each(|writer| writer.join().map_err(|_| anyhow!("a writer panicked"))?)
    })?;
    let took = started.elapsed().as_secs_f64();
    let made = i64::try_from(made.into_inner()).unwrap_or(0);
    ensure!(made == MOVES, "{made} moves were made, the limit allows {MOVES}");
    Ok(MOVES as f64 / took)
}

fn commit(office: &Office, key: &Key) -> Outcome<()> {
    let one = Move {
        line_id: key.line,
        key_id: Some(key.id),
        source: Bucket::Available,
        target: Bucket::Committed,
        amount: EACH,
    };
    let spend = Spend { kind: MoveKind::Commit, moves: vec![one] };
    office.db.upkeep("bench.move", |tx| moves::apply(tx, &office.cause(), &[spend]))
}

/// Moves a second of one connection.
fn one_writer(raw: &mut dyn Raw, office: &Office, key: &Key) -> Result<f64> {
    let (day, user) = (office.year.starts_on, office.director.user_id);
    let started = Instant::now();
    for _ in 0..MOVES {
        raw.begin()?;
        let taken = raw.run(
            "UPDATE budget_lines SET seq = seq + 1, available = available - ?, committed = committed + ?
             WHERE id = ? AND available >= ?",
            &[Int(EACH), Int(EACH), Int(key.line), Int(EACH)],
        )?;
        ensure!(taken == 1, "the raw writer found nothing left");
        raw.run(
            "INSERT INTO budget_moves (line_id, seq, prev_seq, kind, source, target, amount, key_id, record_id, entry_id,
                effective_on, recorded_at, recorded_by, before_unallotted, before_frozen, before_available,
                before_pre_committed, before_committed, before_obligated, before_paid, after_unallotted, after_frozen,
                after_available, after_pre_committed, after_committed, after_obligated, after_paid)
             SELECT id, seq, seq - 1, 'commit', 'available', 'committed', ?, ?, ?, NULL, ?, ?, ?, unallotted, frozen,
                available + ?, pre_committed, committed - ?, obligated, paid, unallotted, frozen, available,
                pre_committed, committed, obligated, paid
             FROM budget_lines WHERE id = ?",
            &[
                Int(EACH),
                Int(key.id),
                Int(office.record),
                Day(day),
                At(SystemClock.now()),
                Int(user),
                Int(EACH),
                Int(EACH),
                Int(key.line),
            ],
        )?;
        raw.commit()?;
    }
    Ok(MOVES as f64 / started.elapsed().as_secs_f64())
}
