//! The journal: entries of a dead process are recorded once; what the journal cannot take is committed first.

use super::{
    Stand, demo01, journal_in,
    record::{counts, hold},
};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use app::{
    problem::ProblemCode,
    ssr::{BillPort, BillQuery, HistoryQuery},
};
use server::config::BillConfig;
use simulator::Capabilities;
use std::{
    fs,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

on_both_databases! {
    what_a_dead_process_left_is_recorded_once,
    a_torn_last_entry_takes_no_other_along,
    what_does_not_read_back_is_set_aside,
    a_schema_that_is_not_ready_loses_nothing,
    values_the_database_never_takes_are_set_aside,
    damage_in_a_living_journal_takes_no_other_entry_along,
    a_disk_that_cannot_be_written_makes_answers_wait_for_the_database,
    at_its_limit_answers_wait_for_the_database_or_are_refused,
    waiting_for_the_disk_loses_nothing_either,
    nothing_is_left_after_an_orderly_end,
}

async fn inquire(stand: &Stand, times: usize) {
    for _ in 0..times {
        let bill = stand.bills.inquire(&demo01(), BillQuery::default()).await;
        bill.unwrap();
    }
}

pub(super) async fn stand(database: TestDatabase, config: BillConfig) -> Stand {
    let folder = tempfile::tempdir().unwrap();
    Stand::journaling(database, Capabilities::ALL, folder, config).await
}

/// The folder and the segment of the only process that writes below `root`.
fn segment(root: &Path) -> (PathBuf, PathBuf) {
    let paths = |folder: &Path| {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
    };
    let folder = paths(root).next().unwrap();
    let segment = paths(&folder).find(|path| path.extension().is_some_and(|end| end == "journal"));
    (folder, segment.unwrap())
}

/// A folder as a killed process leaves it: a lock file that no process holds, and these bytes.
pub(super) fn abandon(root: &Path, bytes: &[u8]) {
    let folder = root.join("abandoned");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("lock"), b"").unwrap();
    fs::write(folder.join("0000000001.journal"), bytes).unwrap();
}

/// The journal's bytes of `inquiries` inquiries, all of them recorded.
pub(super) async fn journaled(database: &TestDatabase, inquiries: usize) -> Vec<u8> {
    let root = tempfile::tempdir().unwrap();
    let stand = stand(database.clone(), journal_in(root.path())).await;
    inquire(&stand, inquiries).await;
    let bytes = fs::read(segment(root.path()).1).unwrap();
    stand.tasks.drain().await;
    bytes
}

pub(super) async fn forget_all(database: &TestDatabase) {
    for sql in [
        "DELETE FROM outbox",
        "DELETE FROM bill_result",
        "DELETE FROM bill_request",
    ] {
        database.execute(sql).await;
    }
}

async fn what_a_dead_process_left_is_recorded_once(database: TestDatabase) {
    let bytes = journaled(&database, 30).await;
    let bodies = "SELECT MAX(body) FROM outbox";
    let body = database.text(bodies).await;
    forget_all(&database).await;

    let root = tempfile::tempdir().unwrap();
    abandon(root.path(), &bytes);
    let first = stand(database.clone(), journal_in(root.path())).await;
    until("the abandoned inquiries are recorded", || async {
        counts(&first).await == [30, 30, 30]
    })
    .await;
    assert_eq!(database.text(bodies).await, body);
    until("the abandoned folder is gone", || async {
        !root.path().join("abandoned").exists()
    })
    .await;
    first.tasks.drain().await;

    // Killed between commit and removal: the next process finds the same entries again.
    database.execute("DELETE FROM outbox").await;
    abandon(root.path(), &bytes);
    let second = stand(database, journal_in(root.path())).await;
    until("the abandoned folder is gone", || async {
        !root.path().join("abandoned").exists()
    })
    .await;
    // Nor is the AP told again, although the outbox has been swept since.
    assert_eq!(counts(&second).await, [30, 30, 0]);
}

async fn a_torn_last_entry_takes_no_other_along(database: TestDatabase) {
    let bytes = journaled(&database, 3).await;
    forget_all(&database).await;
    let root = tempfile::tempdir().unwrap();
    abandon(root.path(), &bytes[..bytes.len() - 1]);
    let stand = stand(database, journal_in(root.path())).await;
    until("the abandoned folder is gone", || async {
        !root.path().join("abandoned").exists()
    })
    .await;
    assert_eq!(counts(&stand).await, [2, 2, 2]);
    assert!(!root.path().join("set-aside.journal").exists());
}

async fn what_does_not_read_back_is_set_aside(database: TestDatabase) {
    let mut bytes = journaled(&database, 3).await;
    forget_all(&database).await;
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let root = tempfile::tempdir().unwrap();
    abandon(root.path(), &bytes);
    let stand = stand(database, journal_in(root.path())).await;
    until("the abandoned folder is gone", || async {
        !root.path().join("abandoned").exists()
    })
    .await;
    assert_eq!(counts(&stand).await, [2, 2, 2]);
    let kept = fs::read(root.path().join("set-aside.journal")).unwrap();
    assert!(bytes.ends_with(&kept));
}

async fn a_schema_that_is_not_ready_loses_nothing(database: TestDatabase) {
    let root = tempfile::tempdir().unwrap();
    let stand = stand(database, journal_in(root.path())).await;
    stand
        .database
        .execute("ALTER TABLE bill_result RENAME TO not_here_yet")
        .await;
    inquire(&stand, 3).await;
    // A reader waits half a second for the recorder, long enough for a try, and gets no answer either.
    let history = stand
        .bills
        .history(&demo01(), HistoryQuery::default())
        .await;
    assert_eq!(history.unwrap_err().code(), ProblemCode::Internal);
    stand
        .database
        .execute("ALTER TABLE not_here_yet RENAME TO bill_result")
        .await;
    until("all are recorded", || async {
        counts(&stand).await == [3; 3]
    })
    .await;
    assert!(!root.path().join("set-aside.journal").exists());
}

async fn values_the_database_never_takes_are_set_aside(database: TestDatabase) {
    let bytes = journaled(&database, 3).await;
    forget_all(&database).await;
    database
        .execute("CREATE UNIQUE INDEX one_of_a_user ON bill_request (account_id)")
        .await;
    let root = tempfile::tempdir().unwrap();
    abandon(root.path(), &bytes);
    let stand = stand(database, journal_in(root.path())).await;
    until("the abandoned folder is gone", || async {
        !root.path().join("abandoned").exists()
    })
    .await;
    assert_eq!(counts(&stand).await, [1; 3]);
    let kept = fs::read(root.path().join("set-aside.journal")).unwrap();
    assert!(!kept.is_empty());
}

async fn damage_in_a_living_journal_takes_no_other_entry_along(database: TestDatabase) {
    let root = tempfile::tempdir().unwrap();
    let stand = stand(database, journal_in(root.path())).await;
    let other = stand.database.replica().await;
    let mut holding = other.begin_write().await.unwrap();
    hold(&mut holding).await;
    // The database is away: the first entry waits, and several reads of the file behind it.
    inquire(&stand, 300).await;
    let (_, file) = segment(root.path());
    let mut bytes = fs::read(&file).unwrap();
    // Two entries of many: one in the middle, one behind it.
    for part in [3, 2] {
        let at = bytes.len() / part * (part - 1);
        bytes[at] ^= 1;
        fs::File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .write_all_at(&bytes[at..=at], at as u64)
            .unwrap();
    }
    drop(holding);
    until("all others are recorded", || async {
        counts(&stand).await == [298; 3]
    })
    .await;
    other.close().await;
    stand.tasks.drain().await;
    // The folder is gone: all its entries are recorded.
    let left: Vec<_> = fs::read_dir(root.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(root.path().join("set-aside.journal").exists());
}

async fn a_disk_that_cannot_be_written_makes_answers_wait_for_the_database(database: TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let occupied = folder.path().join("file");
    fs::write(&occupied, b"in the way").unwrap();
    let stand = stand(database, journal_in(&occupied)).await;
    for answered in 1..=3 {
        inquire(&stand, 1).await;
        assert_eq!(counts(&stand).await, [answered; 3]);
    }
    // Neither disk nor database takes the record: no answer that the history would not show.
    stand.database.db.close().await;
    let refused = stand.bills.inquire(&demo01(), BillQuery::default()).await;
    assert_eq!(refused.unwrap_err().code(), ProblemCode::Unavailable);
}

async fn at_its_limit_answers_wait_for_the_database_or_are_refused(database: TestDatabase) {
    let root = tempfile::tempdir().unwrap();
    let config = BillConfig {
        journal_limit: 8 << 10,
        ..journal_in(root.path())
    };
    let stand = stand(database, config).await;
    let other = stand.database.replica().await;
    let mut holding = other.begin_write().await.unwrap();
    hold(&mut holding).await;
    let mut answered = 0;
    let refused = loop {
        match stand.bills.inquire(&demo01(), BillQuery::default()).await {
            Ok(_) => answered += 1,
            Err(problem) => break problem,
        }
        assert!(answered < 20, "the limit does not hold");
    };
    assert_eq!(refused.code(), ProblemCode::Unavailable);
    assert!(answered > 0);
    drop(holding);
    until("the inquiries are recorded", || async {
        counts(&stand).await == [answered; 3]
    })
    .await;
    // The disk has room again.
    inquire(&stand, 1).await;
    other.close().await;
}

async fn waiting_for_the_disk_loses_nothing_either(database: TestDatabase) {
    let root = tempfile::tempdir().unwrap();
    let config = BillConfig {
        journal_fsync: true,
        ..journal_in(root.path())
    };
    let stand = stand(database, config).await;
    let who = demo01();
    let inquiries = (0..50).map(|_| stand.bills.inquire(&who, BillQuery::default()));
    for bill in futures::future::join_all(inquiries).await {
        bill.unwrap();
    }
    stand.tasks.drain().await;
    assert_eq!(counts(&stand).await, [50, 50, 50]);
}

async fn nothing_is_left_after_an_orderly_end(database: TestDatabase) {
    let root = tempfile::tempdir().unwrap();
    let stand = stand(database, journal_in(root.path())).await;
    // More than one segment.
    inquire(&stand, 2_500).await;
    stand.tasks.drain().await;
    assert_eq!(counts(&stand).await, [2_500; 3]);
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}
