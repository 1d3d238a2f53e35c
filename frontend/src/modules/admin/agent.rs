//! The browser and the machine of a session, as people call them.

/// Marks in the browser's own description and what they mean; the first that is there counts.
const BROWSERS: &[(&str, &str)] =
    &[("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
const MACHINES: &[(&str, &str)] = &[
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// "Firefox · Windows"; a description without known marks stands as it is.
pub(super) fn called(user_agent: &str) -> String {
    let find = |marks: &[(&str, &'static str)]| {
        marks.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let parts: Vec<&str> = [find(BROWSERS), find(MACHINES)].into_iter().flatten().collect();
    if parts.is_empty() { user_agent.to_owned() } else { parts.join(" · ") }
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn browsers_are_known_by_their_marks() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(called(edge), "Edge · Windows");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1";
        assert_eq!(called(safari), "Safari · iPhone");
        assert_eq!(called("curl/8.9"), "curl/8.9");
    }
}
