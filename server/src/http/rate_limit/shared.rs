//! Buckets in Redis, which all replicas count in.

use super::{
    gcra::{Quota, Verdict},
    rules::{Ask, Limit},
};
use crate::cache::{RedisLink, RedisTrouble};
use redis::{Cmd, RedisError, Script, ServerErrorKind};
use std::{sync::Arc, time::Duration};

const PREFIX: &str = "phonebill:v1:rate";
const SCRIPT: &str = include_str!("gcra.lua");

/// The buckets of one Redis, by its clock: whether replicas agree on the time does not matter.
#[derive(Clone)]
pub struct SharedBuckets {
    link: Arc<RedisLink>,
    script: Arc<Script>,
    prefix: String,
}

/// What the script said.
#[derive(Debug)]
pub struct Judged {
    /// Redis's clock, in epoch microseconds.
    pub now_us: i64,
    pub verdicts: Vec<Verdict>,
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

    /// Whether Redis can be asked at the moment.
    pub fn is_up(&self) -> bool {
        self.link.is_up()
    }

    /// Holds the request against every bucket, all or nothing.
    ///
    /// # Errors
    /// Redis is away, slow or refuses: nobody was judged.
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
    let (now_us, verdicts) = answer.split_first()?;
    let (_, verdicts) = verdicts.split_first()?;
    let verdicts: Vec<Verdict> = verdicts
        .chunks_exact(2)
        .map(|pair| Verdict {
            wait_us: pair[0],
            debt_us: pair[1],
        })
        .collect();
    (verdicts.len() == buckets).then_some(Judged {
        now_us: *now_us,
        verdicts,
    })
}
