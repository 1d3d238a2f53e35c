//! Codes that every official record carries.

use crate::{codes, dto};

codes! {
    /// Secrecy (درجة السرية) after Law 50/1971; the order is the rank.
    pub enum Secrecy {
        /// عادي: anyone in scope.
        Normal = "normal",
        /// محدود.
        Restricted = "restricted",
        /// سري.
        Secret = "secret",
        /// سري للغاية.
        TopSecret = "top_secret",
    }

    /// Restriction on handing on (قيد تداول) beside the secrecy level.
    pub enum Caveat {
        /// شخصي: for the named persons.
        Personal = "personal",
        /// مكتوم: under sealed envelope.
        SealedEnvelope = "sealed_envelope",
    }

    /// Priority (الأولوية); the order is the rank.
    pub enum Priority {
        /// عادي.
        Normal = "normal",
        /// عاجل.
        Urgent = "urgent",
        /// عاجل جدًا.
        VeryUrgent = "very_urgent",
        /// فوري.
        Immediate = "immediate",
    }

    /// A language of the user interface and of documents.
    pub enum Lang {
        /// العربية, right to left.
        Ar = "ar",
        /// English, left to right.
        En = "en",
    }
}

impl Secrecy {
    /// 0 for normal up to 3 for top secret: what a clearance is compared with.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Normal => 0,
            Self::Restricted => 1,
            Self::Secret => 2,
            Self::TopSecret => 3,
        }
    }
}

impl Lang {
    /// What something is called in this language, of its Arabic and its English name.
    pub const fn pick<'a>(self, (ar, en): (&'a str, &'a str)) -> &'a str {
        match self {
            Self::Ar => ar,
            Self::En => en,
        }
    }
}

dto! {
    /// A name in both languages.
    #[derive(Eq, Default)]
    pub struct Named {
        /// Arabic.
        pub ar: String,
        /// English.
        pub en: String,
    }
}

impl Named {
    /// The name in a language; the other one where it is missing.
    pub fn get(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Ar => (&self.ar, &self.en),
            Lang::En => (&self.en, &self.ar),
        };
        if first.is_empty() { second } else { first }
    }
}
