//! Reuses serialised bills: only the head and the freshness change.
//!
//! Every other field is serialised when the bill first arrives, and copied from then on.

use super::{
    answer::{self, Answer},
    record::Asked,
};
use crate::{
    cache::{BriefCache, Fresh},
    clock::Clock,
    kos::KosBill,
};
use app::model::{Freshness, LineId, LineNumber};
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::{sync::Arc, time::Duration};

/// Limits in number and time, about those of the near cache.
const MOST: usize = 4_096;
const REMEMBERED: Duration = Duration::from_secs(60);

/// The fields of a JSON object, serialised.
type Fields = IndexMap<String, Box<RawValue>>;

/// Bills by address, which stays theirs while they are held here.
#[derive(Clone)]
pub struct WrittenBills(BriefCache<usize, Arc<Written>>);

struct Written {
    #[expect(dead_code, reason = "held so that nothing else gets its address")]
    bill: Arc<KosBill>,
    fields: Fields,
}

/// A [`Bill`](app::model::Bill): the fields that differ between inquiries, and the rest.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spliced<'a> {
    request_id: &'a str,
    line_id: &'a LineId,
    line_number: &'a LineNumber,
    #[serde(flatten)]
    same: &'a Fields,
    freshness: Freshness,
}

impl WrittenBills {
    pub fn new(clock: Clock) -> Self {
        Self(BriefCache::new(MOST, clock))
    }

    /// The answer to one inquiry for that bill: the same as [`answer::bill`], as JSON.
    ///
    /// # Errors
    /// When the bill has no JSON form.
    pub fn answer(&self, asked: &Asked, told: &Fresh<KosBill>) -> serde_json::Result<Answer> {
        let address = Arc::as_ptr(&told.value).addr();
        let written = match self.0.find(&address) {
            Some(written) => written,
            None => self.write(address, asked, told)?,
        };
        Ok(Answer {
            json: to_raw_value(&spliced(asked, told, &written.fields))?,
            source: told.source,
        })
    }

    fn write(
        &self,
        address: usize,
        asked: &Asked,
        told: &Fresh<KosBill>,
    ) -> serde_json::Result<Arc<Written>> {
        let bill = answer::bill(asked.request_id.clone(), &asked.line, told);
        let mut fields = fields(&bill)?;
        let differing = self::fields(&spliced(asked, told, &Fields::new()))?;
        fields.retain(|name, _| !differing.contains_key(name));
        let written = Arc::new(Written {
            bill: told.value.clone(),
            fields,
        });
        self.0.keep_for(address, written.clone(), REMEMBERED);
        Ok(written)
    }
}

fn spliced<'a>(asked: &'a Asked, told: &Fresh<KosBill>, same: &'a Fields) -> Spliced<'a> {
    Spliced {
        request_id: &asked.request_id,
        line_id: &asked.line.line_id,
        line_number: &asked.line.line_number,
        same,
        freshness: answer::freshness(told),
    }
}

fn fields(value: &impl Serialize) -> serde_json::Result<Fields> {
    serde_json::from_str(&serde_json::to_string(value)?)
}
