//! Who closes, seals and ends the years before this one, and goes on wherever the server was killed.

use diwan_finance_api::{
    BeginYearEnd, ClosePeriod, CommitmentDecision, DecideCommitments, FiscalPeriod, FiscalYear, PeriodState, YearEnd,
    YearEndState,
};
use serde::de::DeserializeOwned;

use super::people::People;

const YEARS: &str = "/api/finance/years";
pub(super) const PERIODS: &str = "/api/finance/periods";

impl People<'_> {
    /// Takes the first year before this one that is not done a step further; answers whether there was one.
    pub(super) fn close(&self) -> Option<bool> {
        let years: Vec<FiscalYear> = self.read("head", YEARS)?;
        // The newest comes first.
        let mut past = years.iter().rev().filter(|year| year.ends_on < self.facts.today);
        let next = past.find_map(|year| {
            let open = year.periods.iter().find(|period| period.state != PeriodState::Sealed);
            open.map(|period| (year.id, period))
        });
        let Some((year, period)) = next else { return Some(false) };
        let (path, version) = (|step: &str| format!("{PERIODS}/{}/{step}", period.id), Some(period.version));
        match period.state {
            PeriodState::Closed => {
                let sealed: FiscalPeriod = self.ask("director", &path("seal"), version, &())?;
                self.done.sealed.lock().unwrap().push(sealed.id);
            }
            _ if period.number <= 12 => {
                let to = PeriodState::Closed;
                let closed: FiscalPeriod = self.ask("head", &path("close"), version, &ClosePeriod { to })?;
                assert_eq!(closed.state, to);
            }
            _ => self.end(year)?,
        }
        Some(true)
    }

    /// Takes the end of a year a step further: what is open of its commitments goes on in the next one.
    fn end(&self, year: i64) -> Option<()> {
        let path = format!("{YEARS}/{year}/end");
        let way = |step: &str| format!("{path}/{step}");
        let end: YearEnd = self.read("head", &path)?;
        match end.state {
            None => {
                let begun: YearEnd = self.ask("head", &path, None, &BeginYearEnd::default())?;
                assert_eq!(begun.state, Some(YearEndState::Draft));
            }
            Some(YearEndState::Draft) => {
                let all = DecideCommitments {
                    ids: Vec::new(),
                    holds: Vec::new(),
                    decision: CommitmentDecision::Carry,
                    reason: "عقد مستمر".to_owned(),
                };
                let decided: YearEnd = self.send("PUT", "head", &way("decisions"), None, &all)?;
                let prepared: YearEnd = self.ask("head", &way("prepare"), Some(decided.version), &())?;
                assert_eq!(prepared.state, Some(YearEndState::Prepared));
            }
            Some(YearEndState::Prepared) => {
                let ended: YearEnd = self.ask("director", &way("confirm"), Some(end.version), &())?;
                assert_eq!(ended.state, Some(YearEndState::Ended));
                self.done.ended.lock().unwrap().push(year);
            }
            Some(YearEndState::Ended) => panic!("the year {year} is ended, and its complementary period is open"),
        }
        Some(())
    }

    /// What is at a path; nothing where the server is gone.
    fn read<T: DeserializeOwned>(&self, who: &str, path: &str) -> Option<T> {
        let reply = self.callers[who].call("GET", path, "", b"")?;
        assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        serde_json::from_slice(&reply.body).ok()
    }
}
