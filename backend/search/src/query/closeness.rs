//! How close the words of a query stand in a text.

use std::collections::HashMap;

/// One occurrence: position in the text, and which word of the query stands there.
pub(crate) type Occurrence = (u32, usize);

/// Saturation and length normalisation.
const K1: f32 = 1.2;
const B: f32 = 0.4;

/// Closeness of query words (Büttcher, Clarke and Lushman 2006): each pair of different words that follow each other
/// gives both of them the other's rarity over the square of their distance. `length` is relative to the average.
pub(crate) fn closeness(occurrences: &mut [Occurrence], idf: &HashMap<usize, f32>, length: f32) -> f32 {
    occurrences.sort_unstable();
    let rarity = |word: usize| idf.get(&word).copied().unwrap_or_default();
    let mut gathered: HashMap<usize, f32> = HashMap::new();
    for pair in occurrences.windows(2) {
        let [(before, a), (after, b)] = *pair else { continue };
        let distance = after.saturating_sub(before) as f32;
        if a != b && distance > 0.0 {
            *gathered.entry(a).or_default() += rarity(b) / (distance * distance);
            *gathered.entry(b).or_default() += rarity(a) / (distance * distance);
        }
    }
    let saturation = K1 * (1.0 - B + B * length);
    let mut words: Vec<_> = gathered.into_iter().collect();
    words.sort_unstable_by_key(|(word, _)| *word);
    words.into_iter().map(|(word, sum)| rarity(word).min(1.0) * sum * (K1 + 1.0) / (sum + saturation)).sum()
}

/// The rarity of the different words in the best window of `width` positions, `window² / all`. The occurrences are in order.
pub(crate) fn window(occurrences: &[Occurrence], idf: &HashMap<usize, f32>, width: u32) -> f32 {
    let rarity = |word: usize| idf.get(&word).copied().unwrap_or_default();
    let mut held: HashMap<usize, usize> = HashMap::new();
    let (mut first, mut sum, mut best) = (0, 0.0_f32, 0.0_f32);
    for (position, word) in occurrences {
        let count = held.entry(*word).or_default();
        *count += 1;
        if *count == 1 {
            sum += rarity(*word);
        }
        while let Some((_, out)) = occurrences.get(first).filter(|(begin, _)| begin + width < *position) {
            first += 1;
            if let Some(count) = held.get_mut(out) {
                *count -= 1;
                if *count == 0 {
                    sum -= rarity(*out);
                }
            }
        }
        best = best.max(sum);
    }
    let mut all: Vec<f32> = idf.values().copied().collect();
    all.sort_unstable_by(f32::total_cmp);
    let all: f32 = all.into_iter().sum();
    if all > 0.0 { best * best / all } else { 0.0 }
}

/// The heaviest run of query words that stands in the text as typed, `run² / all`: a run of half the query counts a
/// quarter, the whole query counts all of its rarity.
pub(crate) fn longest_run(occurrences: &mut [Occurrence], idf: &HashMap<usize, f32>) -> f32 {
    // At one position later words of the query come first, so that each finds the run that ends just before it.
    occurrences.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    let mut runs: HashMap<usize, (u32, f32)> = HashMap::new();
    let mut best = 0.0_f32;
    for (position, word) in occurrences.iter().copied() {
        let before = word.checked_sub(1).and_then(|before| runs.get(&before));
        let begun = before.filter(|(end, _)| end + 1 == position).map_or(0.0, |(_, run)| *run);
        let run = begun + idf.get(&word).copied().unwrap_or_default();
        runs.insert(word, (position, run));
        best = best.max(run);
    }
    let mut all: Vec<f32> = idf.values().copied().collect();
    all.sort_unstable_by(f32::total_cmp);
    let all: f32 = all.into_iter().sum();
    if all > 0.0 { best * best / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idf(words: usize) -> HashMap<usize, f32> {
        (0..words).map(|word| (word, 2.0)).collect()
    }

    #[test]
    fn near_words_are_closer_than_far_ones() {
        let near = closeness(&mut [(3, 0), (4, 1)], &idf(2), 1.0);
        let far = closeness(&mut [(3, 0), (20, 1)], &idf(2), 1.0);
        assert!(near > 5.0 * far && far > 0.0);
        assert_eq!(closeness(&mut [(3, 0), (9, 0)], &idf(2), 1.0), 0.0);
        assert_eq!(closeness(&mut [], &idf(2), 1.0), 0.0);
    }

    #[test]
    fn a_window_counts_each_word_once() {
        assert_eq!(window(&[(1, 0), (5, 0), (9, 1)], &idf(2), 10), 4.0);
        assert_eq!(window(&[(1, 0), (30, 1)], &idf(2), 10), 1.0);
        assert_eq!(window(&[(1, 0), (30, 0), (35, 1), (60, 2)], &idf(3), 10), 16.0 / 6.0);
        assert_eq!(window(&[], &HashMap::new(), 10), 0.0);
    }

    #[test]
    fn a_run_is_in_order_and_unbroken() {
        assert_eq!(longest_run(&mut [(7, 2), (5, 0), (6, 1)], &idf(3)), 6.0);
        assert_eq!(longest_run(&mut [(5, 0), (7, 1)], &idf(3)), 4.0 / 6.0);
        assert_eq!(longest_run(&mut [(5, 1), (6, 0)], &idf(3)), 4.0 / 6.0);
        // The same word twice in the query stands for both of its numbers.
        assert_eq!(longest_run(&mut [(5, 0), (5, 1), (6, 0), (6, 1)], &idf(2)), 4.0);
        assert_eq!(longest_run(&mut [], &HashMap::new()), 0.0);
    }
}
