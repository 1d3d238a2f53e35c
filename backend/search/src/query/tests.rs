//! Behaviour of searches.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::index::tests::{entry, filled, find, reader};
use crate::{Entry, Index, Part};

fn search(index: &Index, text: &str) -> Hits {
    index.search(&Search { text: text.into(), access: reader(), limit: 100, ..Search::default() }).unwrap()
}

fn marked(excerpt: &Excerpt) -> Vec<String> {
    excerpt.runs().into_iter().filter(|(_, marked)| *marked).map(|(run, _)| run).collect()
}

#[test]
fn any_spelling_finds() {
    let (_folder, index, _indexer) = filled(vec![
        entry(1, "بشأن الإجازات السنوية", "يُمنح الموظفون إجازةً سنويةً مدتها ثلاثون يوماً"),
        entry(2, "تعميم", "دوام شهر رمضان"),
    ]);
    for text in ["الموظف", "موظفين", "إجازة", "اجازه", "الاجازات", "سنويّة", "إجـــازة"]
    {
        assert_eq!(find(&index, text), [1], "{text}");
    }
    assert_eq!(find(&index, "الموطف"), [1], "one letter wrong");
    assert!(search(&index, "الموطف").relaxed);
    assert!(find(&index, "مطر").is_empty());
}

#[test]
fn numbers_in_any_shape() {
    let mut letter = entry(1, "كتاب", "نص");
    letter.numbers = vec!["ق ع/١/٢٣٤٥".into(), "18/4/7765".into()];
    let mut other = entry(2, "كتاب", "إشارة إلى كتابكم رقم (١٨/٤/٧٧٦٥) تاريخ ٢٠٢٣/٣/٢٠");
    other.numbers = vec!["قع/1/99".into()];
    let (_folder, index, _indexer) = filled(vec![letter, other]);
    for text in ["ق ع/١/٢٣٤٥", "قع/1/2345", "قع-1-2345", "٢٣٤٥", "2345/2023", "۲۳۴۵", "2345/1/قع"]
    {
        assert_eq!(find(&index, text), [1], "{text}");
    }
    assert_eq!(find(&index, "كتاب رقم 2345")[0], 1);
    assert_eq!(find(&index, "18/4/7765"), [1, 2], "its own number first, then the letter that cites it");
    assert_eq!(search(&index, "2345").hits[0].number.as_deref(), Some("ق ع/١/٢٣٤٥"));
}

#[test]
fn phrases_and_prefixes() {
    let (_folder, index, _indexer) =
        filled(vec![entry(1, "أ", "قرار مجلس الوزراء في تعيين المدير"), entry(2, "ب", "قرار الوزراء في مجلس آخر")]);
    assert_eq!(find(&index, "«مجلس الوزراء»"), [1]);
    assert_eq!(find(&index, "\"مَجلس الوُزراء\" تعيين"), [1]);
    assert_eq!(search(&index, "\"قرار\"").total, 2);
    assert_eq!(find(&index, "مدي*"), Vec::<u64>::new());
    assert_eq!(find(&index, "المدي*"), [1]);
    assert_eq!(search(&index, "من في").total, 2, "words without meaning are looked for when there is nothing else");
}

#[test]
fn words_in_order_and_close_win() {
    let filler = "كلمة أخرى ".repeat(12);
    let (_folder, index, _indexer) = filled(vec![
        entry(1, "س", &format!("نظام {filler} المعادن {filler} الثمينة {filler}")),
        entry(2, "س", &format!("{filler} نظام المعادن الثمينة {filler} {filler}")),
        entry(3, "س", &format!("الثمينة المعادن نظام {filler} {filler} {filler}")),
    ]);
    assert_eq!(find(&index, "نظام المعادن الثمينة")[0], 2);
}

fn catalogue() -> Vec<Entry> {
    (0..40)
        .map(|id| Entry {
            agency: id % 4,
            kind: if id % 2 == 0 { "letter".into() } else { "document".into() },
            state: if id < 10 { "draft".into() } else { "issued".into() },
            date: NaiveDate::from_ymd_opt(2023, 1 + (id % 12) as u32, 1 + (id % 28) as u32).unwrap(),
            class: Some(if id % 5 == 0 { "1000/1300/1310".into() } else { "1000/1400".into() }),
            secrecy: u8::from(id >= 36) * 2,
            ..entry(id, "كتاب رسمي", "نص الكتاب")
        })
        .collect()
}

#[test]
fn filters_facets_sort_and_pages() {
    let (_folder, index, _indexer) = filled(catalogue());
    let base = Search { text: "كتاب".into(), access: reader(), limit: 100, ..Search::default() };
    let with = |filters: Filters| index.search(&Search { filters, ..base.clone() }).unwrap();
    let all = with(Filters::default());
    assert_eq!((all.total, all.hits.len()), (36, 36), "secret entries are not seen");
    assert_eq!(all.facets.agencies.iter().map(|c| c.count).sum::<usize>(), 36);
    assert_eq!(all.facets.secrecy, [Count { value: 0, count: 36 }]);
    assert_eq!(all.facets.months[0].value, "2023-12");
    assert_eq!(all.facets.months.iter().map(|c| c.count).sum::<usize>(), 36);
    assert_eq!(all.facets.classes[0], Count { value: "1000".into(), count: 36 });
    assert!(all.facets.classes.contains(&Count { value: "1000/1300".into(), count: 8 }));

    assert_eq!(with(Filters { agencies: vec![1, 2], ..Filters::default() }).total, 18);
    assert_eq!(with(Filters { classes: vec!["1000/1300".into()], ..Filters::default() }).total, 8);
    assert_eq!(with(Filters { states: vec!["draft".into()], ..Filters::default() }).total, 10);
    assert_eq!(with(Filters { secrecy: vec![2], ..Filters::default() }).total, 0);
    let may = NaiveDate::from_ymd_opt(2023, 5, 1).unwrap();
    let from_may = with(Filters { from: Some(may), kinds: vec!["document".into()], ..Filters::default() });
    assert!(from_may.total > 0 && from_may.total < 18);

    let ids = |sort, offset, limit| -> Vec<u64> {
        let page = index.search(&Search { sort, offset, limit, ..base.clone() }).unwrap();
        assert_eq!(page.total, 36);
        page.hits.into_iter().map(|hit| hit.id).collect()
    };
    let newest = ids(Sort::Newest, 0, 100);
    let months: Vec<u64> = newest.iter().map(|id| id % 12).collect();
    assert!(months.windows(2).all(|pair| pair[0] >= pair[1]));
    assert_eq!(ids(Sort::Oldest, 0, 1)[0] % 12, 0);
    for sort in [Sort::Relevance, Sort::Newest] {
        let pages: Vec<u64> = (0..4).flat_map(|page| ids(sort, page * 10, 10)).collect();
        assert_eq!(pages, ids(sort, 0, 100));
    }
    assert!(ids(Sort::Relevance, 0, 0).is_empty());
    assert!(ids(Sort::Relevance, usize::MAX, usize::MAX).is_empty());
    let everything = index.search(&Search { text: String::new(), ..base.clone() }).unwrap();
    assert_eq!(everything.total, 36);
    assert_eq!(everything.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), newest);
}

#[test]
fn the_passage_says_where_it_stands() {
    let mut letter = entry(1, "كتاب تغطية", "نرفق لكم التقرير");
    let filler = "سطر من التقرير لا علاقة له بشيء. ".repeat(400);
    for page in 1..=3 {
        let text = if page == 2 {
            format!("{filler}بلغ العجز في الموازنة العامة ١٢٪.{filler}")
        } else {
            filler.clone()
        };
        letter.body.push(Part { label: Some("تقرير.pdf".into()), page: Some(page), text });
    }
    let (_folder, index, _indexer) = filled(vec![letter]);
    let hit = &search(&index, "عجز الموازنة").hits[0];
    assert_eq!(hit.place, Place::Attachment { label: "تقرير.pdf".into(), page: Some(2) });
    assert_eq!(marked(&hit.snippet), ["العجز", "الموازنة"]);
    assert!(hit.snippet.text.chars().count() <= 420);
    assert_eq!(search(&index, "تغطية").hits[0].place, Place::Text, "found in the subject: the text begins");
}

#[test]
fn excerpts_show_the_original_without_controls() {
    let text = "\u{202B}قَرَّرَ \u{1E}مجلسُ الوُزَراءِ\u{202C}\t\n <b>مجلس</b> ﺍﻟﻮﺯﺭﺍﺀ 😀 \u{0}e\u{301}tablir";
    let (_folder, index, _indexer) = filled(vec![entry(1, "س\u{202E}ري", text)]);
    let hit = &search(&index, "مجلس الوزراء établir").hits[0];
    assert_eq!(hit.snippet.text, "قَرَّرَ مجلسُ الوُزَراءِ <b>مجلس</b> ﺍﻟﻮﺯﺭﺍﺀ 😀 e\u{301}tablir");
    assert_eq!(marked(&hit.snippet), ["مجلسُ", "الوُزَراءِ", "مجلس", "ﺍﻟﻮﺯﺭﺍﺀ", "e\u{301}tablir"]);
    assert_eq!(hit.subject.text, "سري");
    let joined: String = hit.snippet.runs().into_iter().map(|(run, _)| run).collect();
    assert_eq!(joined, hit.snippet.text);
}

#[test]
fn queries_are_bounded() {
    let (_folder, index, _indexer) = filled(vec![entry(1, "كتاب", "نص")]);
    for text in ["كتاب ".repeat(200_000), "\"".repeat(1_000), "*".repeat(5_000), "1/".repeat(5_000), "ا".repeat(50_000)]
    {
        let hits = search(&index, &text);
        assert!(hits.total <= 1);
        assert_eq!(hits.cut, text.chars().count() > MAX_QUERY_CHARS);
    }
    assert!(index.suggest(&"ك".repeat(10_000), &reader(), 10).unwrap().is_empty());
}

#[test]
fn suggestions_complete_subjects() {
    let mut letter = entry(1, "تعيين مدير المشتريات", "نص");
    letter.numbers = vec!["5/2023".into()];
    let (_folder, index, _indexer) = filled(vec![letter, entry(2, "تعيينات جديدة", "مدير")]);
    let ids = |typed: &str| index.suggest(typed, &reader(), 10).unwrap().into_iter().map(|s| s.id).collect::<Vec<_>>();
    assert_eq!(ids("تعي").len(), 2);
    assert_eq!(ids("تعيين المش"), [1]);
    assert_eq!(ids("مدير تعي"), [1], "in any order");
    assert!(ids("").is_empty());
    let first = index.suggest("المشتر", &reader(), 1).unwrap().remove(0);
    assert_eq!(marked(&first.subject), ["المشتريات"]);
    assert_eq!(first.number.as_deref(), Some("5/2023"));
    assert!(index.suggest("تعي", &Access::default(), 10).unwrap().is_empty());
}

/// One random entry: principals out of five, a level, caveats out of three, one of few words.
fn random_entry() -> impl Strategy<Value = (Vec<u8>, u8, Vec<u8>, u8)> {
    let principals = prop::collection::vec(0..5_u8, 0..3);
    let caveats = prop::collection::vec(0..3_u8, 0..2);
    (principals, 0..4_u8, caveats, 0..3_u8)
}

fn names(prefix: &str, numbers: &[u8]) -> Vec<String> {
    numbers.iter().map(|number| format!("{prefix}{number}")).collect()
}

fn visible(entry: &Entry, access: &Access) -> bool {
    entry.principals.iter().any(|p| access.principals.contains(p))
        && entry.secrecy <= access.clearance
        && entry.caveats.iter().all(|c| access.caveats.contains(c))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Nothing of a hidden entry shows: not in hits, counts, facets, suggestions or excerpts; and what is visible has
    /// the same score as for someone who sees all.
    #[test]
    fn hidden_entries_leave_no_trace(
        randoms in prop::collection::vec(random_entry(), 1..40),
        principals in prop::collection::vec(0..5_u8, 0..4),
        clearance in 0..4_u8,
        caveats in prop::collection::vec(0..3_u8, 0..3),
    ) {
        let words = ["عقد", "مشروع", "ميزانية"];
        let entries: Vec<Entry> = randoms.iter().zip(0..).map(|((owners, secrecy, caveats, word), id)| Entry {
            agency: id,
            kind: format!("kind{id}"),
            class: Some(format!("class{id}")),
            principals: names("p", owners).into_iter().chain(["root".to_owned()]).collect(),
            secrecy: *secrecy,
            caveats: names("c", caveats),
            ..entry(id, &format!("كتاب {} رقم{id}", words[usize::from(*word)]), "نص مشترك")
        }).collect();
        let (_folder, index, _indexer) = filled(entries.clone());
        let access = Access { principals: names("p", &principals), clearance, caveats: names("c", &caveats) };
        let root = Access { principals: vec!["root".into()], clearance: 3, caveats: names("c", &[0, 1, 2]) };

        for text in ["", "عقد", "مشروع نص", "\"نص مشترك\"", "ميز*", "مشروغ", "-عقد", "عقد أو مشروع", "الموضوع:ميزانية", "مشرع~"] {
            let ask = |access: &Access| {
                index.search(&Search { text: text.into(), access: access.clone(), limit: 100, ..Search::default() }).unwrap()
            };
            let (seen, all) = (ask(&access), ask(&root));
            let search = Search { text: text.into(), access: access.clone(), ..Search::default() };
            let mut ids = index.find_ids(&search, 100).unwrap().unwrap();
            ids.sort_unstable();
            prop_assert!(seen.hits.iter().all(|hit| visible(&entries[hit.id as usize], &access)));
            prop_assert_eq!(seen.total, seen.hits.len());
            let mut hit_ids: Vec<u64> = seen.hits.iter().map(|hit| hit.id).collect();
            hit_ids.sort_unstable();
            let mut facet_ids: Vec<u64> = seen.facets.agencies.iter().map(|count| count.value).collect();
            facet_ids.sort_unstable();
            prop_assert_eq!(&hit_ids, &facet_ids);
            prop_assert_eq!(&hit_ids, &ids);
            prop_assert_eq!(seen.facets.kinds.len(), hit_ids.len());
            prop_assert_eq!(seen.facets.classes.len(), hit_ids.len());
            prop_assert!(seen.facets.secrecy.iter().all(|count| count.value <= u64::from(clearance)));
            if seen.relaxed == all.relaxed {
                let expected = all.hits.iter().filter(|hit| visible(&entries[hit.id as usize], &access));
                let scores = |hit: &Hit| (hit.id, hit.score.to_bits());
                let mut expected: Vec<_> = expected.map(scores).collect();
                let mut found: Vec<_> = seen.hits.iter().map(scores).collect();
                expected.sort_unstable();
                found.sort_unstable();
                prop_assert_eq!(found, expected);
            }
            for hit in &seen.hits {
                let own = format!("رقم{}", hit.id);
                prop_assert!(hit.subject.text.contains(&own));
            }
        }
        for (entry, id) in entries.iter().zip(0..) {
            let within = index.within(id, "مشترك", &access).unwrap();
            prop_assert_eq!(within.total, usize::from(visible(entry, &access)));
            // Only this entry has the word that is typed almost right.
            let asked = Search { text: format!("رقمم{id}"), access: access.clone(), ..Search::default() };
            for proposal in index.propose(&asked).unwrap() {
                let found = index.search(&Search { text: proposal.text, limit: 100, ..asked.clone() }).unwrap();
                prop_assert!(found.total == proposal.total && found.total > 0);
                prop_assert!(found.hits.iter().all(|hit| visible(&entries[hit.id as usize], &access)));
            }
        }
        let suggested = index.suggest("كتا", &access, 20).unwrap();
        prop_assert!(suggested.iter().all(|s| visible(&entries[s.id as usize], &access)));
        prop_assert_eq!(suggested.len(), entries.iter().filter(|e| visible(e, &access)).count().min(20));
    }
}

#[test]
fn words_on_the_picture_of_a_page_are_marked_as_in_a_passage() {
    let page = ["استخدام", "كاميرات", "المراقبة", "(الأمنية)،", "٢٣٤٥", "مدير"];
    let marks = |query| super::found(query, page.into_iter());
    assert_eq!(marks("كاميرات المراقبه"), [false, true, true, false, false, false]);
    assert_eq!(marks("امنية 2345"), [false, false, false, true, true, false]);
    assert_eq!(marks("مدي*"), [false, false, false, false, false, true]);
    assert_eq!(marks(""), [false; 6]);
}
