//! What must be so before a year ends (شروط إقفال السنة).

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Integer},
};
use diwan_db::ReadTx;
use diwan_finance_api::{ConditionStanding, DecisionTotal, DocumentState, PeriodState, YearEndCondition, YearEndState};
use diwan_platform::{Outcome, Refusal};

use super::store::{self, Year};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Every condition and whether it is met; `undecided` and `carry` are the commitments without a decision and those carried.
///
/// # Errors
/// The database fails.
pub(super) fn of(
    tx: &mut ReadTx<'_>,
    year: &Year,
    (undecided, carry): (DecisionTotal, DecisionTotal),
) -> Outcome<Vec<ConditionStanding>> {
    let mut all = Vec::with_capacity(YearEndCondition::ALL.len());
    for condition in YearEndCondition::ALL {
        let count = match condition {
            YearEndCondition::MonthsClosed => months_open(tx, year)?,
            YearEndCondition::ComplementaryOpen => complementary_shut(tx, year)?,
            YearEndCondition::DocumentsDone => documents_open(tx, year)?,
            YearEndCondition::NextYear => i64::from(carry.count > 0 && store::next(tx, year)?.is_none()),
            YearEndCondition::EarlierYears => earlier_open(tx, year)?,
            YearEndCondition::Decisions => undecided.count,
            YearEndCondition::Over => i64::from(tx.today() <= year.ends_on),
        };
        all.push(ConditionStanding { condition: *condition, met: count == 0, count });
    }
    Ok(all)
}

/// Goes on only where all of them are met.
///
/// # Errors
/// `commitments_undecided`; `year_end_conditions` with how much stands against each.
pub(super) fn require(all: &[ConditionStanding]) -> Outcome<()> {
    let count = |condition| all.iter().find(|one| one.condition == condition).map_or(0, |one| one.count).to_string();
    let others = all.iter().filter(|one| one.condition != YearEndCondition::Decisions);
    if others.clone().all(|one| one.met) {
        return if all.iter().all(|one| one.met) {
            Ok(())
        } else {
            Err(Refusal::rule("commitments_undecided", [("count", count(YearEndCondition::Decisions))]))
        };
    }
    Err(Refusal::rule(
        "year_end_conditions",
        [
            ("months", count(YearEndCondition::MonthsClosed)),
            ("complementary", count(YearEndCondition::ComplementaryOpen)),
            ("documents", count(YearEndCondition::DocumentsDone)),
            ("next", count(YearEndCondition::NextYear)),
            ("earlier", count(YearEndCondition::EarlierYears)),
            ("early", count(YearEndCondition::Over)),
        ],
    ))
}

fn months_open(tx: &mut ReadTx<'_>, year: &Year) -> Outcome<i64> {
    let text = format!(
        "SELECT COUNT(*) AS count FROM fiscal_periods p WHERE p.year_id = {mark}1 AND p.number <= 12 AND p.state NOT IN ('{closed}', '{sealed}')",
        mark = tx.mark(),
        closed = PeriodState::Closed.code(),
        sealed = PeriodState::Sealed.code(),
    );
    let found: Count = sql_query(text).bind::<BigInt, _>(year.id).get_result(tx.conn())?;
    Ok(found.count)
}

/// 1 where the complementary period takes no journal voucher.
fn complementary_shut(tx: &mut ReadTx<'_>, year: &Year) -> Outcome<i64> {
    let text = format!(
        "SELECT COUNT(*) AS count FROM fiscal_periods p WHERE p.year_id = {mark}1 AND p.number = 13
            AND p.state NOT IN ('{open}', '{soft}')",
        mark = tx.mark(),
        open = PeriodState::Open.code(),
        soft = PeriodState::SoftClosed.code(),
    );
    let found: Count = sql_query(text).bind::<BigInt, _>(year.id).get_result(tx.conn())?;
    Ok(found.count)
}

fn documents_open(tx: &mut ReadTx<'_>, year: &Year) -> Outcome<i64> {
    let text = format!(
        "SELECT COUNT(*) AS count FROM finance_documents d JOIN records r ON r.id = d.record_id
        WHERE d.agency_id = {mark}1 AND d.posted_at IS NULL AND d.effective_on BETWEEN {mark}2 AND {mark}3
            AND r.state IN ('{draft}', '{returned}', '{travelling}')",
        mark = tx.mark(),
        draft = DocumentState::Draft.code(),
        returned = DocumentState::Returned.code(),
        travelling = DocumentState::InApproval.code(),
    );
    let found: Count = sql_query(text)
        .bind::<BigInt, _>(year.agency_id)
        .bind::<Date, _>(year.starts_on)
        .bind::<Date, _>(year.ends_on)
        .get_result(tx.conn())?;
    Ok(found.count)
}

/// Earlier years that are not ended and have anything in the books, or a period that could still take something.
fn earlier_open(tx: &mut ReadTx<'_>, year: &Year) -> Outcome<i64> {
    let text = format!(
        "SELECT COUNT(*) AS count FROM fiscal_years f WHERE f.agency_id = {mark}1 AND f.year < {mark}2
            AND EXISTS (SELECT 1 FROM fiscal_periods p WHERE p.year_id = f.id AND (p.state NOT IN ('{closed}', '{sealed}')
                OR EXISTS (SELECT 1 FROM period_balances b WHERE b.period_id = p.id)))
            AND NOT EXISTS (SELECT 1 FROM year_ends y WHERE y.year_id = f.id AND y.state = '{ended}')",
        mark = tx.mark(),
        closed = PeriodState::Closed.code(),
        sealed = PeriodState::Sealed.code(),
        ended = YearEndState::Ended.code(),
    );
    let found: Count =
        sql_query(text).bind::<BigInt, _>(year.agency_id).bind::<Integer, _>(year.year).get_result(tx.conn())?;
    Ok(found.count)
}
