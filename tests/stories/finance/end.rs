//! The end of the year: commitments carried forward or lapsed by decision, the closing entry, and statements that say after it
//! what they said before. Then January pays what was owed.

use chrono::NaiveDate;
use diwan_finance_api::{
    BeginYearEnd, CommitmentDecision, DecideCommitments, DocumentKind, FiscalYear, NewFiscalYear, YearEnd, YearEndState,
};

use super::{
    office::{YEAR, day},
    statements::execution_of_next,
    year::Story,
};

/// Prepares the end of the year, has another person confirm it, and looks at everything once more.
pub(super) async fn of_year(story: &mut Story) {
    let office = &story.office;
    office.app.db.clock().set(NaiveDate::from_ymd_opt(YEAR + 1, 1, 10).unwrap().and_hms_opt(8, 0, 0).unwrap());
    let next = NewFiscalYear { year: YEAR + 1 };
    office.app.post(office.authoriser(), "/api/finance/years", &next).await.created::<FiscalYear>();
    let open = story.model.places(|one| one.paper.kind == DocumentKind::Commitment && !one.closed && one.left() > 0);
    let carried: Vec<usize> = open.iter().copied().step_by(2).collect();
    let ended = end(story, &carried).await;

    let model = &mut story.model;
    let surplus = model.surplus();
    assert_eq!((ended.revenue, ended.expense, ended.surplus), (model.revenue(), model.expense(), surplus));
    let left = |places: &[usize]| -> i64 { places.iter().map(|place| model.papers[*place].left()).sum() };
    assert_eq!(usize::try_from(ended.carry.count).unwrap(), carried.len());
    assert_eq!((ended.carry.amount, ended.carry.amount + ended.lapse.amount), (left(&carried), left(&open)));
    let before = model.budget();
    let budget = &ended.budget;
    assert_eq!((budget.revised, budget.obligated, budget.paid), (before.revised(), before.obligated, before.paid));
    assert_eq!(budget.carried, ended.carry.amount);
    assert_eq!(budget.lapsed, before.revised() - before.obligated - before.paid - ended.carry.amount);

    let execution = model.execution();
    let brought = model.end(&carried);
    let (office, model) = (&story.office, &story.model);
    office.agrees_on_the_budget(model, day(12, 31)).await;
    office.agrees_on_what_is_brought(&brought).await;
    office.agrees_on_balances(model, day(12, 31)).await;
    office.agrees_on_cash(model, day(12, 31)).await;
    office.agrees_on("performance", model.performance(), day(12, 31)).await;
    office.agrees_on("gfsm", model.gfsm(), day(12, 31)).await;
    office.agrees_on("cofog", model.cofog(), day(12, 31)).await;
    office.agrees_on("position", model.position(0), day(12, 31)).await;
    office.agrees_on_the_execution(execution.clone(), day(12, 31)).await;
    // The next year stands on what this one left.
    let next = format!("from={}-01-01&to={}-01-10", YEAR + 1, YEAR + 1);
    office.agrees_on_days("position", model.position(surplus), &next).await;

    // What was owed is paid of the budget of its own year, out of the cash of the next one.
    let paid = model.budget().paid;
    super::pay(story, NaiveDate::from_ymd_opt(YEAR + 1, 1, 10).unwrap(), i64::MAX).await;
    let (office, model) = (&story.office, &story.model);
    let earlier = model.budget().paid - paid;
    assert!(earlier > 0);
    office.agrees_on_the_execution(execution.clone(), day(12, 31)).await;
    let whole = format!("from={}-01-01&to={}-12-31", YEAR + 1, YEAR + 1);
    office.agrees_on_two_years([execution_of_next(&brought, earlier), execution], &whole).await;
    office.agrees_on_days("position", model.position(surplus), &next).await;
}

/// The steps of the end of a year, each by whoever may take it.
async fn end(story: &Story, carried: &[usize]) -> YearEnd {
    let office = &story.office;
    let (app, closer) = (&office.app, office.closer);
    let path = format!("/api/finance/years/{}/end", office.year().await.id);
    let begun: YearEnd = app.post(closer, &path, &BeginYearEnd::default()).await.created();
    assert_eq!(begun.state, Some(YearEndState::Draft));
    let carry = DecideCommitments {
        ids: carried.iter().map(|place| office.records[*place]).collect(),
        holds: Vec::new(),
        decision: CommitmentDecision::Carry,
        reason: "عقود مستمرة".to_owned(),
    };
    app.put(closer, &format!("{path}/decisions"), &carry).await.ok::<YearEnd>();
    let lapse = DecideCommitments {
        ids: Vec::new(),
        holds: Vec::new(),
        decision: CommitmentDecision::Lapse,
        reason: "انتهت الحاجة إليها".to_owned(),
    };
    let decided: YearEnd = app.put(closer, &format!("{path}/decisions"), &lapse).await.ok();
    assert!(decided.conditions.iter().all(|one| one.met), "{:?}", decided.conditions);
    let prepared = app.post_at(closer, &format!("{path}/prepare"), decided.version, &()).await;
    let prepared: YearEnd = prepared.ok();
    let confirmed = app.post_at(office.authoriser(), &format!("{path}/confirm"), prepared.version, &()).await;
    let ended: YearEnd = confirmed.ok();
    assert_eq!(ended.state, Some(YearEndState::Ended));
    ended
}
