//! Which interventions reach the most for a budget: a mixed-integer programme, and what more money would bring.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, constraint, microlp, variable,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::AtlasError;

/// Something that can be done.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Intervention {
    pub id: String,
    /// In the unit of the budget.
    pub cost: f64,
    /// What it achieves, in one unit for all: people trained, jobs.
    pub reach: f64,
    /// What share of its cost is spent in each region; what is left over belongs to none.
    #[serde(default)]
    pub regions: BTreeMap<String, f64>,
    /// It can only be done together with all of these.
    #[serde(default)]
    pub requires: Vec<String>,
    /// It cannot be done together with any of these.
    #[serde(default)]
    pub excludes: Vec<String>,
    /// Whether a part of it can be done for a part of its cost.
    #[serde(default)]
    pub divisible: bool,
    /// Whether it is done in any case.
    #[serde(default)]
    pub must: bool,
}

/// A choice to make.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Choice {
    pub budget: f64,
    /// The least share of what is spent that each of these regions gets.
    #[serde(default)]
    pub least_shares: BTreeMap<String, f64>,
    pub interventions: Vec<Intervention>,
}

/// What to choose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Portfolio {
    pub chosen: Vec<Chosen>,
    pub reach: f64,
    pub cost: f64,
    pub budget: f64,
    /// What is spent in each region.
    pub regions: BTreeMap<String, f64>,
    /// What could be reached if everything were divisible: no choice reaches more.
    pub bound: f64,
    /// What one more unit of money would add to the bound: the dual value of the budget. Zero when money is left over.
    pub shadow_price: f64,
    /// What other budgets reach.
    pub other_budgets: Vec<OtherBudget>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chosen {
    pub id: String,
    /// 1, or the part of a divisible intervention.
    pub part: f64,
    pub cost: f64,
    pub reach: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherBudget {
    pub budget: f64,
    /// None where what must be done costs more.
    pub reach: Option<f64>,
}

/// Chooses what reaches the most.
pub fn portfolio(choice: &Choice) -> Result<Portfolio, AtlasError> {
    let programme = Programme::of(choice)?;
    let Some(parts) = programme.solve(1.0, false)? else {
        return Err(AtlasError::Invalid(
            "no choice satisfies the budget, what must be done and the least shares of the regions; \
             raise the budget, or lower the shares"
                .to_owned(),
        ));
    };
    let relaxed = programme.solve(1.0, true)?.unwrap_or_else(|| parts.clone());
    let reach = |parts: &[f64]| -> f64 {
        choice.interventions.iter().zip(parts).map(|(intervention, part)| intervention.reach * part).sum()
    };
    let other_budgets = [0.5, 0.75, 0.9, 1.1, 1.25, 1.5, 2.0].into_iter().map(|factor| {
        let found = programme.solve(factor, false)?;
        Ok(OtherBudget { budget: choice.budget * factor, reach: found.map(|parts| reach(&parts)) })
    });
    let other_budgets: Vec<OtherBudget> = other_budgets.collect::<Result<_, AtlasError>>()?;
    let mut regions: BTreeMap<String, f64> = choice.least_shares.keys().map(|region| (region.clone(), 0.0)).collect();
    let mut chosen = Vec::new();
    for (intervention, part) in choice.interventions.iter().zip(&parts).filter(|(_, part)| **part > 0.0) {
        let cost = intervention.cost * part;
        for (region, share) in &intervention.regions {
            *regions.entry(region.clone()).or_default() += cost * share;
        }
        chosen.push(Chosen { id: intervention.id.clone(), part: *part, cost, reach: intervention.reach * part });
    }
    Ok(Portfolio {
        reach: reach(&parts),
        cost: chosen.iter().map(|chosen| chosen.cost).sum(),
        budget: choice.budget,
        regions,
        bound: reach(&relaxed).max(reach(&parts)),
        shadow_price: programme.shadow_price()?,
        other_budgets,
        chosen,
    })
}

/// A sum of parts that is at most a limit.
struct Row {
    terms: Vec<(usize, f64)>,
    limit: f64,
}

/// The choice in numbers near one, which solvers count with best: money in budgets, reach in the largest reach.
struct Programme {
    reach: Vec<f64>,
    /// What part 1 stands for, and whether parts between 0 and 1 are possible and 0 is not.
    divisible: Vec<bool>,
    must: Vec<bool>,
    /// The budget is the first; the regions follow, then what holds between interventions.
    rows: Vec<Row>,
    /// How many rows are about money.
    money_rows: usize,
    reach_unit: f64,
    money_unit: f64,
}

impl Programme {
    fn of(choice: &Choice) -> Result<Programme, AtlasError> {
        let number = check(choice)?;
        let all = &choice.interventions;
        let reach_unit = all.iter().map(|i| i.reach).fold(0.0_f64, f64::max);
        let reach_unit = if reach_unit > 0.0 { reach_unit } else { 1.0 };
        let money_unit = choice.budget;
        let cost: Vec<f64> = all.iter().map(|i| i.cost / money_unit).collect();
        let mut rows = vec![Row { terms: cost.iter().copied().enumerate().collect(), limit: 1.0 }];
        for (region, least) in &choice.least_shares {
            // Σ cost (least − share) part ≤ 0: of what is spent, at least so much is spent there.
            let term = |(at, i): (usize, &Intervention)| {
                (at, cost[at] * (least - i.regions.get(region).copied().unwrap_or(0.0)))
            };
            rows.push(Row { terms: all.iter().enumerate().map(term).collect(), limit: 0.0 });
        }
        let money_rows = rows.len();
        for (at, intervention) in all.iter().enumerate() {
            for other in &intervention.requires {
                rows.push(Row { terms: vec![(at, 1.0), (number[other.as_str()], -1.0)], limit: 0.0 });
            }
            for other in &intervention.excludes {
                rows.push(Row { terms: vec![(at, 1.0), (number[other.as_str()], 1.0)], limit: 1.0 });
            }
        }
        Ok(Programme {
            reach: all.iter().map(|i| i.reach / reach_unit).collect(),
            divisible: all.iter().map(|i| i.divisible).collect(),
            must: all.iter().map(|i| i.must).collect(),
            rows,
            money_rows,
            reach_unit,
            money_unit,
        })
    }

    /// The part of each intervention under `factor` budgets; none when nothing satisfies the conditions.
    ///
    /// Solvers keep limits up to a tolerance, which of a large budget is money. What exceeds a limit is solved again with
    /// limits that are tighter by as much.
    fn solve(&self, factor: f64, relaxed: bool) -> Result<Option<Vec<f64>>, AtlasError> {
        let mut found = None;
        for slack in [0.0, 1e-8, 1e-7, 1e-6] {
            found = self.solve_within(factor, relaxed, slack)?;
            if found.as_ref().is_none_or(|parts| self.keeps(parts, factor)) {
                break;
            }
        }
        Ok(found)
    }

    fn limit(&self, row: usize, factor: f64) -> f64 {
        if row == 0 { self.rows[row].limit * factor } else { self.rows[row].limit }
    }

    /// Whether all limits are kept, up to the rounding of their sums.
    fn keeps(&self, parts: &[f64], factor: f64) -> bool {
        let sum = |row: &Row| row.terms.iter().map(|(at, share)| parts[*at] * share).sum::<f64>();
        self.rows.iter().enumerate().all(|(at, row)| sum(row) <= self.limit(at, factor) + 1e-12)
    }

    fn solve_within(&self, factor: f64, relaxed: bool, slack: f64) -> Result<Option<Vec<f64>>, AtlasError> {
        let mut variables = ProblemVariables::new();
        let parts: Vec<Variable> = (0..self.reach.len())
            .map(|at| {
                let least = if self.must[at] { 1.0 } else { 0.0 };
                let part = variable().min(least).max(1.0);
                variables.add(if relaxed || self.divisible[at] { part } else { part.integer() })
            })
            .collect();
        let objective: Expression = parts.iter().zip(&self.reach).map(|(part, reach)| *part * *reach).sum();
        let mut model = variables.maximise(objective).using(microlp);
        for (at, row) in self.rows.iter().enumerate() {
            let sum: Expression = row.terms.iter().map(|(at, factor)| parts[*at] * *factor).sum();
            // Between interventions everything is whole, and nothing is exceeded by a little.
            let limit = self.limit(at, factor) - if at < self.money_rows { slack } else { 0.0 };
            model.add_constraint(constraint!(sum <= limit));
        }
        match model.solve() {
            Ok(solution) => {
                let part = |at: usize| {
                    let value = solution.value(parts[at]).clamp(0.0, 1.0);
                    // What the solver calls whole is whole up to its tolerance.
                    let whole = value.round();
                    if (value - whole).abs() < 1e-6 { whole } else { value }
                };
                Ok(Some((0..parts.len()).map(part).collect()))
            }
            Err(ResolutionError::Infeasible) => Ok(None),
            Err(error) => Err(AtlasError::Invalid(format!("the choice could not be computed: {error}"))),
        }
    }

    /// The dual value of the budget, from the dual programme: min Σ limit y + Σ z with Aᵀ y + z ≥ reach, y ≥ 0, and z ≥ 0
    /// but for what must be done.
    fn shadow_price(&self) -> Result<f64, AtlasError> {
        let mut variables = ProblemVariables::new();
        let prices: Vec<Variable> = self.rows.iter().map(|_| variables.add(variable().min(0.0))).collect();
        let rents: Vec<Variable> =
            self.must.iter().map(|must| variables.add(if *must { variable() } else { variable().min(0.0) })).collect();
        let worth: Expression = prices.iter().zip(&self.rows).map(|(price, row)| *price * row.limit).sum();
        let rent: Expression = rents.iter().copied().sum();
        let mut sums: Vec<Expression> = rents.iter().map(|rent| Expression::from(*rent)).collect();
        for (price, row) in prices.iter().zip(&self.rows) {
            for (at, factor) in &row.terms {
                sums[*at] += *price * *factor;
            }
        }
        let mut model = variables.minimise(worth + rent).using(microlp);
        for (sum, reach) in sums.into_iter().zip(&self.reach) {
            model.add_constraint(constraint!(sum >= *reach));
        }
        let solution = model
            .solve()
            .map_err(|error| AtlasError::Invalid(format!("the shadow price could not be computed: {error}")))?;
        Ok(solution.value(prices[0]).max(0.0) * self.reach_unit / self.money_unit)
    }
}

/// Says the first thing that is wrong; the number of each intervention.
fn check(choice: &Choice) -> Result<HashMap<&str, usize>, AtlasError> {
    let wrong = |why: String| Err(AtlasError::Invalid(why));
    if !choice.budget.is_finite() || choice.budget <= 0.0 {
        return wrong(format!("budget: expected an amount above 0, found {}", choice.budget));
    }
    let mut number = HashMap::new();
    let mut regions = BTreeSet::new();
    for (at, intervention) in choice.interventions.iter().enumerate() {
        let id = &intervention.id;
        if number.insert(id.as_str(), at).is_some() {
            return wrong(format!("«{id}» stands twice; each intervention needs an id of its own"));
        }
        for (what, value) in [("cost", intervention.cost), ("reach", intervention.reach)] {
            if !value.is_finite() || value < 0.0 {
                return wrong(format!("{id}: {what}: expected a number that is not negative, found {value}"));
            }
        }
        let shares: Vec<f64> = intervention.regions.values().copied().collect();
        if shares.iter().any(|share| !(0.0..=1.0).contains(share)) || shares.iter().sum::<f64>() > 1.0 + 1e-9 {
            return wrong(format!("{id}: regions: expected shares from 0 to 1 that add up to at most 1"));
        }
        regions.extend(intervention.regions.keys());
    }
    if number.is_empty() {
        return wrong("interventions: there are none to choose from".to_owned());
    }
    for intervention in &choice.interventions {
        for other in intervention.requires.iter().chain(&intervention.excludes) {
            if *other == intervention.id || !number.contains_key(other.as_str()) {
                return wrong(format!("{}: there is no other intervention «{other}»", intervention.id));
            }
        }
    }
    for (region, share) in &choice.least_shares {
        if !(0.0..=1.0).contains(share) {
            return wrong(format!("least-shares: {region}: expected a share from 0 to 1, found {share}"));
        }
        if !regions.contains(region) {
            return wrong(format!("least-shares: no intervention spends anything in «{region}»"));
        }
    }
    if choice.least_shares.values().sum::<f64>() > 1.0 + 1e-9 {
        return wrong("least-shares: they add up to more than 1".to_owned());
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn intervention(id: &str, cost: f64, reach: f64) -> Intervention {
        Intervention {
            id: id.to_owned(),
            cost,
            reach,
            regions: BTreeMap::new(),
            requires: Vec::new(),
            excludes: Vec::new(),
            divisible: false,
            must: false,
        }
    }

    fn choice(budget: f64, interventions: Vec<Intervention>) -> Choice {
        Choice { budget, least_shares: BTreeMap::new(), interventions }
    }

    fn ids(portfolio: &Portfolio) -> Vec<&str> {
        portfolio.chosen.iter().map(|chosen| chosen.id.as_str()).collect()
    }

    #[test]
    fn the_best_pair_beats_the_best_one() {
        let all = vec![intervention("a", 60.0, 100.0), intervention("b", 50.0, 70.0), intervention("c", 50.0, 60.0)];
        let found = portfolio(&choice(100.0, all)).unwrap();
        assert_eq!(ids(&found), ["b", "c"]);
        assert_eq!((found.reach, found.cost), (130.0, 100.0));
        // If all were divisible: a, and 40 of 50 for b; one more would buy a fiftieth of b.
        assert!((found.bound - 156.0).abs() < 1e-6, "{}", found.bound);
        assert!((found.shadow_price - 1.4).abs() < 1e-6, "{}", found.shadow_price);
    }

    #[test]
    fn money_that_is_left_over_has_no_price() {
        let found = portfolio(&choice(100.0, vec![intervention("a", 60.0, 100.0)])).unwrap();
        assert_eq!((found.shadow_price, found.reach, found.bound), (0.0, 100.0, 100.0));
        assert_eq!(found.other_budgets[0], OtherBudget { budget: 50.0, reach: Some(0.0) });
    }

    #[test]
    fn a_large_budget_is_not_exceeded_by_a_little() {
        let all = vec![intervention("a", 1_000_000_001.0, 100.0), intervention("b", 500_000_000.0, 70.0)];
        assert_eq!(ids(&portfolio(&choice(1_000_000_000.0, all.clone())).unwrap()), ["b"]);
        assert_eq!(ids(&portfolio(&choice(1_000_000_001.0, all)).unwrap()), ["a"]);
    }

    #[test]
    fn dependencies_hold() {
        let mut all = vec![intervention("a", 10.0, 100.0), intervention("b", 95.0, 1.0), intervention("c", 20.0, 50.0)];
        all[0].requires = vec!["b".to_owned()];
        assert_eq!(ids(&portfolio(&choice(100.0, all.clone())).unwrap()), ["c"]);
        assert_eq!(ids(&portfolio(&choice(106.0, all.clone())).unwrap()), ["a", "b"]);
        all[2].must = true;
        all[0].requires = vec![];
        all[0].excludes = vec!["c".to_owned()];
        assert_eq!(ids(&portfolio(&choice(100.0, all.clone())).unwrap()), ["c"]);
        assert!(portfolio(&choice(10.0, all)).unwrap_err().to_string().contains("raise the budget"));
    }

    #[test]
    fn regions_get_their_least_share() {
        let mut all = vec![intervention("a", 80.0, 100.0), intervention("b", 20.0, 5.0), intervention("c", 20.0, 90.0)];
        all[1].regions.insert("south".to_owned(), 1.0);
        let mut asked = choice(100.0, all);
        assert_eq!(ids(&portfolio(&asked).unwrap()), ["a", "c"]);
        asked.least_shares.insert("south".to_owned(), 0.2);
        let found = portfolio(&asked).unwrap();
        assert_eq!(ids(&found), ["a", "b"]);
        assert_eq!(found.regions["south"], 20.0);
        asked.least_shares.insert("east".to_owned(), 0.2);
        assert!(portfolio(&asked).unwrap_err().to_string().contains("«east»"));
    }

    #[test]
    fn what_is_divisible_is_divided() {
        let mut all = vec![intervention("a", 60.0, 90.0), intervention("b", 80.0, 80.0)];
        all[1].divisible = true;
        let found = portfolio(&choice(100.0, all)).unwrap();
        assert!((found.reach - 130.0).abs() < 1e-6 && (found.chosen[1].part - 0.5).abs() < 1e-6);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let a = || intervention("a", 1.0, 1.0);
        let mut unknown = a();
        unknown.requires = vec!["z".to_owned()];
        let mut shares = a();
        shares.regions.insert("r".to_owned(), 1.5);
        for (asked, expected) in [
            (choice(0.0, vec![a()]), "budget"),
            (choice(1.0, vec![]), "there are none"),
            (choice(1.0, vec![a(), a()]), "stands twice"),
            (choice(1.0, vec![intervention("a", -1.0, 1.0)]), "a: cost"),
            (choice(1.0, vec![unknown]), "«z»"),
            (choice(1.0, vec![shares]), "regions"),
        ] {
            assert!(portfolio(&asked).unwrap_err().to_string().contains(expected), "{expected}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_choice_is_better(
            items in prop::collection::vec((1_u32..40, 0_u32..100, 0_u32..3, 0_usize..9, any::<bool>()), 1..9),
            budget in 1_u32..150,
            least in 0_u32..5,
        ) {
            let all: Vec<Intervention> = items
                .iter()
                .enumerate()
                .map(|(at, (cost, reach, kind, other, south))| {
                    let mut one = intervention(&at.to_string(), f64::from(*cost), f64::from(*reach));
                    let other = other % items.len();
                    if other != at && *kind == 1 {
                        one.requires.push(other.to_string());
                    }
                    if other != at && *kind == 2 {
                        one.excludes.push(other.to_string());
                    }
                    one.regions.insert("south".to_owned(), f64::from(u8::from(*south)));
                    one
                })
                .collect();
            let mut asked = choice(f64::from(budget), all);
            asked.least_shares.insert("south".to_owned(), f64::from(least) / 10.0);
            let found = portfolio(&asked).unwrap();
            let allowed = |set: usize| -> Option<f64> {
                let has = |at: usize| set >> at & 1 == 1;
                let (mut cost, mut reach, mut south) = (0.0, 0.0, 0.0);
                for (at, one) in asked.interventions.iter().enumerate().filter(|(at, _)| has(*at)) {
                    let number = |id: &String| id.parse::<usize>().unwrap();
                    if !one.requires.iter().all(|o| has(number(o))) || one.excludes.iter().any(|o| has(number(o))) {
                        return None;
                    }
                    let _ = at;
                    cost += one.cost;
                    reach += one.reach;
                    south += one.cost * one.regions["south"];
                }
                (cost <= asked.budget && south >= cost * f64::from(least) / 10.0 - 1e-9).then_some(reach)
            };
            let best = (0..1_usize << items.len()).filter_map(allowed).fold(0.0_f64, f64::max);
            prop_assert_eq!(found.reach, best);
            prop_assert!(found.bound >= best - 1e-6 && found.shadow_price >= 0.0);
            let chosen = ids(&found).iter().map(|id| 1_usize << id.parse::<usize>().unwrap()).sum();
            prop_assert_eq!(allowed(chosen), Some(best));
        }
    }
}
