//! The figures: a table on the screen, and `bench.json`.

use std::{
    fs,
    io::{Write, stdout},
    path::Path,
    time::Duration,
};

use anyhow::Result;
use serde::Serialize;

/// A measured figure.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// In what.
    pub unit: &'static str,
    /// `higher` or `lower` is better.
    pub better: &'static str,
    #[serde(skip)]
    bound: Option<f64>,
}

/// All figures so far.
#[derive(Debug, Default)]
pub struct Report(Vec<Figure>);

impl Report {
    /// Adds a figure that has to be at least `bound`.
    pub fn at_least(&mut self, name: impl Into<String>, value: f64, unit: &'static str, bound: Option<f64>) {
        self.add(Figure { name: name.into(), value, unit, better: "higher", bound });
    }

    /// Adds a figure that may be at most `bound`.
    pub fn at_most(&mut self, name: impl Into<String>, value: f64, unit: &'static str, bound: f64) {
        self.add(Figure { name: name.into(), value, unit, better: "lower", bound: Some(bound) });
    }

    fn add(&mut self, mut figure: Figure) {
        figure.value = (figure.value * 10_000.0).round() / 10_000.0;
        say(format_args!("   = {} {} {}", figure.name, figure.value, figure.unit));
        self.0.push(figure);
    }

    /// Writes `bench.json` and prints the table.
    pub fn write(&self, path: &Path) -> Result<()> {
        fs::write(path, serde_json::to_string_pretty(&self.0)? + "\n")?;
        say(format_args!("\n{:32} {:>10} {:7} {:>10}", "FIGURE", "VALUE", "UNIT", "BOUND"));
        for Figure { name, value, unit, better, bound } in &self.0 {
            let (bound, verdict) = match bound {
                None => (String::new(), ""),
                Some(bound) if *better == "higher" => {
                    (format!("≥ {bound}"), if value >= bound { "" } else { "missed" })
                }
                Some(bound) => (format!("≤ {bound}"), if value <= bound { "" } else { "missed" }),
            };
            say(format_args!("{name:32} {value:>10} {unit:7} {bound:>10} {verdict}"));
        }
        Ok(())
    }
}

/// A line on the screen.
pub fn say(line: impl std::fmt::Display) {
    // Nobody may be reading; measuring goes on.
    let _unread = writeln!(stdout(), "{line}");
}

/// The middle of the values.
pub fn median(values: &[f64]) -> f64 {
    part(values, 0.5)
}

/// The value below which that part of the values lies.
pub fn part(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * part).ceil() as usize).copied().unwrap_or(f64::NAN)
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
