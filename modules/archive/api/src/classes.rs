//! The classification (خطة التصنيف) as a plain list of codes.

use diwan_kernel::{Named, dto};

dto! {
    /// A class (فئة) of the classification.
    #[derive(Eq)]
    pub struct DocumentClass {
        /// Its code, `3000`.
        pub code: String,
        /// Its name.
        pub name: Named,
        /// Whether new documents may be filed under it.
        pub active: bool,
    }

    /// The classes of an agency.
    #[derive(Eq, Default)]
    pub struct DocumentClasses {
        /// In the order of their codes.
        pub items: Vec<DocumentClass>,
    }
}

/// The main functions of an office, which an agency starts with (records of the Oman NRAA and Jordan's practice).
pub fn default_classes() -> DocumentClasses {
    let class = |(code, ar, en): (&str, &str, &str)| DocumentClass {
        code: code.to_owned(),
        name: Named { ar: ar.to_owned(), en: en.to_owned() },
        active: true,
    };
    let all = [
        ("1000", "التنظيم", "Organisation"),
        ("2000", "الموارد البشرية", "Human resources"),
        ("3000", "المالية", "Finance"),
        ("4000", "اللوازم والمشتريات", "Supplies and procurement"),
        ("5000", "المركبات", "Vehicles"),
        ("6000", "المشاريع", "Projects"),
        ("7000", "العلاقات", "Relations"),
    ];
    DocumentClasses { items: all.into_iter().map(class).collect() }
}

/// Whether a text can be a class code: 1 to 20 ASCII letters, digits, dots and dashes.
pub fn valid_code(code: &str) -> bool {
    (1..=20).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short_and_plain() {
        assert!(default_classes().items.iter().all(|class| valid_code(&class.code)));
        for wrong in ["", "1/2", "١٠٠٠", "a b", "123456789012345678901"] {
            assert!(!valid_code(wrong), "{wrong}");
        }
    }
}
