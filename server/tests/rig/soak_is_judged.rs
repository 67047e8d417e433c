//! Tests of the soak's judge: what counts as an answer, when, and how many may fail.

use crate::{
    answers::{Asked, Needs, Part, Said, Share, System, Trouble, Worth, worth},
    laws::Law,
};
use std::time::Duration;

const AT: Duration = Duration::from_secs(100);

fn asked(needs: Needs, said: Said) -> Asked {
    Asked {
        route: "/main",
        needs,
        at: AT,
        took: Duration::from_millis(20),
        said,
    }
}

fn problem(status: u16, code: &str) -> Said {
    Said::of(status, &format!("{{\"code\":\"{code}\"}}"))
}

fn broken(system: System, ago: u64) -> [Trouble; 1] {
    let until = AT - Duration::from_secs(ago);
    let from = until - Duration::from_secs(6);
    [Trouble {
        system,
        from,
        until,
    }]
}

#[test]
fn a_whole_answer_is_useful() {
    let page = asked(Needs::KnownOfKos, Said::of(200, "<p>72,500</p>"));
    assert_eq!(worth(&page, &[]), Worth::Useful);
    let pending = asked(Needs::Change, Said::of(202, "{\"status\":\"PENDING\"}"));
    assert_eq!(worth(&pending, &[]), Worth::Useful);
    let rejected = asked(Needs::Change, problem(409, "CHANGE_REJECTED"));
    assert_eq!(worth(&rejected, &[]), Worth::Useful);
}

#[test]
fn a_problem_is_documented_only_while_its_system_is_broken() {
    let lacking = || Said::of(200, "<div class=\"problem-note\">");
    let refused = || Said::of(503, "<section class=\"problem-panel\">");
    for (needs, said, system) in [
        (Needs::KosNow, problem(503, "KOS_UNAVAILABLE"), System::Kos),
        (Needs::KnownOfKos, problem(504, "KOS_TIMEOUT"), System::Kos),
        (Needs::Change, problem(502, "KOS_BAD_ANSWER"), System::Kos),
        (Needs::KnownOfKos, lacking(), System::Kos),
        (
            Needs::Nothing,
            problem(503, "UNAVAILABLE"),
            System::Postgres,
        ),
        (Needs::KnownOfKos, refused(), System::Kos),
        (Needs::Nothing, lacking(), System::Postgres),
        (Needs::Nothing, refused(), System::Postgres),
    ] {
        let asked = asked(needs, said);
        let other = match system {
            System::Kos => System::Postgres,
            System::Postgres => System::Kos,
        };
        assert_eq!(worth(&asked, &[]), Worth::Failed, "{asked}");
        assert_eq!(
            worth(&asked, &broken(system, 0)),
            Worth::Documented,
            "{asked}"
        );
        assert_eq!(worth(&asked, &broken(system, 60)), Worth::Failed, "{asked}");
        if needs != Needs::KnownOfKos || !asked.said.tells_on_a_page {
            assert_eq!(worth(&asked, &broken(other, 0)), Worth::Failed, "{asked}");
        }
    }
}

#[test]
fn what_needs_nothing_of_kos_never_names_it() {
    for said in [
        problem(503, "KOS_UNAVAILABLE"),
        Said::of(503, "<section class=\"problem-panel\">"),
    ] {
        let asked = asked(Needs::Nothing, said);
        assert_eq!(worth(&asked, &broken(System::Kos, 0)), Worth::Failed);
    }
}

#[test]
fn what_is_late_undocumented_or_nothing_has_failed() {
    let everything = [broken(System::Kos, 0), broken(System::Postgres, 0)].concat();
    let late = Asked {
        took: Duration::from_secs(4),
        ..asked(Needs::KnownOfKos, Said::of(200, "{}"))
    };
    assert_eq!(worth(&late, &everything), Worth::Failed);
    let slow = Asked {
        needs: Needs::Change,
        ..late
    };
    assert_eq!(worth(&slow, &everything), Worth::Useful);
    for said in [
        Said::nothing(),
        problem(500, "INTERNAL"),
        Said::of(502, "<html>Bad Gateway</html>"),
        problem(401, "UNAUTHENTICATED"),
        problem(409, "CHANGE_REJECTED"),
    ] {
        let asked = asked(Needs::KnownOfKos, said);
        assert_eq!(worth(&asked, &everything), Worth::Failed, "{asked}");
    }
}

#[test]
fn one_in_a_thousand_may_fail_in_each_part() {
    let good = asked(Needs::Nothing, Said::of(200, "{}"));
    let failed = asked(Needs::Nothing, Said::nothing());
    let of_kos = asked(Needs::KosNow, Said::of(200, "{}"));
    let mut all = vec![good; 999];
    all.extend(vec![of_kos; 5_000]);
    all.push(failed.clone());
    assert_eq!(Share::of(Part::WithoutKos, &all, &[]).violation(), None);
    all.push(failed);
    let found = Share::of(Part::WithoutKos, &all, &[]).violation();
    assert_eq!(found.map(|found| found.law), Some(Law::M13));
    assert_eq!(Share::of(Part::OfKos, &all, &[]).violation(), None);
    let nobody = Share::of(Part::OfKos, &[], &[]).violation();
    assert!(nobody.is_some(), "nobody asked");
}
