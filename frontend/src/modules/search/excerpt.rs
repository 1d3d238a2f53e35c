//! Text with the words found marked. The marks come as ranges, never as HTML.

use diwan_archive_api::Excerpt;
use yew::prelude::*;

/// The pieces of a text: its words, and whether they were found.
pub fn pieces(excerpt: &Excerpt) -> Vec<(String, bool)> {
    let chars: Vec<char> = excerpt.text.chars().collect();
    let part = |from: usize, to: usize| chars.get(from..to).unwrap_or_default().iter().collect::<String>();
    let mut out = Vec::new();
    let mut at = 0;
    for mark in &excerpt.marks {
        let (start, end) = (mark.start.clamp(at, chars.len()), (mark.start + mark.len).min(chars.len()));
        if end <= start {
            continue;
        }
        out.push((part(at, start), false));
        out.push((part(start, end), true));
        at = end;
    }
    out.push((part(at, chars.len()), false));
    out.retain(|(text, _)| !text.is_empty());
    out
}

/// A text with the words found marked.
pub fn marked(excerpt: &Excerpt) -> Html {
    html! {
        { for pieces(excerpt).into_iter().map(|(text, found)| if found { html! { <mark>{ text }</mark> } } else { html! { { text } } }) }
    }
}

/// The words found, each once, for marking them in the document.
pub fn words(excerpt: &Excerpt) -> String {
    let mut found: Vec<String> = Vec::new();
    for (text, is_found) in pieces(excerpt) {
        if is_found && !found.contains(&text) {
            found.push(text);
        }
    }
    found.join(" ")
}

#[cfg(test)]
mod tests {
    use diwan_archive_api::Mark;

    use super::*;

    #[test]
    fn marks_count_characters_and_broken_ones_do_no_harm() {
        let mark = |start, len| Mark { start, len };
        let text = "كتاب المالية".to_owned();
        let excerpt = Excerpt { text: text.clone(), marks: vec![mark(5, 7), mark(6, 1), mark(90, 2)] };
        assert_eq!(pieces(&excerpt), [("كتاب ".to_owned(), false), ("المالية".to_owned(), true)]);
        assert_eq!(words(&excerpt), "المالية");
        assert_eq!(pieces(&Excerpt { text: text.clone(), marks: vec![] }), [(text, false)]);
    }
}
