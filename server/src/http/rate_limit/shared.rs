//! Buckets in Redis, shared by all replicas.

use super::{
    gcra::{Decision, Quota},
    rules::{Ask, Limit},
};
use crate::cache::{RedisLink, RedisTrouble};
use redis::{Cmd, RedisError, Script, ServerErrorKind};
use std::{sync::Arc, time::Duration};

const PREFIX: &str = "phonebill:v1:rate";
const SCRIPT: &str = include_str!("gcra.lua");

/// The buckets of one Redis, by its clock: the clocks of replicas do not matter.
#[derive(Clone)]
pub struct SharedBuckets {
    link: Arc<RedisLink>,
    script: Arc<Script>,
    prefix: String,
}

/// The answer of the script.
#[derive(Debug)]
pub struct Judged {
    /// Redis's clock, in epoch microseconds.
    pub now_us: i64,
    pub decisions: Vec<Decision>,
}

impl SharedBuckets {
    /// Starts connecting in the background, on a connection of its own. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the URL is not one of Redis.
    pub fn connect(url: &str, operation_timeout: Duration) -> Result<Self, RedisError> {
        Ok(Self {
            link: Arc::new(RedisLink::open(url, operation_timeout)?),
            script: Arc::new(Script::new(SCRIPT)),
            prefix: PREFIX.to_owned(),
        })
    }

    /// The same Redis with buckets of its own; the common ones for an empty name.
    pub fn within(mut self, namespace: &str) -> Self {
        if !namespace.is_empty() {
            self.prefix = format!("{PREFIX}:{namespace}");
        }
        self
    }

    /// Whether Redis answers at the moment.
    pub fn is_up(&self) -> bool {
        self.link.is_up()
    }

    /// Asks every bucket, all or nothing.
    ///
    /// # Errors
    /// Redis is away or refuses: nothing was counted. Redis is slow: the request may be counted later.
    pub async fn judge(
        &self,
        asks: &[Ask],
        quota: impl Fn(Limit) -> Quota,
    ) -> Result<Judged, RedisTrouble> {
        let call = |how: &str, what: &str| {
            let mut command = Cmd::new();
            command.arg(how).arg(what).arg(asks.len());
            for ask in asks {
                command.arg(format!("{}:{}:{}", self.prefix, ask.limit.name(), ask.key));
            }
            for ask in asks {
                let quota = quota(ask.limit);
                command
                    .arg(quota.interval_us())
                    .arg(quota.tolerance_us())
                    .arg(u8::from(ask.take));
            }
            command
        };
        let hash = call("EVALSHA", self.script.get_hash());
        let answer: Vec<i64> = match self.link.run(&hash).await {
            Err(RedisTrouble::Refused(error)) if unknown_script(&error) => {
                self.link.run(&call("EVAL", SCRIPT)).await?
            }
            answer => answer?,
        };
        read(&answer, asks.len()).ok_or_else(|| RedisTrouble::Refused(malformed()))
    }
}

fn unknown_script(error: &RedisError) -> bool {
    error.kind() == redis::ErrorKind::Server(ServerErrorKind::NoScript)
}

fn malformed() -> RedisError {
    (
        redis::ErrorKind::UnexpectedReturnType,
        "not what gcra.lua gives",
    )
        .into()
}

fn read(answer: &[i64], buckets: usize) -> Option<Judged> {
    let (now_us, decisions) = answer.split_first()?;
    let (_, decisions) = decisions.split_first()?;
    let decisions: Vec<Decision> = decisions
        .chunks_exact(2)
        .map(|pair| Decision {
            wait_us: pair[0],
            debt_us: pair[1],
        })
        .collect();
    (decisions.len() == buckets).then_some(Judged {
        now_us: *now_us,
        decisions,
    })
}
