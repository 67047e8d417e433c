//! How much of something a plan includes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

/// An included quantity. On the wire a number, `null` for unlimited, and no field if KOS did not
/// report it: unlimited is never assumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Allowance {
    #[default]
    Unknown,
    Unlimited,
    Limited(u64),
}

impl Allowance {
    /// Whether KOS did not report it.
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// The quantity, if it is finite.
    pub fn limit(self) -> Option<u64> {
        match self {
            Self::Limited(quantity) => Some(quantity),
            Self::Unknown | Self::Unlimited => None,
        }
    }
}

impl Serialize for Allowance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.limit().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Allowance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Unlimited, Self::Limited))
    }
}

impl PartialSchema for Allowance {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::SchemaType::from_iter([
                Type::Integer,
                Type::Null,
            ]))
            .description(Some(
                "null is unlimited; the field is absent when it is not known",
            ))
            .minimum(Some(0))
            .into()
    }
}

impl ToSchema for Allowance {}

#[cfg(test)]
mod tests {
    use super::Allowance;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Plan {
        #[serde(default, skip_serializing_if = "Allowance::is_unknown")]
        data: Allowance,
    }

    #[test]
    fn unknown_unlimited_and_limited_stay_apart() {
        for (allowance, json) in [
            (Allowance::Unknown, "{}"),
            (Allowance::Unlimited, r#"{"data":null}"#),
            (Allowance::Limited(5), r#"{"data":5}"#),
        ] {
            let plan = Plan { data: allowance };
            assert_eq!(serde_json::to_string(&plan).unwrap(), json);
            assert_eq!(serde_json::from_str::<Plan>(json).unwrap(), plan);
        }
    }
}
