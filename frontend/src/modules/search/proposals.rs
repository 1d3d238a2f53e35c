//! What would find something, as lines that can be pressed.

use diwan_archive_api::{Proposal, ProposalKind};
use yew::prelude::*;

use crate::app::query::Query;
use crate::app::router::Link;
use crate::ui::Icon;

/// The proposals of an answer; nothing where there are none.
pub(super) fn draw(proposals: &[Proposal], query: &Query) -> Html {
    if proposals.is_empty() {
        return Html::default();
    }
    let line = |proposal: &Proposal| {
        let kept = if proposal.kind == ProposalKind::Unfiltered { Query::default() } else { query.clone() };
        let url = format!("/search{}", kept.with("q", proposal.q.clone()).text());
        let (word, instead) = (proposal.word.clone().unwrap_or_default(), proposal.instead.clone().unwrap_or_default());
        let what = match proposal.kind {
            ProposalKind::Word => t!("find-proposal-word", word = word, instead = instead),
            ProposalKind::Without => t!("find-proposal-without", word = word),
            ProposalKind::Unfiltered => t!("find-proposal-unfiltered"),
        };
        html! {
            <li key={format!("{}{}", proposal.kind.code(), proposal.q)} data-testid="proposal">
                <Link to={url}>{ what }</Link>{ " " }<span class="dw-muted dw-sm">{ t!("find-proposal-count", n = proposal.total) }</span>
            </li>
        }
    };
    html! {
        <nav class="dw-pad dw-proposals" aria-label={t!("find-proposals")}>
            <h2 class="dw-sec-t">{ Icon::Search }{ t!("find-proposals") }</h2>
            <ul>{ for proposals.iter().map(line) }</ul>
        </nav>
    }
}
