//! What is promised: clusters, objectives, interventions, activities, budgets.

mod definition;
mod progress;

pub use definition::{
    Activity, BudgetLine, ClusterDefinition, EntityDefinition, IndicatorUse, Intervention, Objective, PlanDefinition,
    RegionDefinition,
};
pub use progress::{IndicatorProgress, ObjectiveProgress, grapes};
