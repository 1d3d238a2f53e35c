//! The reasons that `diwan-bank` gives, as codes with what their texts are filled with.

use diwan_bank::matching::{Explanation, Grouping, Unmatched};
use diwan_finance_api::{MatchRule, MatchWhy};
use diwan_kernel::problem::Args;

fn args<const N: usize>(args: [(&str, String); N]) -> Args {
    args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn party(party: bool) -> String {
    if party { "yes" } else { "no" }.to_owned()
}

/// Why lines and entries are matched.
pub(super) fn matched(why: &Explanation) -> MatchWhy {
    let (rule, args) = match why {
        Explanation::Reference { reference } => (MatchRule::Reference, args([("reference", reference.clone())])),
        Explanation::Exact { days, party: same } => {
            (MatchRule::Exact, args([("days", days.to_string()), ("party", party(*same))]))
        }
        Explanation::Twins { count, days, party: same } => (
            MatchRule::Twins,
            args([("count", count.to_string()), ("days", days.to_string()), ("party", party(*same))]),
        ),
        Explanation::ManyToOne { by } => match by {
            Grouping::Reference => (MatchRule::SumReference, Args::new()),
            Grouping::PartyDay => (MatchRule::SumDay, args([("party", party(true))])),
            Grouping::Day => (MatchRule::SumDay, args([("party", party(false))])),
            Grouping::PartySearch => (MatchRule::SumSearch, args([("party", party(true))])),
            Grouping::Search => (MatchRule::SumSearch, args([("party", party(false))])),
        },
    };
    MatchWhy { rule, args }
}

/// What a person decided.
pub(super) fn by_hand() -> MatchWhy {
    MatchWhy { rule: MatchRule::Manual, args: Args::new() }
}

/// Why nothing is proposed, or that something is.
pub(super) fn unmatched(why: Option<Unmatched>) -> (&'static str, Args) {
    let Some(why) = why else { return ("proposed", Args::new()) };
    match why {
        Unmatched::Zero => ("zero", Args::new()),
        Unmatched::NoCandidate => ("no_candidate", Args::new()),
        Unmatched::EqualAmounts { lines, entries } => {
            ("equal_amounts", args([("lines", lines.to_string()), ("entries", entries.to_string())]))
        }
        Unmatched::SeveralSums { count } => ("several_sums", args([("count", count.to_string())])),
        Unmatched::TooMany => ("too_many", Args::new()),
    }
}
