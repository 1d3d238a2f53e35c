//! What single kinds ask for besides: its fields in the form, and what stands of it on the page.

use chrono::NaiveDate;
use diwan_finance_api::{
    AdvanceKind, Detail, DocumentDetails, FinanceDocument, JournalReason, OrderKind, ReceivedAs, Shape,
};
use yew::prelude::*;

use crate::client::Failure;
use crate::i18n::{self, format};
use crate::modules::admin::parts::options;
use crate::modules::admin::send::Sending;
use crate::ui::{DateField, Num, Select, SelectOption, TextField};

/// What the fields are drawn from.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) shape: Shape,
    pub(super) details: &'a DocumentDetails,
    pub(super) onchange: &'a Callback<DocumentDetails>,
    pub(super) sending: &'a Sending,
}

impl Fields<'_> {
    /// A change of one part of what is said.
    fn changing<V: 'static>(self, apply: impl Fn(&mut DocumentDetails, V) + 'static) -> Callback<V> {
        let (details, onchange) = (self.details.clone(), self.onchange.clone());
        Callback::from(move |value: V| {
            let mut next = details.clone();
            apply(&mut next, value);
            onchange.emit(next);
        })
    }

    fn error(self, name: &str) -> Option<AttrValue> {
        self.sending.error(&format!("details.{name}"))
    }

    fn text(self, label: String, name: &'static str, part: fn(&mut DocumentDetails) -> &mut String) -> Html {
        let value = part(&mut self.details.clone()).clone();
        let oninput = self.changing(move |details: &mut DocumentDetails, text: String| *part(details) = text);
        html! { <TextField {label} {value} {oninput} error={self.error(name)} maxlength={100} {name} /> }
    }

    fn choice(
        self,
        (label, name): (String, &'static str),
        (set, codes): (&str, Vec<&'static str>),
        chosen: Option<&'static str>,
        apply: fn(&mut DocumentDetails, &str),
    ) -> Html {
        let none = SelectOption::new("", t!("voucher-unsaid"));
        let options: Vec<SelectOption> = std::iter::once(none).chain(options(set, codes)).collect();
        let onchange = self.changing(move |details: &mut DocumentDetails, code: String| apply(details, &code));
        html! { <Select {label} value={chosen.unwrap_or_default()} {options} {onchange} error={self.error(name)} {name} /> }
    }

    /// How the money came in; of a cheque also which one it is.
    fn received(self) -> Html {
        let apply = |details: &mut DocumentDetails, code: &str| {
            details.received_as = code.parse().ok();
            if details.received_as != Some(ReceivedAs::Cheque) {
                details.cheque_bank.clear();
                details.cheque_no.clear();
                details.cheque_on = None;
            }
        };
        let codes = ReceivedAs::ALL.iter().map(|way| way.code()).collect();
        let chosen = self.details.received_as.map(ReceivedAs::code);
        let on_day = self.changing(|details: &mut DocumentDetails, day: Option<NaiveDate>| details.cheque_on = day);
        html! {
            <>
                { self.choice((t!("voucher-received-as"), "received_as"), ("received-as", codes), chosen, apply) }
                if self.details.received_as == Some(ReceivedAs::Cheque) {
                    { self.text(t!("voucher-cheque-bank"), "cheque_bank", |details| &mut details.cheque_bank) }
                    { self.text(t!("voucher-cheque-no"), "cheque_no", |details| &mut details.cheque_no) }
                    <DateField label={t!("voucher-cheque-on")} value={self.details.cheque_on} onchange={on_day} error={self.error("cheque_on")} name="cheque_on" />
                }
            </>
        }
    }

    /// The field of one detail; the guarantor is picked beside the other parties.
    fn one(self, detail: Detail) -> Html {
        match detail {
            Detail::PurchaseOrder => {
                self.text(t!("voucher-purchase-order"), "purchase_order", |details| &mut details.purchase_order)
            }
            Detail::GoodsReceipt => {
                self.text(t!("voucher-goods-receipt"), "goods_receipt", |details| &mut details.goods_receipt)
            }
            Detail::Requester => self.text(t!("voucher-requester"), "requester", |details| &mut details.requester),
            Detail::Payer => self.text(t!("voucher-payer"), "payer", |details| &mut details.payer),
            Detail::ReceivedAs => self.received(),
            Detail::DepositSlip => {
                self.text(t!("voucher-deposit-slip"), "deposit_slip", |details| &mut details.deposit_slip)
            }
            Detail::Reason => self.choice(
                (t!("voucher-reason"), "reason"),
                ("journal-reason", JournalReason::ALL.iter().map(|reason| reason.code()).collect()),
                self.details.reason.map(JournalReason::code),
                |details, code| details.reason = code.parse().ok(),
            ),
            Detail::ReverseOn => {
                let on_day =
                    self.changing(|details: &mut DocumentDetails, day: Option<NaiveDate>| details.reverse_on = day);
                html! { <DateField label={t!("voucher-reverse-on")} value={self.details.reverse_on} onchange={on_day} error={self.error("reverse_on")} name="reverse_on" /> }
            }
            Detail::AdvanceKind => self.choice(
                (t!("voucher-advance-kind"), "advance_kind"),
                ("advance-kind", AdvanceKind::ALL.iter().map(|kind| kind.code()).collect()),
                self.details.advance_kind.map(AdvanceKind::code),
                |details, code| details.advance_kind = code.parse().ok(),
            ),
            Detail::OrderKind => self.choice(
                (t!("voucher-order-kind"), "order_kind"),
                ("order-kind", OrderKind::ALL.iter().map(|kind| kind.code()).collect()),
                self.details.order_kind.map(OrderKind::code),
                |details, code| details.order_kind = code.parse().ok(),
            ),
            Detail::Guarantor => Html::default(),
            Detail::LegalArticle => {
                self.text(t!("voucher-legal-article"), "legal_article", |details| &mut details.legal_article)
            }
            Detail::Proof => self.text(t!("voucher-proof"), "proof", |details| &mut details.proof),
        }
    }

    /// The fields that the kind asks for: those that few documents have, or the others.
    pub(super) fn draw(self, rare: bool) -> Html {
        html! { { for self.shape.details.iter().filter(|detail| detail.is_rare() == rare).map(|detail| self.one(*detail)) } }
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct MoreProps {
    /// One of them is filled in.
    pub(super) filled: bool,
    /// Why the document was refused.
    pub(super) failure: Option<Failure>,
    pub(super) children: Html,
}

/// Fields that few documents have, behind one line; it opens by itself where one of them is filled in or wrong.
#[component]
pub(super) fn More(props: &MoreProps) -> Html {
    let place = use_node_ref();
    {
        let place = place.clone();
        use_effect_with((props.filled, props.failure.clone()), move |(filled, _)| {
            let wrong = |more: &web_sys::Element| more.query_selector("[aria-invalid=true]").ok().flatten().is_some();
            if let Some(more) = place.cast::<web_sys::Element>().filter(|more| *filled || wrong(more)) {
                // Fails only for a name that is none.
                let _ = more.set_attribute("open", "");
            }
        });
    }
    html! {
        <details ref={place} data-testid="more-fields">
            <summary class="dw-b" style="padding-block:0.25rem">{ t!("voucher-more") }</summary>
            <div class="dw-form two" style="margin-block:0.5rem 1rem">{ props.children.clone() }</div>
        </details>
    }
}

/// What a document says besides, as facts of its page.
pub(super) fn facts(document: &FinanceDocument) -> Vec<(String, Html)> {
    let of = &document.details;
    let text = |text: &String| (!text.is_empty()).then(|| html! { <span dir="auto">{ text }</span> });
    let word = |set: &str, code: Option<&str>| code.map(|code| html! { { i18n::code(set, code) } });
    let day = |day: Option<NaiveDate>| day.map(|day| html! { <Num value={format::date(day)} /> });
    let guarantor = document.guarantor.as_ref().map(|party| html! { { i18n::name(&party.name) } });
    [
        (t!("voucher-purchase-order"), text(&of.purchase_order)),
        (t!("voucher-goods-receipt"), text(&of.goods_receipt)),
        (t!("voucher-requester"), text(&of.requester)),
        (t!("voucher-payer"), text(&of.payer)),
        (t!("voucher-received-as"), word("received-as", of.received_as.map(ReceivedAs::code))),
        (t!("voucher-cheque-bank"), text(&of.cheque_bank)),
        (t!("voucher-cheque-no"), text(&of.cheque_no)),
        (t!("voucher-cheque-on"), day(of.cheque_on)),
        (t!("voucher-deposit-slip"), text(&of.deposit_slip)),
        (t!("voucher-reason"), word("journal-reason", of.reason.map(JournalReason::code))),
        (t!("voucher-reverse-on"), day(of.reverse_on)),
        (t!("voucher-advance-kind"), word("advance-kind", of.advance_kind.map(AdvanceKind::code))),
        (t!("voucher-guarantor"), guarantor),
        (t!("voucher-order-kind"), word("order-kind", of.order_kind.map(OrderKind::code))),
        (t!("voucher-legal-article"), text(&of.legal_article)),
        (t!("voucher-proof"), text(&of.proof)),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}
