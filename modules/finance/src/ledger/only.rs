//! What balances and lines are narrowed to: values of dimensions, as they stand in an address. `party:5,key:7.9` are lines with the
//! one party and with either of the two keys; `0`, or nothing, is written for lines that have none.

use std::{borrow::Borrow, fmt};

use diwan_finance_api::Dimension;
use diwan_platform::{Outcome, Refusal};

/// The values of a dimension, one of which a line has to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only {
    /// The dimension.
    pub by: Dimension,
    /// Ids or codes, as balances give them.
    pub values: Vec<String>,
}

impl Only {
    /// Reads what is asked for.
    ///
    /// # Errors
    /// Not found, where it is none of the values that balances have.
    pub fn read(text: Option<&str>) -> Outcome<Vec<Self>> {
        let parts = text.unwrap_or_default().split(',').filter(|part| !part.is_empty());
        parts.map(|part| Self::part(part).ok_or(Refusal::NotFound("dimension"))).collect()
    }

    fn part(text: &str) -> Option<Self> {
        let (by, values) = text.split_once(':')?;
        let by: Dimension = by.parse().ok()?;
        let coded = matches!(by, Dimension::Currency | Dimension::Gfsm | Dimension::Cofog);
        // They stand in the text of a statement.
        let plain = |value: &String| {
            if coded { value.bytes().all(|one| one.is_ascii_alphanumeric()) } else { value.parse::<i64>().is_ok() }
        };
        let values: Vec<String> = values.split('.').map(str::to_owned).collect();
        values.iter().all(plain).then_some(Self { by, values })
    }

    /// The condition under which lines or balances that are called `of` have one of the values. Balances say 0 where lines say
    /// nothing.
    pub fn holds(&self, of: &str) -> String {
        let ids = self.values.join(", ");
        let codes = self.values.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(", ");
        let column = self.by.code();
        match self.by {
            Dimension::Account => format!("{of}.account_id IN ({ids})"),
            Dimension::Gfsm => format!("{of}.account_id IN (SELECT id FROM accounts WHERE gfsm IN ({codes}))"),
            Dimension::Currency => format!("{of}.currency IN ({codes})"),
            Dimension::Party | Dimension::Centre | Dimension::Key => {
                format!("COALESCE({of}.{column}_id, 0) IN ({ids})")
            }
            Dimension::Cofog => self.of_keys(of, &format!("cofog IN ({codes})")),
            _ => self.of_keys(of, &format!("{column}_id IN ({ids})")),
        }
    }

    fn of_keys(&self, of: &str, which: &str) -> String {
        let none = self.values.iter().any(|value| matches!(value.as_str(), "" | "0"));
        let none = if none { format!(" OR COALESCE({of}.key_id, 0) = 0") } else { String::new() };
        format!("({of}.key_id IN (SELECT id FROM budget_keys WHERE {which}){none})")
    }
}

impl fmt::Display for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&written(self.by, &self.values))
    }
}

/// Values of a dimension as they are read again.
pub fn written<S: Borrow<str>>(by: Dimension, values: &[S]) -> String {
    format!("{}:{}", by.code(), values.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_read_as_it_is_written_and_nothing_else_comes_into_a_statement() {
        for text in ["", "party:5", "party:5,key:7.9,cofog:", "currency:JOD,fund:0", "gfsm:6202.6308"] {
            let read = Only::read(Some(text)).unwrap();
            assert_eq!(read.iter().map(ToString::to_string).collect::<Vec<_>>().join(","), text);
        }
        assert!(Only::read(None).unwrap().is_empty());
        for text in ["party", "party:", "party:5)", "party:x", "gfsm:6'", "cofog:7 OR 1", "nothing:5", "key:7..9"] {
            assert!(matches!(Only::read(Some(text)), Err(Refusal::NotFound(_))), "{text}");
        }
    }
}
