//! The states of letters: declared once, enforced by the server, drawn as buttons by the UI.

use diwan_kernel::{Permission, Transition, codes};

codes! {
    /// States of an outgoing letter or internal memo.
    pub enum OutgoingState {
        /// مسودة.
        Draft = "draft",
        /// قيد المراجعة.
        InReview = "in_review",
        /// بانتظار التوقيع.
        InSignature = "in_signature",
        /// مُعاد للتصويب.
        Returned = "returned",
        /// مُصدَر.
        Issued = "issued",
        /// مُسلَّم: registered by every agency it went to.
        Delivered = "delivered",
        /// مغلق.
        Closed = "closed",
        /// ملغى.
        Void = "void",
    }

    /// What is done with an outgoing letter.
    pub enum OutgoingAction {
        /// تعديل.
        Edit = "edit",
        /// رفع للمراجعة.
        Submit = "submit",
        /// رفع للتوقيع: the last reviewer agreed.
        PassUp = "pass_up",
        /// إعادة للتصويب.
        Return = "return",
        /// سحب من المسار.
        Withdraw = "withdraw",
        /// توقيع وإصدار.
        Sign = "sign",
        /// تأكيد التسليم: the last recipient registered it.
        ConfirmDelivery = "confirm_delivery",
        /// سحب الكتاب من الجهات التي لم تسجله.
        Recall = "recall",
        /// إغلاق.
        Close = "close",
        /// إلغاء.
        Void = "void",
    }

    /// States of an incoming letter.
    pub enum IncomingState {
        /// بانتظار التسجيل.
        Received = "received",
        /// مسجّل.
        Registered = "registered",
        /// محال.
        Referred = "referred",
        /// تم الرد.
        Answered = "answered",
        /// مغلق (محفوظ).
        Closed = "closed",
        /// أعيد إلى مرسله.
        Refused = "refused",
        /// سحبه مرسله.
        Recalled = "recalled",
    }

    /// What is done with an incoming letter.
    pub enum IncomingAction {
        /// تسجيل.
        Register = "register",
        /// إعادة الكتاب مع بيان السبب.
        Refuse = "refuse",
        /// سحب (by the sender).
        Recall = "recall",
        /// إحالة.
        Refer = "refer",
        /// رد.
        Answer = "answer",
        /// حفظ وإغلاق.
        Close = "close",
        /// إعادة فتح.
        Reopen = "reopen",
    }
}

use IncomingAction as Do;
use IncomingState as In;
use OutgoingAction as Act;
use OutgoingState as Out;

type OutgoingMove = Transition<OutgoingState, OutgoingAction>;
type IncomingMove = Transition<IncomingState, IncomingAction>;

const fn out(from: Out, action: Act, to: Out, permission: Option<Permission>) -> OutgoingMove {
    Transition { from, action, to, permission }
}

const fn inc(from: In, action: Do, to: In, permission: Option<Permission>) -> IncomingMove {
    Transition { from, action, to, permission }
}

/// Outgoing letters. Where the permission is none, holding the task (or having written the draft) is the right.
pub static OUTGOING: &[OutgoingMove] = &[
    out(Out::Draft, Act::Edit, Out::Draft, Some(Permission::LettersDraft)),
    out(Out::Returned, Act::Edit, Out::Returned, Some(Permission::LettersDraft)),
    out(Out::Draft, Act::Submit, Out::InReview, Some(Permission::LettersDraft)),
    out(Out::Returned, Act::Submit, Out::InReview, Some(Permission::LettersDraft)),
    out(Out::InReview, Act::PassUp, Out::InSignature, None),
    out(Out::InReview, Act::Return, Out::Returned, None),
    out(Out::InSignature, Act::Return, Out::Returned, None),
    out(Out::InReview, Act::Withdraw, Out::Draft, Some(Permission::LettersDraft)),
    out(Out::InSignature, Act::Withdraw, Out::Draft, Some(Permission::LettersDraft)),
    out(Out::InSignature, Act::Sign, Out::Issued, Some(Permission::LettersSign)),
    out(Out::Issued, Act::ConfirmDelivery, Out::Delivered, None),
    out(Out::Issued, Act::Recall, Out::Issued, Some(Permission::LettersRegister)),
    out(Out::Issued, Act::Close, Out::Closed, Some(Permission::LettersRegister)),
    out(Out::Delivered, Act::Close, Out::Closed, Some(Permission::LettersRegister)),
    out(Out::Draft, Act::Void, Out::Void, Some(Permission::LettersDraft)),
    out(Out::Returned, Act::Void, Out::Void, Some(Permission::LettersDraft)),
    out(Out::Issued, Act::Void, Out::Void, Some(Permission::LettersVoid)),
];

/// Incoming letters.
pub static INCOMING: &[IncomingMove] = &[
    inc(In::Received, Do::Register, In::Registered, Some(Permission::LettersRegister)),
    inc(In::Received, Do::Refuse, In::Refused, Some(Permission::LettersRegister)),
    inc(In::Received, Do::Recall, In::Recalled, None),
    inc(In::Registered, Do::Refer, In::Referred, Some(Permission::LettersRefer)),
    inc(In::Referred, Do::Refer, In::Referred, None),
    inc(In::Answered, Do::Refer, In::Referred, Some(Permission::LettersRefer)),
    inc(In::Registered, Do::Answer, In::Answered, Some(Permission::LettersDraft)),
    inc(In::Referred, Do::Answer, In::Answered, None),
    inc(In::Answered, Do::Answer, In::Answered, None),
    inc(In::Registered, Do::Close, In::Closed, Some(Permission::LettersRegister)),
    inc(In::Referred, Do::Close, In::Closed, Some(Permission::LettersRegister)),
    inc(In::Answered, Do::Close, In::Closed, Some(Permission::LettersRegister)),
    inc(In::Closed, Do::Reopen, In::Referred, Some(Permission::LettersRegister)),
];

/// The move of an outgoing letter, or none where it is not allowed.
pub fn outgoing(state: OutgoingState, action: OutgoingAction) -> Option<&'static OutgoingMove> {
    diwan_kernel::allowed(OUTGOING, state, action)
}

/// The move of an incoming letter, or none where it is not allowed.
pub fn incoming(state: IncomingState, action: IncomingAction) -> Option<&'static IncomingMove> {
    diwan_kernel::allowed(INCOMING, state, action)
}
