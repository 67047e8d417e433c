//! What presenting a spent refresh token means: a pure rule.
//!
//! A token is spent once. Presenting a spent one ends the whole session, because one of two holders
//! stole it (RFC 9700, 4.14.2). But a browser whose answer was lost still holds the spent token and
//! cannot know it: within half a minute, while the successor is unspent, the same browser gets
//! another successor and the first one becomes unusable. So at most one token is ever spendable, and
//! a thief who uses that half minute is detected as soon as both holders have returned.

/// How long after its first use a lost answer is believed, in milliseconds.
pub(super) const LOST_ANSWER_MS: i64 = 30_000;

/// A spent token that is presented again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spent<'a> {
    /// By the clock of the replica that spent it, in epoch milliseconds.
    pub at_ms: i64,
    /// The browser that spent it; `None` for a program.
    pub by: Option<&'a str>,
    /// Whether the token that can be spent now was made for this one.
    pub successor_unspent: bool,
}

/// What becomes of its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rotation {
    /// The successor is replaced by another.
    Replace,
    /// The session ends.
    Revoke,
}

/// `by`: the browser that presents it; `None` for a program, which is never forgiven. `now_ms` is
/// another replica's clock, perhaps, and may be behind the one that spent the token.
pub(super) fn judge(spent: &Spent<'_>, by: Option<&str>, now_ms: i64) -> Rotation {
    let same_browser = by.is_some() && by == spent.by;
    let soon = now_ms.abs_diff(spent.at_ms) <= LOST_ANSWER_MS.unsigned_abs();
    if same_browser && soon && spent.successor_unspent {
        Rotation::Replace
    } else {
        Rotation::Revoke
    }
}

#[cfg(test)]
mod tests {
    use super::{LOST_ANSWER_MS, Rotation, Spent, judge};
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    const BROWSER: Browser = Some("chrome");

    type Browser = Option<&'static str>;

    struct Token {
        /// The one it was made for.
        parent: Option<usize>,
        /// When, and by whom.
        spent: Option<(i64, Browser)>,
    }

    impl Token {
        fn made_for(parent: Option<usize>) -> Self {
            Self {
                parent,
                spent: None,
            }
        }
    }

    /// A session as the tables hold it.
    struct Family {
        tokens: Vec<Token>,
        revoked: bool,
    }

    impl Family {
        fn begin() -> Self {
            Self {
                tokens: vec![Token::made_for(None)],
                revoked: false,
            }
        }

        fn live(&self) -> Vec<usize> {
            let unspent = |id: &usize| self.tokens[*id].spent.is_none();
            (0..self.tokens.len()).filter(unspent).collect()
        }

        /// The new token, unless the family is dead.
        fn present(&mut self, id: usize, by: Browser, now: i64) -> Option<usize> {
            if self.revoked {
                return None;
            }
            let successor = self
                .live()
                .into_iter()
                .find(|live| self.tokens[*live].parent == Some(id));
            match self.tokens[id].spent {
                None => self.tokens[id].spent = Some((now, by)),
                Some((at_ms, spender)) => {
                    let spent = Spent {
                        at_ms,
                        by: spender,
                        successor_unspent: successor.is_some(),
                    };
                    if judge(&spent, by, now) == Rotation::Revoke {
                        self.revoked = true;
                        return None;
                    }
                    if let Some(dead) = successor {
                        self.tokens[dead].spent = Some((now, None));
                    }
                }
            }
            self.tokens.push(Token::made_for(Some(id)));
            assert_eq!(self.live().len(), 1, "two tokens can be spent");
            Some(self.tokens.len() - 1)
        }
    }

    /// Refreshes; an answer that is lost on the way leaves what is held.
    fn come(family: &mut Family, held: &mut usize, now: i64, lost: bool) -> bool {
        match family.present(*held, BROWSER, now) {
            Some(next) if !lost => {
                *held = next;
                true
            }
            Some(_) => true,
            None => false,
        }
    }

    #[test]
    fn ten_thousand_owners_and_thieves() {
        let mut rng = StdRng::seed_from_u64(4);
        let (mut thefts, mut losses) = (0, 0);
        for sequence in 0..10_000 {
            let (mut family, mut owner, mut thief) = (Family::begin(), 0, None);
            let (mut now, mut first_lost) = (0_i64, None::<i64>);
            for _ in 0..rng.random_range(2..30) {
                now += match first_lost {
                    // An honest browser tries again at once, and gives up after half a minute.
                    Some(since) => {
                        rng.random_range(0..=(LOST_ANSWER_MS - (now - since)).min(4_000))
                    }
                    None => rng.random_range(0..1_800_000),
                };
                match rng.random_range(0..10) {
                    0 if thief.is_none() && sequence % 2 == 0 => thief = Some(owner),
                    1 | 2 if thief.is_some() => {
                        let lost = rng.random_bool(0.2);
                        if let Some(held) = &mut thief {
                            come(&mut family, held, now, lost);
                        }
                    }
                    choice => {
                        let lost = choice < 6;
                        losses += u32::from(lost);
                        let kept = come(&mut family, &mut owner, now, lost);
                        if thief.is_none() {
                            assert!(kept, "{sequence}: a lost answer alone ended the session");
                        }
                        first_lost = lost.then(|| first_lost.unwrap_or(now));
                    }
                }
            }
            if let Some(mut thief) = thief {
                thefts += 1;
                // Later than any forgiveness both come once more, twice.
                for _ in 0..2 {
                    now += LOST_ANSWER_MS + 1;
                    come(&mut family, &mut owner, now, false);
                    now += LOST_ANSWER_MS + 1;
                    come(&mut family, &mut thief, now, false);
                }
                assert!(family.revoked, "{sequence}: a thief lives on");
            } else {
                assert!(!family.revoked);
            }
        }
        assert!(thefts > 2_000 && losses > 20_000, "{thefts} {losses}");
    }

    #[test]
    fn only_the_same_browser_is_forgiven_and_only_soon() {
        let spent = |by, successor_unspent| Spent {
            at_ms: 1_000,
            by,
            successor_unspent,
        };
        let soon = 1_000 + LOST_ANSWER_MS;
        let rows = [
            (spent(BROWSER, true), BROWSER, soon, Rotation::Replace),
            (spent(BROWSER, true), BROWSER, soon + 1, Rotation::Revoke),
            (spent(BROWSER, true), BROWSER, 999, Rotation::Replace),
            (
                spent(BROWSER, true),
                BROWSER,
                999 - LOST_ANSWER_MS,
                Rotation::Revoke,
            ),
            (spent(BROWSER, false), BROWSER, soon, Rotation::Revoke),
            (
                spent(BROWSER, true),
                Some("firefox"),
                soon,
                Rotation::Revoke,
            ),
            (spent(BROWSER, true), None, soon, Rotation::Revoke),
            (spent(None, true), None, soon, Rotation::Revoke),
            (spent(None, true), BROWSER, soon, Rotation::Revoke),
        ];
        for (spent, by, now, rotation) in rows {
            assert_eq!(judge(&spent, by, now), rotation, "{spent:?} {by:?} {now}");
        }
    }
}
