//! What can be broken, and what that needs.

/// What a fault needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// PostgreSQL and Redis.
    Servers,
    /// A database on its own disk.
    SmallDisk,
}

/// How a fault is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By rules of the simulator.
    Simulator(&'static [&'static str]),
    KosRefuses,
    /// KOS receives everything, and no byte of an answer comes back.
    KosSilent,
    RedisKilled,
    /// Connections are reset, and new ones refused.
    RedisReset,
    RedisStopped,
    /// It listens, and answers nothing until the fault is over.
    RedisPaused,
    /// Emptied again and again.
    RedisFlushed,
    RedisSlow,
    RedisSilent,
    RedisLocked,
    RedisReadOnly,
    RedisFull,
    PostgresAway,
    PostgresCrashes,
    /// Ended without a checkpoint, and started again when the fault is over.
    PostgresRestarts,
    /// Every connection is ended, again and again.
    PostgresHangsUp,
    PostgresStopped,
    PostgresSlow,
    PostgresLocked,
    PostgresFull,
    PostgresReadOnly,
    PostgresDiskFull,
}
