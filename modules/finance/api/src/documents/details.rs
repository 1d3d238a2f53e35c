//! What single kinds of documents say besides (بيانات خاصة بنوع المستند): which of it a kind asks for stands in its shape.

use chrono::NaiveDate;
use diwan_kernel::{codes, dto};

codes! {
    /// What a kind may ask for besides.
    pub enum Detail {
        /// رقم أمر الشراء.
        PurchaseOrder = "purchase_order",
        /// رقم مستند الاستلام.
        GoodsReceipt = "goods_receipt",
        /// الجهة الطالبة.
        Requester = "requester",
        /// اسم الدافع: who paid at the counter, party or not.
        Payer = "payer",
        /// طريقة القبض; of a cheque also its bank, number and day.
        ReceivedAs = "received_as",
        /// رقم قسيمة الإيداع: of the bank that what was received was brought to.
        DepositSlip = "deposit_slip",
        /// سبب القيد.
        Reason = "reason",
        /// تاريخ العكس التلقائي.
        ReverseOn = "reverse_on",
        /// نوع السلفة.
        AdvanceKind = "advance_kind",
        /// الكفيل.
        Guarantor = "guarantor",
        /// نوع الأمر المالي.
        OrderKind = "order_kind",
        /// السند القانوني.
        LegalArticle = "legal_article",
        /// إثبات الاستحقاق: what shows that whoever asks for a deposit may have it back.
        Proof = "proof",
    }

    /// How money came in (طريقة القبض).
    pub enum ReceivedAs {
        /// نقدًا.
        Cash = "cash",
        /// شيك.
        Cheque = "cheque",
        /// حوالة بنكية.
        Transfer = "transfer",
        /// بطاقة دفع.
        Card = "card",
    }

    /// Why a journal voucher is written (سبب القيد).
    pub enum JournalReason {
        /// تصويب.
        Correction = "correction",
        /// إعادة تصنيف.
        Reclassification = "reclassification",
        /// تسوية.
        Settlement = "settlement",
        /// استحقاق.
        Accrual = "accrual",
        /// غير ذلك.
        Other = "other",
    }

    /// What an advance is (نوع السلفة).
    pub enum AdvanceKind {
        /// مؤقتة: for one purpose, settled as a whole.
        Temporary = "temporary",
        /// دائمة: an imprest that is replenished.
        Permanent = "permanent",
    }

    /// What a financial order is (نوع الأمر المالي).
    pub enum OrderKind {
        /// عام: allots what the law gave as it stands.
        General = "general",
        /// خاص: allots for what a decision names, and says which.
        Special = "special",
    }
}

dto! {
    /// What a document says besides; empty where its kind does not ask or nothing is said.
    #[derive(Default, Eq)]
    pub struct DocumentDetails {
        /// The number of the purchase order.
        #[serde(default)]
        pub purchase_order: String,
        /// The number of the receipt of the goods.
        #[serde(default)]
        pub goods_receipt: String,
        /// Who asked for it.
        #[serde(default)]
        pub requester: String,
        /// Who paid what was received.
        #[serde(default)]
        pub payer: String,
        /// How the money came in.
        #[serde(default)]
        pub received_as: Option<ReceivedAs>,
        /// The bank that a cheque is drawn on.
        #[serde(default)]
        pub cheque_bank: String,
        /// The number of a cheque.
        #[serde(default)]
        pub cheque_no: String,
        /// The day of a cheque.
        #[serde(default)]
        pub cheque_on: Option<NaiveDate>,
        /// The number of the slip by which it was brought to the bank.
        #[serde(default)]
        pub deposit_slip: String,
        /// Why a journal voucher is written.
        #[serde(default)]
        pub reason: Option<JournalReason>,
        /// The day on which a draft that takes it back is made by itself.
        #[serde(default)]
        pub reverse_on: Option<NaiveDate>,
        /// What an advance is.
        #[serde(default)]
        pub advance_kind: Option<AdvanceKind>,
        /// The party that stands surety.
        #[serde(default)]
        pub guarantor_id: Option<i64>,
        /// What a financial order is; general where nothing is said. A special one names the decision it rests on.
        #[serde(default)]
        pub order_kind: Option<OrderKind>,
        /// The article or the decision it rests on.
        #[serde(default)]
        pub legal_article: String,
        /// What shows that whoever asks may have it.
        #[serde(default)]
        pub proof: String,
    }
}

impl Detail {
    /// Whether few documents have it: the form keeps it behind a line that opens.
    pub const fn is_rare(self) -> bool {
        !matches!(self, Self::Payer | Self::ReceivedAs | Self::Reason | Self::AdvanceKind | Self::OrderKind)
    }
}

impl DocumentDetails {
    /// Whether it says something that few documents have.
    pub fn has_rare(&self) -> bool {
        let usual = Self {
            payer: self.payer.clone(),
            received_as: self.received_as,
            cheque_bank: self.cheque_bank.clone(),
            cheque_no: self.cheque_no.clone(),
            cheque_on: self.cheque_on,
            reason: self.reason,
            advance_kind: self.advance_kind,
            order_kind: self.order_kind,
            ..Self::default()
        };
        *self != usual
    }

    /// What is true of the next document like it, too: the order, the receipt, the cheque, the slip and the days are its own.
    pub fn lasting(&self) -> Self {
        Self {
            purchase_order: String::new(),
            goods_receipt: String::new(),
            cheque_bank: String::new(),
            cheque_no: String::new(),
            cheque_on: None,
            deposit_slip: String::new(),
            received_as: self.received_as.filter(|way| *way != ReceivedAs::Cheque),
            proof: String::new(),
            reverse_on: None,
            ..self.clone()
        }
    }
}
