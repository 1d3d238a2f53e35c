//! The budget keys of the story and the lines that control them, by their places.

/// Programme, activity and division of the functions of government.
const ACTIVITIES: [(&str, &str, &str); 4] =
    [("4401", "4401001", "01"), ("4402", "4402002", "01"), ("4403", "4403001", "04"), ("4404", "4404001", "01")];
/// Items, which are the accounts of the same codes.
const ITEMS: [&str; 10] = ["2111", "2113", "2211", "2214", "2219", "2229", "2631", "2721", "2821", "6112"];
/// Two places of one line each.
const LOCATIONS: [&str; 2] = ["00", "11"];
/// How many keys and lines there are.
pub(super) const KEYS: usize = ACTIVITIES.len() * ITEMS.len() * LOCATIONS.len();
pub(super) const LINES: usize = ACTIVITIES.len() * ITEMS.len();

/// The item of a key.
pub(super) fn item(key: usize) -> &'static str {
    ITEMS[key / LOCATIONS.len() % ITEMS.len()]
}

/// The division of the functions of government that a key belongs to.
pub(super) fn function(key: usize) -> &'static str {
    ACTIVITIES[key / LOCATIONS.len() / ITEMS.len()].2
}

/// The code of a key.
pub(super) fn key_code(key: usize) -> String {
    let (programme, activity, _) = ACTIVITIES[key / LOCATIONS.len() / ITEMS.len()];
    format!("1501-{programme}-{activity}-1-{}-{}", LOCATIONS[key % LOCATIONS.len()], item(key))
}

/// The line that controls a key: all places together.
pub(super) fn line_of(key: usize) -> usize {
    key / LOCATIONS.len()
}

/// The code of a line.
pub(super) fn line_code(line: usize) -> String {
    let (programme, activity, _) = ACTIVITIES[line / ITEMS.len()];
    format!("1501-{programme}-{activity}-{}", ITEMS[line % ITEMS.len()])
}
