//! The files of a pack as JSON Schemas, so that an editor completes names, explains them and underlines mistakes while they
//! are written. What only the whole pack can tell (whether a name exists, whether a rule makes sense) `anqud check` tells.

use measure::IndicatorDefinition;
use plan::PlanDefinition;
use register::RegisterDefinition;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value as Json;
use service::ServiceDefinition;

use crate::{
    Demo, Settings,
    atlas::AtlasDefinition,
    observations::Sources,
    read::{Clusters, Entities, Regions, Roles},
};

/// The schema of one kind of file.
#[derive(Debug, Clone, Copy)]
pub struct FileSchema {
    pub name: &'static str,
    /// Where such files stand in a pack.
    pub files: &'static str,
    make: fn() -> Json,
}

impl FileSchema {
    /// The schema, in the draft that editors know best (draft 7).
    pub fn json(&self) -> Json {
        (self.make)()
    }
}

fn schema_of<T: JsonSchema>() -> Json {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>().to_value()
}

/// Every kind of file.
pub const SCHEMAS: &[FileSchema] = &[
    FileSchema { name: "pack", files: "pack.yaml", make: schema_of::<Settings> },
    FileSchema { name: "regions", files: "regions.yaml", make: schema_of::<Regions> },
    FileSchema { name: "entities", files: "entities.yaml", make: schema_of::<Entities> },
    FileSchema { name: "roles", files: "roles.yaml", make: schema_of::<Roles> },
    FileSchema { name: "clusters", files: "clusters.yaml", make: schema_of::<Clusters> },
    FileSchema { name: "register", files: "registers/**/*.yaml", make: schema_of::<RegisterDefinition> },
    FileSchema { name: "service", files: "services/**/*.yaml", make: schema_of::<ServiceDefinition> },
    FileSchema { name: "indicator", files: "indicators/**/*.yaml", make: schema_of::<IndicatorDefinition> },
    FileSchema { name: "plan", files: "plan/**/*.yaml", make: schema_of::<PlanDefinition> },
    FileSchema { name: "sources", files: "data/sources.yaml", make: schema_of::<Sources> },
    FileSchema { name: "atlas", files: "atlas.yaml", make: schema_of::<AtlasDefinition> },
    FileSchema { name: "demo", files: "demo.yaml", make: schema_of::<Demo> },
];
