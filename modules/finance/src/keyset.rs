//! Pages by key: a list goes on after the last row that was shown, in the order of a column and then of the ids.

use std::str::FromStr;

use diwan_finance_api::AmountSort;

/// Sorts by a key and the id. Goes on after the cursor: from its key on, so that an index is entered there.
macro_rules! keyset {
    (@ $query:expr, $key:expr, $id:expr, $after:expr, $from:ident, $further:ident, $way:ident) => {{
        let query = match $after {
            Some((key, id)) => {
                $query.filter($key.$from(key.clone()).and($key.$further(key).or($id.$further(id))))
            }
            None => $query,
        };
        query.order(($key.$way(), $id.$way()))
    }};
    ($query:expr, $key:expr, $id:expr, $after:expr, up) => {
        $crate::keyset::keyset!(@ $query, $key, $id, $after, ge, gt, asc)
    };
    ($query:expr, $key:expr, $id:expr, $after:expr, down) => {
        $crate::keyset::keyset!(@ $query, $key, $id, $after, le, lt, desc)
    };
}

/// A list of amounts in its order, after the cursor.
macro_rules! by_amount {
    ($query:expr, $sort:expr, $after:expr, $amount:expr, $id:expr) => {{
        let after = $crate::keyset::at::<i64>($after);
        match $sort {
            ::diwan_finance_api::AmountSort::Newest => $crate::keyset::keyset!($query, $id, $id, after, down),
            ::diwan_finance_api::AmountSort::Oldest => $crate::keyset::keyset!($query, $id, $id, after, up),
            ::diwan_finance_api::AmountSort::Amount => $crate::keyset::keyset!($query, $amount, $id, after, up),
            ::diwan_finance_api::AmountSort::AmountDown => $crate::keyset::keyset!($query, $amount, $id, after, down),
        }
    }};
}

pub(crate) use {by_amount, keyset};

/// Key and id of a cursor, `key|id`. One that is not ours starts at the first page.
pub(crate) fn at<K: FromStr>(after: Option<&str>) -> Option<(K, i64)> {
    let (key, id) = after?.rsplit_once('|')?;
    Some((key.parse().ok()?, id.parse().ok()?))
}

/// The cursor of a row of [`by_amount`].
pub(crate) fn amount_cursor(sort: AmountSort, amount: i64, id: i64) -> String {
    let key = if matches!(sort, AmountSort::Newest | AmountSort::Oldest) { id } else { amount };
    format!("{key}|{id}")
}
