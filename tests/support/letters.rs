//! Letters on their way, for tests that begin in the middle.

use diwan_tarasol_api::{Letter, LetterInput, LetterStep, StepNote};

use crate::{Answer, TestApp};

/// A word that goes with a step.
pub fn note(text: &str) -> StepNote {
    StepNote { note: Some(text.to_owned()) }
}

impl TestApp {
    /// The letter's page.
    pub async fn letter(&self, user_id: i64, id: i64) -> Letter {
        self.get(user_id, &format!("/api/letters/{id}")).await.ok()
    }

    /// A step of a letter without a version.
    pub async fn step(&self, user_id: i64, id: i64, step: &str, note: &StepNote) -> Answer {
        self.post(user_id, &format!("/api/letters/{id}/{step}"), note).await
    }

    /// A step with the version that the person reads now.
    pub async fn step_now(&self, user_id: i64, id: i64, step: &str, note: &StepNote) -> Answer {
        let version = self.letter(user_id, id).await.head.version;
        self.post_at(user_id, &format!("/api/letters/{id}/{step}"), version, note).await
    }

    /// A draft by the clerk of the ministry of digital economy.
    pub async fn drafted(&self, letter: &LetterInput) -> i64 {
        let clerk = self.world.modee.users["clerk"];
        self.post(clerk, "/api/letters", letter).await.created::<LetterStep>().id
    }

    /// The same, submitted: it lies with the head of the registry.
    pub async fn submitted(&self, letter: &LetterInput) -> i64 {
        let id = self.drafted(letter).await;
        self.step_now(self.world.modee.users["clerk"], id, "submit", &StepNote::default()).await.ok::<LetterStep>();
        id
    }

    /// The same, agreed to: it lies with the secretary general.
    pub async fn approved(&self, letter: &LetterInput) -> i64 {
        let id = self.submitted(letter).await;
        let head = self.world.modee.users["registry_head"];
        self.step(head, id, "approve", &StepNote::default()).await.ok::<LetterStep>();
        id
    }

    /// The same, signed: the letter, and what it is at the ministry of finance that it is addressed to.
    pub async fn issued(&self, letter: &LetterInput) -> (i64, i64) {
        let id = self.approved(letter).await;
        let sg = self.world.modee.users["sg"];
        self.step(sg, id, "sign", &StepNote::default()).await.ok::<LetterStep>();
        let path = "/api/letters?direction=incoming&limit=1";
        let rows: diwan_kernel::Page<diwan_tarasol_api::LetterRow> =
            self.get(self.world.mof.users["clerk"], path).await.ok();
        (id, rows.items[0].id)
    }
}
