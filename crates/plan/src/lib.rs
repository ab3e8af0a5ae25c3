//! What is promised: clusters, objectives, interventions, activities, budgets; and the stories of what became of it.

mod definition;
mod progress;
mod schedule;
mod story;

pub use definition::{
    Activity, BudgetLine, ClusterDefinition, EntityDefinition, IndicatorUse, Intervention, Objective, PlanDefinition,
    RegionDefinition,
};
pub use progress::{IndicatorProgress, ObjectiveProgress, grapes};
pub use schedule::{Schedule, Scheduled};
pub use story::Story;
