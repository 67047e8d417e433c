//! Keyset paging over histories, newest first: by instant, then by id.
//!
//! A statement pages with `(at, id) < ($at, $id) ORDER BY at DESC, id DESC LIMIT $rows`: no row is
//! skipped or shown twice while new ones arrive.

use crate::clock;
use app::{
    model::{Cursor, Limit, Page},
    ssr::HistoryQuery,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The last row of a page: the next page holds what is older.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyset {
    /// Epoch milliseconds.
    pub at_ms: i64,
    /// Distinguishes rows of one millisecond.
    pub id: String,
}

impl Keyset {
    /// A position before the newest possible row.
    fn start() -> Self {
        Self {
            at_ms: i64::MAX,
            id: String::new(),
        }
    }

    fn encode(&self) -> Cursor {
        Cursor(URL_SAFE_NO_PAD.encode(format!("{}.{}", self.at_ms, self.id)))
    }

    fn decode(cursor: &Cursor) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&cursor.0).ok()?).ok()?;
        let (at_ms, id) = text.split_once('.')?;
        Some(Self {
            at_ms: at_ms.parse().ok()?,
            // PostgreSQL refuses NUL in text; our ids have only these characters.
            id: id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                .then(|| id.to_owned())?,
        })
    }
}

/// The requested part of a history, in the units of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistorySlice {
    /// Epoch milliseconds, included.
    pub from_ms: i64,
    /// Epoch milliseconds, excluded.
    pub until_ms: i64,
    /// Rows older than this one.
    pub before: Keyset,
    limit: Limit,
}

impl HistorySlice {
    /// The slice of a query; `None` if its cursor is none of ours.
    pub fn of(query: &HistoryQuery) -> Option<Self> {
        let days = &query.days;
        Some(Self {
            from_ms: days.from().map_or(0, clock::start_of_day_ms),
            until_ms: days
                .to()
                .map_or(i64::MAX, |last| clock::start_of_day_ms(last) + DAY_MS),
            before: query
                .cursor
                .as_ref()
                .map_or_else(|| Some(Keyset::start()), Keyset::decode)?,
            limit: query.limit,
        })
    }

    /// How many rows to fetch: one more than a page, to know whether another follows.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit.get()) + 1
    }

    /// Cuts what was fetched to a page.
    pub fn page<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> Keyset) -> Page<T> {
        let limit = self.limit.get() as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| key(row).encode());
        Page {
            items: rows,
            next_cursor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY_MS, HistorySlice, Keyset};
    use app::{
        model::{Cursor, DayRange, Limit},
        ssr::HistoryQuery,
    };

    #[test]
    fn days_are_days_in_seoul_and_both_ends_are_included() {
        let day = "2026-11-01".parse().ok();
        let query = HistoryQuery {
            days: DayRange::new(day.clone(), day).unwrap(),
            ..HistoryQuery::default()
        };
        let slice = HistorySlice::of(&query).unwrap();
        assert_eq!(slice.from_ms, 1_793_458_800_000);
        assert_eq!(slice.until_ms, slice.from_ms + DAY_MS);
    }

    #[test]
    fn a_cursor_of_somebody_elses_making_is_none() {
        for cursor in ["", "%%%", "MTIz", "YS5i", "MS4A"] {
            let query = HistoryQuery {
                cursor: Some(Cursor(cursor.into())),
                ..HistoryQuery::default()
            };
            assert!(HistorySlice::of(&query).is_none(), "{cursor}");
        }
    }

    #[test]
    fn a_full_page_names_the_next_one_and_the_last_page_does_not() {
        let mut query = HistoryQuery {
            limit: Limit::new(2).unwrap(),
            ..HistoryQuery::default()
        };
        let key = |ms: &i64| Keyset {
            at_ms: *ms,
            id: "row-1".into(),
        };
        let slice = HistorySlice::of(&query).unwrap();
        assert_eq!(slice.rows(), 3);
        let page = slice.page(vec![30, 20, 10], key);
        assert_eq!(page.items, [30, 20]);
        query.cursor = page.next_cursor;
        let next = HistorySlice::of(&query).unwrap();
        assert_eq!(next.before, key(&20));
        assert!(next.page(vec![10], key).next_cursor.is_none());
    }
}
