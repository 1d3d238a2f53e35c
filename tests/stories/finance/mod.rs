//! The story of a fiscal year: from the law to the closed books, every figure beside a model that knows only the papers.

mod checks;
mod dice;
mod end;
mod figures;
mod keys;
mod model;
mod office;
mod statements;
mod year;

use diwan_finance_api::{ClosePeriod, FiscalPeriod, PeriodState};
use diwan_testkit::{TestDb, both_async};

use self::{
    office::{Office, day},
    year::{DOCUMENTS, PAID_UP_TO, Story},
};

/// Closes a month.
async fn close(office: &Office, month: u32) {
    let year = office.year().await;
    let period = year.periods.iter().find(|one| one.starts_on == day(month, 1)).unwrap();
    let path = format!("/api/finance/periods/{}/close", period.id);
    let to = ClosePeriod { to: PeriodState::Closed };
    let closed: FiscalPeriod = office.app.post_at(office.closer, &path, period.version, &to).await.ok();
    assert_eq!(closed.state, PeriodState::Closed);
}

/// Pays what is due on a day up to an amount.
async fn pay(story: &mut Story, on: chrono::NaiveDate, most: i64) {
    for trust in [false, true] {
        let due = story.payable(trust, most);
        if due.is_empty() {
            continue;
        }
        let run = story.office.pay(on, trust, most).await;
        let amount: i64 = due.iter().map(|place| story.model.papers[*place].to_pay).sum();
        assert_eq!((run.items, run.amount), (i64::try_from(due.len()).unwrap(), amount), "the run of {on}");
        due.into_iter().for_each(|place| story.model.pay(place));
    }
}

#[test]
fn a_year_of_two_thousand_documents_closes_with_every_figure_as_the_papers_say() {
    both_async(async |db: TestDb| {
        // On PostgreSQL all of it is done by a role that owns nothing, as who serves should be.
        let mut story = Story::begin(Office::on(db.served()).await);
        let mut known = Default::default();
        for month in 1..=12 {
            let last = story.office.at_end_of(month);
            if month == 4 {
                story.what_cannot_be(month);
            }
            story.month(month, DOCUMENTS * usize::try_from(month).unwrap() / 12);
            pay(&mut story, last, PAID_UP_TO).await;
            story.office.agrees_on_the_budget(&story.model, last).await;
            let balances = story.office.agrees_on_balances(&story.model, last).await;
            if month == 3 {
                known = balances;
            }
            close(&story.office, month).await;
        }
        assert!(story.model.papers.len() >= DOCUMENTS);
        story.office.agrees_on_keys(&story.model, day(12, 31)).await;
        story.office.agrees_on_statements(&story.model, day(12, 31)).await;
        end::of_year(&mut story).await;
        // What was known at the end of March has not changed since.
        assert_eq!(story.office.balances_known(day(3, 31)).await, known);
    });
}
