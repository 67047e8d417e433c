//! Generations read ahead: a line in constant use never waits for its generation.

use super::stand::{hold, line, raise};
use crate::support::backends::{TestDatabase, on_both_databases};
use futures::future::join_all;
use server::{
    clock::Clock,
    db::Db,
    kos::{BELIEVED, LineGenerations},
    tasks::Tasks,
};
use std::time::Duration;

on_both_databases! {
    an_ageing_number_is_read_again_beside_those_who_ask,
    what_is_read_ahead_of_time_during_a_change_is_not_believed,
    of_many_lines_that_age_each_is_told_its_own_number,
    a_line_that_ages_again_before_it_is_read_is_told_its_own_number,
    a_number_is_believed_no_longer_while_the_database_is_away,
}

const MS: Duration = Duration::from_millis(1);

/// Generations, their clock, and the background tasks.
struct Reader {
    generations: LineGenerations,
    clock: Clock,
    tasks: Tasks,
}

impl Reader {
    fn of(db: Db) -> Self {
        let (clock, tasks) = (Clock::manual(0), Tasks::default());
        Self {
            generations: LineGenerations::new(db, clock.clone(), tasks.clone()),
            clock,
            tasks,
        }
    }

    async fn sees(&self) -> i64 {
        let seen = self.generations.current(&line()).await.unwrap();
        // A task may start others.
        self.tasks.drain().await;
        seen
    }
}

async fn an_ageing_number_is_read_again_beside_those_who_ask(database: TestDatabase) {
    let database = database.migrated().await;
    let reader = Reader::of(database.db.clone());
    assert_eq!(reader.sees().await, 0);
    raise(&database.db, &line()).await;
    // Young: the database is not asked.
    reader.clock.advance(BELIEVED / 2 - MS);
    assert_eq!(reader.sees().await, 0);
    assert_eq!(reader.sees().await, 0);
    // Ageing: the first reader starts a read ahead and gets the generation still believed.
    reader.clock.advance(MS);
    assert_eq!(reader.sees().await, 0);
    assert_eq!(reader.sees().await, 1);
    // Young again since that read.
    raise(&database.db, &line()).await;
    reader.clock.advance(BELIEVED / 2 - MS);
    assert_eq!(reader.sees().await, 1);
    assert_eq!(reader.sees().await, 1);
}

async fn what_is_read_ahead_of_time_during_a_change_is_not_believed(database: TestDatabase) {
    let database = database.migrated().await;
    let reader = Reader::of(database.db.clone());
    assert_eq!(reader.sees().await, 0);
    hold(&database.db, &line()).await;
    reader.clock.advance(BELIEVED - MS);
    assert_eq!(reader.sees().await, 0);
    raise(&database.db, &line()).await;
    reader.clock.advance(MS);
    assert_eq!(reader.sees().await, 1);
}

async fn of_many_lines_that_age_each_is_told_its_own_number(database: TestDatabase) {
    let database = database.migrated().await;
    let db = database.replica().await;
    let reader = Reader::of(db.clone());
    let [unchanged, changed, changing] =
        ["01011111111", "01022222222", "01033333333"].map(|line| line.parse().unwrap());
    let seen = || {
        let lines = [&unchanged, &changed, &changing];
        join_all(lines.map(async |line| reader.generations.current(line).await.ok()))
    };
    assert_eq!(seen().await, [Some(0), Some(0), Some(0)]);
    for raised in [&changed, &changing, &changing] {
        raise(&database.db, raised).await;
    }
    hold(&database.db, &changing).await;
    reader.clock.advance(BELIEVED - MS);
    assert_eq!(seen().await, [Some(0), Some(0), Some(0)]);
    reader.tasks.drain().await;
    // A line with an open change is not believed; the others were read ahead and need no database.
    reader.clock.advance(MS);
    assert_eq!(seen().await, [Some(0), Some(1), Some(2)]);
    db.close().await;
    assert_eq!(seen().await, [Some(0), Some(1), None]);
}

/// After a pause of the machine, the gathered batch holds a line twice.
async fn a_line_that_ages_again_before_it_is_read_is_told_its_own_number(database: TestDatabase) {
    let database = database.migrated().await;
    raise(&database.db, &line()).await;
    let reader = Reader::of(database.db.clone());
    // Read; ageing; too old, so read again; ageing again.
    for _ in 0..4 {
        assert_eq!(reader.generations.current(&line()).await.unwrap(), 1);
        reader.clock.advance(BELIEVED / 2);
    }
    reader.tasks.drain().await;
    assert_eq!(reader.sees().await, 1);
}

async fn a_number_is_believed_no_longer_while_the_database_is_away(database: TestDatabase) {
    let database = database.migrated().await;
    let db = database.replica().await;
    let reader = Reader::of(db.clone());
    assert_eq!(reader.sees().await, 0);
    db.close().await;
    reader.clock.advance(BELIEVED - MS);
    assert_eq!(reader.sees().await, 0);
    reader.clock.advance(MS);
    assert!(reader.generations.current(&line()).await.is_err());
}
