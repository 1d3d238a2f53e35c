//! The classification plan (خطة التصنيف): a tree of classes, each with its secrecy and its retention schedule.

use diwan_kernel::{Named, Secrecy, dto};

dto! {
    /// A class (فئة) of the plan.
    #[derive(Eq)]
    pub struct DocumentClass {
        /// Its id.
        pub id: i64,
        /// The class above it.
        pub parent_id: Option<i64>,
        /// Its code, `3100`.
        pub code: String,
        /// The codes from the root down to its own, joined by `/`.
        pub path: String,
        /// Its name.
        pub name: Named,
        /// What belongs into it and what does not (نطاق الفئة).
        pub note: String,
        /// The least secrecy of a document in it, and the one proposed.
        pub secrecy: Secrecy,
        /// Its retention schedule; without one nothing can be filed under it.
        pub schedule: Option<ClassSchedule>,
        /// Whether new documents may be filed under it.
        pub active: bool,
        /// For `If-Match`.
        pub version: i64,
    }

    /// The retention schedule of a class, as its name says it.
    #[derive(Eq)]
    pub struct ClassSchedule {
        /// Its id.
        pub id: i64,
        /// Its short code.
        pub code: String,
        /// Its name.
        pub name: Named,
    }

    /// The classes of an agency.
    #[derive(Eq, Default)]
    pub struct DocumentClasses {
        /// Each below the one above it.
        pub items: Vec<DocumentClass>,
    }

    /// A class as it is written.
    #[derive(Eq)]
    pub struct ClassInput {
        /// Its code; fixed once the class is made.
        pub code: String,
        /// The class above it; none for a main function.
        #[serde(default)]
        pub parent_id: Option<i64>,
        /// Its name.
        pub name: Named,
        /// What belongs into it.
        #[serde(default)]
        pub note: String,
        /// The least secrecy of a document in it.
        pub secrecy: Secrecy,
        /// Its retention schedule.
        #[serde(default)]
        pub schedule_id: Option<i64>,
        /// Whether new documents may be filed under it.
        pub active: bool,
    }
}

impl DocumentClass {
    /// Whether documents may be filed under it now.
    pub fn files(&self) -> bool {
        self.active && self.schedule.is_some()
    }

    /// How deep it lies; a main function at 0.
    pub fn depth(&self) -> usize {
        self.path.matches('/').count()
    }
}

/// A class that an agency begins with.
#[derive(Debug, Clone, Copy)]
pub struct StandardClass {
    /// Its code.
    pub code: &'static str,
    /// The code above it, empty for a main function.
    pub above: &'static str,
    /// Its Arabic name.
    pub ar: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// The code of its schedule.
    pub schedule: &'static str,
}

/// The main functions of an office with their commonest parts, which an agency starts with.
pub const STANDARD_CLASSES: &[StandardClass] = {
    const fn of(
        code: &'static str,
        above: &'static str,
        ar: &'static str,
        en: &'static str,
        schedule: &'static str,
    ) -> StandardClass {
        StandardClass { code, above, ar, en, schedule }
    }
    &[
        of("1000", "", "التنظيم", "Organisation", "P"),
        of("1100", "1000", "التشريعات والتعليمات", "Legislation and instructions", "P"),
        of("1200", "1000", "الهيكل التنظيمي واللجان", "Structure and committees", "P"),
        of("1300", "1000", "الشؤون القانونية والقضايا", "Legal affairs and cases", "F10"),
        of("2000", "", "الموارد البشرية", "Human resources", "R10"),
        of("2100", "2000", "ملفات الموظفين", "Staff files", "E15"),
        of("2200", "2000", "الدوام والإجازات", "Attendance and leave", "D5"),
        of("3000", "", "المالية", "Finance", "R10"),
        of("3100", "3000", "الموازنة", "Budget", "P"),
        of("3200", "3000", "مستندات الصرف والقبض", "Payment and receipt vouchers", "F10"),
        of("4000", "", "اللوازم والمشتريات", "Supplies and procurement", "R10"),
        of("4100", "4000", "العطاءات والعقود", "Tenders and contracts", "E15"),
        of("5000", "", "المركبات", "Vehicles", "D5"),
        of("6000", "", "المشاريع", "Projects", "F10"),
        of("7000", "", "العلاقات", "Relations", "R10"),
    ]
};

/// Whether a text can be a class code: 1 to 20 ASCII letters, digits, dots and dashes.
pub fn valid_code(code: &str) -> bool {
    (1..=20).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
}

/// The place of a class in the plan: the path above it and its own code.
pub fn path_below(above: Option<&str>, code: &str) -> String {
    above.map_or_else(|| code.to_owned(), |above| format!("{above}/{code}"))
}

/// Whether a path is the class at `top` or lies below it.
pub fn within(path: &str, top: &str) -> bool {
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::STANDARD_SCHEDULES;

    #[test]
    fn codes_are_short_and_plain() {
        for wrong in ["", "1/2", "١٠٠٠", "a b", "123456789012345678901"] {
            assert!(!valid_code(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_standard_plan_stands_by_itself() {
        let mut known = vec![""];
        for class in STANDARD_CLASSES {
            assert!(valid_code(class.code) && known.contains(&class.above), "{class:?}");
            assert!(STANDARD_SCHEDULES.iter().any(|schedule| schedule.code == class.schedule), "{class:?}");
            known.push(class.code);
        }
        assert_eq!(STANDARD_CLASSES.iter().filter(|class| class.above.is_empty()).count(), 7);
    }

    #[test]
    fn a_class_holds_what_lies_below_it_and_no_neighbour() {
        assert!(within("1000", "1000") && within("1000/1300/1310", "1000/1300"));
        assert!(!within("1000/13001", "1000/1300") && !within("1000", "1000/1300"));
    }
}
