//! Found by those who may: any word of the text or of the attachments, in any spelling, by number.

use diwan_archive_api::{Document, DocumentRow, SearchAnswer, Suggestions};
use diwan_kernel::Page;
use diwan_platform_api::files::ContentState;
use diwan_testkit::{TestDb, both_async};
use diwan_tests::{encode, until};

use super::{
    told::{Told, tell},
    words,
};

/// The records found, once the index has heard of everything.
async fn found(told: &Told, user: i64, query: &str) -> SearchAnswer {
    told.app.find(user, &format!("q={}", encode(query))).await
}

#[test]
fn both_sides_find_the_letter_by_any_word_and_number() {
    both_async(async |db: TestDb| {
        let told = tell(db).await;
        let sides = [
            (told.app.world.modee.users["clerk"], told.outgoing, "MODEE/2026/1"),
            (told.app.world.mof.users["clerk"], told.incoming, "2026/1"),
        ];
        for (user, id, own_number) in sides {
            for word in [words::IN_PDF, words::IN_DOCX, words::ANSWER] {
                until(word, async || (found(&told, user, word).await.total > 0).then_some(())).await;
            }
            let arabic_digits = own_number.replace('1', "١").replace('2', "٢").replace('0', "٠").replace('6', "٦");
            let queries = [
                "تخصيص",
                "التخصيص",
                "تَخْصِيصُ مُوازَنَة",
                "اضافيه",
                "أجهزة وخوادم",
                "\"التحول الرقمي\"",
                "زبرجد",
                words::IN_PDF,
                "فيروزج",
                words::IN_DOCX,
                own_number,
                &arabic_digits,
            ];
            for query in queries {
                let answer = found(&told, user, query).await;
                assert!(answer.hits.iter().any(|hit| hit.id == id), "{query}: {:?}", answer.hits);
            }
            passage(&told, user, id).await;
            suggests(&told, user, id, own_number).await;
            filed(&told, user, id).await;
        }
    });
}

/// The passage is shown with the word marked, and says in which file it stands.
async fn passage(told: &Told, user: i64, id: i64) {
    for (word, file) in [(words::IN_PDF, "دراسة.pdf"), (words::IN_DOCX, "كشف.docx")] {
        let answer = found(told, user, word).await;
        assert_eq!(answer.total, 1, "{word}");
        let hit = &answer.hits[0];
        assert_eq!((hit.id, hit.place.attachment.as_deref()), (id, Some(file)));
        let mark = &hit.snippet.marks[0];
        let marked: String = hit.snippet.text.chars().skip(mark.start).take(mark.len).collect();
        assert_eq!(marked, word);
        if file.ends_with("pdf") {
            assert_eq!(hit.place.page, Some(1));
        }
        let open = format!("/api/attachments/{}/content?inline=1", hit.place.attachment_id.unwrap());
        let content = told.app.get(user, &open).await;
        assert_eq!(content.status.as_u16(), 200);
    }
}

async fn suggests(told: &Told, user: i64, id: i64, number: &str) {
    for typed in ["طلب تخص", number] {
        let answer = told.app.get(user, &format!("/api/search/suggest?q={}", encode(typed))).await;
        let suggestions: Suggestions = answer.ok();
        assert!(suggestions.items.iter().any(|item| item.id == id), "{typed}: {suggestions:?}");
    }
}

/// The letter filed itself with its attachments.
async fn filed(told: &Told, user: i64, id: i64) {
    let list: Page<DocumentRow> = told.app.get(user, "/api/documents?source=letter").await.ok();
    let row = list.items.iter().find(|row| row.id == id).unwrap();
    assert_eq!((row.subject.as_str(), row.content), (words::SUBJECT, ContentState::Text));
    let document: Document = told.app.get(user, &format!("/api/documents/{id}")).await.ok();
    let names: Vec<_> = document.attachments.iter().map(|file| file.file_name.as_str()).collect();
    assert!(names.contains(&"دراسة.pdf") && names.contains(&"كشف.docx"), "{names:?}");
}
