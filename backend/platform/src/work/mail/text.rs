//! What a copy says: that there is something, where, and at most a number. Nothing of a record's content.

use diwan_kernel::Lang;

/// A mail's subject and text.
pub(super) struct Text {
    pub(super) subject: String,
    pub(super) body: String,
}

/// Writes the copy of a notification of this kind.
pub(super) fn write(lang: Lang, name: &str, kind: &str, number: Option<&str>, link: &str) -> Text {
    let what = what(lang, kind);
    let about = match (lang, number) {
        (_, None) => String::new(),
        (Lang::Ar, Some(number)) => format!("الرقم: {number}\n"),
        (Lang::En, Some(number)) => format!("Number: {number}\n"),
    };
    match lang {
        Lang::Ar => Text {
            subject: format!("ديوان: {what}"),
            body: format!(
                "{name}، تحية طيبة،\n\n{what}.\n{about}\nللاطلاع عليه في ديوان:\n{link}\n\nهذه رسالة آلية، فلا تجب عنها.\n"
            ),
        },
        Lang::En => Text {
            subject: format!("Diwan: {what}"),
            body: format!(
                "Dear {name},\n\n{what}.\n{about}\nSee it in Diwan:\n{link}\n\nThis message was sent by a program; please do not answer it.\n"
            ),
        },
    }
}

/// The kind in words; a kind that has none here is told as a notification.
fn what(lang: Lang, kind: &str) -> &'static str {
    lang.pick(match kind {
        "task_given" => ("لديك مهمة جديدة", "You have a new task"),
        "letter_received" => ("وصل كتاب وارد جديد", "A new letter has arrived"),
        "letter_recalled" => ("سُحب كتاب وارد", "An incoming letter was recalled"),
        "letter_refused" => ("أُعيد كتاب صادر مع بيان السبب", "A letter was returned by its receiver"),
        "overdue" => ("لديك مهمة متأخرة", "A task of yours is overdue"),
        _ => ("لديك إشعار جديد", "You have a new notification"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_what_and_where() {
        let ar = write(Lang::Ar, "هند", "letter_received", Some("18/4/2026"), "https://d.example/records/3");
        assert_eq!(ar.subject, "ديوان: وصل كتاب وارد جديد");
        assert!(ar.body.contains("الرقم: 18/4/2026\n") && ar.body.contains("https://d.example/records/3"));
        let en = write(Lang::En, "Hind", "something_new", None, "https://d.example");
        assert_eq!(en.subject, "Diwan: You have a new notification");
        assert!(!en.body.contains("Number"));
    }
}
