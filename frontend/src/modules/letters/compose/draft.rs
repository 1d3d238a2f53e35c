//! What is being written, as it is kept in the browser and on the server until it is saved.

use diwan_kernel::{Lang, Priority, Secrecy};
use diwan_platform_api::records::Ref;
use diwan_tarasol_api::{Body, Form, Letter, LetterInput};
use serde::{Deserialize, Serialize};

use crate::client::json;

/// What is being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// All but the text.
    pub(super) input: LetterInput,
    /// The text, in the editor's own JSON.
    pub(super) text: String,
    /// Whose signature is wanted, with the name.
    pub(super) signatory: Option<Ref>,
    /// The version of the letter this was begun from; 0 for a new one.
    pub(super) base: i64,
}

impl Draft {
    /// An empty letter.
    pub(super) fn empty(form: Form, lang: Lang) -> Self {
        Self::of_input(LetterInput {
            subject: String::new(),
            form,
            lang,
            addressee: String::new(),
            body: Body::default(),
            secrecy: Secrecy::Normal,
            caveats: Vec::new(),
            priority: Priority::Normal,
            reply_due_days: None,
            recipients: Vec::new(),
            in_reply_to: None,
            unit_id: None,
            signatory_position_id: None,
        })
    }

    /// A letter that starts from an input of the server's.
    pub(super) fn of_input(mut input: LetterInput) -> Self {
        let text = text_of(&std::mem::take(&mut input.body));
        Self { input, text, signatory: None, base: 0 }
    }

    /// A letter that is there already.
    pub(super) fn of_letter(letter: &Letter) -> Self {
        let input = LetterInput {
            subject: letter.head.subject.clone(),
            form: letter.form,
            lang: letter.lang,
            addressee: letter.addressee.clone(),
            body: Body::default(),
            secrecy: letter.head.secrecy,
            caveats: letter.head.caveats.clone(),
            priority: letter.head.priority,
            reply_due_days: letter.reply_due_days,
            recipients: letter.recipients.clone(),
            in_reply_to: letter.in_reply_to,
            unit_id: letter.head.unit.as_ref().map(|unit| unit.id),
            signatory_position_id: letter.signatory.as_ref().map(|position| position.id),
        };
        Self { input, text: text_of(&letter.body), signatory: letter.signatory.clone(), base: letter.head.version }
    }

    /// The text as the server takes it; none where the editor gave something it should not.
    pub(super) fn body(&self) -> Option<Body> {
        if self.text.is_empty() { Some(Body::default()) } else { json::read(&self.text) }
    }

    /// What is sent.
    pub(super) fn to_send(&self) -> Option<LetterInput> {
        let signatory_position_id = self.signatory.as_ref().map(|position| position.id);
        Some(LetterInput { body: self.body()?, signatory_position_id, ..self.input.clone() })
    }

    /// With another text.
    pub(super) fn with_body(mut self, body: &Body) -> Self {
        self.text = text_of(body);
        self
    }
}

/// The editor's JSON of a text, empty for none.
pub(super) fn text_of(body: &Body) -> String {
    if body.content.is_empty() {
        return String::new();
    }
    // A checked document has text keys only and so always becomes JSON.
    serde_json::to_string(body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_kept_and_sent_with_its_text() {
        let mut draft = Draft::empty(Form::Letter, Lang::Ar);
        assert_eq!(draft.to_send().unwrap().body, Body::default());
        draft = draft.with_body(&Body::from_text("تحية طيبة"));
        draft.signatory = Some(Ref { id: 7, name: diwan_kernel::Named::default() });
        let kept: Draft = serde_json::from_str(&serde_json::to_string(&draft).unwrap()).unwrap();
        assert_eq!(kept, draft);
        let sent = kept.to_send().unwrap();
        assert_eq!((sent.body.text().as_str(), sent.signatory_position_id), ("تحية طيبة", Some(7)));
    }
}
