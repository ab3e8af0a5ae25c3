//! What one activity moves in all others: input-output analysis (Leontief 1936; Miller and Blair 2009).

use nalgebra::DMatrix;

use crate::{AtlasError, Matrix};

/// What sectors buy from each other and produce, in money of one year.
#[derive(Debug, Clone)]
pub struct Economy {
    sectors: Vec<String>,
    transactions: Matrix,
    output: Vec<f64>,
    /// (I − A)⁻¹: what each sector (row) must produce for one unit of final demand of each (column).
    leontief: DMatrix<f64>,
    /// (I − B)⁻¹ of the allocation coefficients B (Ghosh 1958).
    ghosh: DMatrix<f64>,
}

/// What a sector moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Impact {
    /// What all sectors together produce for one unit of final demand of this one; at least 1.
    pub output_multiplier: f64,
    /// The multiplier over its mean: above 1, the sector draws on others more than most (Rasmussen 1956).
    pub backward_linkage: f64,
    /// The same downstream, from Ghosh's model (Jones 1976): above 1, others use it more than most.
    pub forward_linkage: f64,
    /// The share of all output that would be missing without the sector, its purchases and its sales (hypothetical
    /// extraction, Dietzenbacher, van der Linden and Steenge 1993), its own output included.
    pub extraction_loss: f64,
}

/// What a sector moves of something that goes with output, such as jobs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Of the sector itself for one unit of its output.
    pub direct: f64,
    /// Of all sectors for one unit of its final demand.
    pub total: f64,
    /// Total over direct; none for a sector that has none itself.
    pub multiplier: Option<f64>,
}

impl Economy {
    /// From `transactions`, where a row sells to a column, and the gross output of each sector. A sector may sell more to
    /// sectors than it produces, from stocks or imports: its final demand is negative then. One without output moves itself
    /// only.
    pub fn new(sectors: Vec<String>, transactions: Matrix, output: Vec<f64>) -> Result<Economy, AtlasError> {
        let n = sectors.len();
        AtlasError::check_length("the outputs", n, output.len())?;
        AtlasError::check_length("the rows of the transactions", n, transactions.rows())?;
        AtlasError::check_length("the columns of the transactions", n, transactions.columns())?;
        if n == 0 {
            return Err(AtlasError::Empty);
        }
        for (at, sector) in sectors.iter().enumerate() {
            if !output[at].is_finite() || output[at] < 0.0 {
                return Err(AtlasError::out_of_range(format!("the output of {sector}"), "not negative", output[at]));
            }
            if let Some(bad) = transactions.row(at).iter().find(|value| !value.is_finite() || **value < 0.0) {
                return Err(AtlasError::out_of_range(format!("what {sector} sells"), "not negative", *bad));
            }
            if output[at] == 0.0 && transactions.column_sums()[at] > 0.0 {
                return Err(AtlasError::Invalid(format!(
                    "{sector} buys from sectors and produces nothing; transactions and output must be of the same year, \
                     unit and prices"
                )));
            }
        }
        if output.iter().sum::<f64>() <= 0.0 {
            return Err(AtlasError::Empty);
        }
        let inverse = |coefficient: &dyn Fn(usize, usize) -> f64| -> Result<DMatrix<f64>, AtlasError> {
            let system = DMatrix::from_fn(n, n, |i, j| f64::from(u8::from(i == j)) - coefficient(i, j));
            let solved = system.lu().solve(&DMatrix::identity(n, n));
            // A negative entry means that a sector needs more than one of itself to make one (Hawkins and Simon 1949).
            solved.filter(|found| found.iter().all(|value| value.is_finite() && *value > -1e-9)).ok_or_else(|| {
                AtlasError::Invalid(
                    "(I − A) has no inverse without negative entries: some sectors use more than they produce; check \
                     that every sector has final demand or value added"
                        .to_owned(),
                )
            })
        };
        // A sector without output buys nothing for it, and has no part of it to give to others.
        let share = |value: f64, of: f64| if of > 0.0 { value / of } else { 0.0 };
        let leontief = inverse(&|i, j| share(transactions.at(i, j), output[j]))?;
        let ghosh = inverse(&|i, j| share(transactions.at(i, j), output[i]))?;
        Ok(Economy { sectors, transactions, output, leontief, ghosh })
    }

    pub fn sectors(&self) -> &[String] {
        &self.sectors
    }

    /// What each sector produces.
    pub fn outputs(&self) -> &[f64] {
        &self.output
    }

    /// What is not sold to sectors, f = x − Z 1.
    pub fn final_demand(&self) -> Vec<f64> {
        self.transactions.row_sums().iter().zip(&self.output).map(|(sold, output)| output - sold).collect()
    }

    /// What each sector moves.
    pub fn impacts(&self) -> Vec<Impact> {
        let n = self.sectors.len();
        let up: Vec<f64> = (0..n).map(|at| self.leontief.column(at).sum()).collect();
        let down: Vec<f64> = (0..n).map(|at| self.ghosh.row(at).sum()).collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / n as f64;
        let (mean_up, mean_down) = (mean(&up), mean(&down));
        let all: f64 = self.output.iter().sum();
        (0..n)
            .map(|at| Impact {
                output_multiplier: up[at],
                backward_linkage: up[at] / mean_up,
                forward_linkage: down[at] / mean_down,
                // By the inverse of a block matrix, the others lose l_ij x_j / l_jj and the sector all of its output.
                extraction_loss: up[at] * self.output[at] / self.leontief[(at, at)] / all,
            })
            .collect()
    }

    /// What each sector moves of something, such as jobs, of which `amounts` go with the outputs.
    pub fn effects(&self, amounts: &[f64]) -> Result<Vec<Effect>, AtlasError> {
        AtlasError::check_length("the amounts", self.sectors.len(), amounts.len())?;
        if let Some((sector, bad)) =
            self.sectors.iter().zip(amounts).find(|(_, amount)| !amount.is_finite() || **amount < 0.0)
        {
            return Err(AtlasError::out_of_range(format!("the amount of {sector}"), "not negative", *bad));
        }
        let mut of = self.sectors.iter().zip(amounts).zip(&self.output);
        if let Some(((sector, amount), _)) = of.find(|((_, amount), output)| **output == 0.0 && **amount > 0.0) {
            return Err(AtlasError::Invalid(format!("{sector} has {amount} of it and no output")));
        }
        let direct: Vec<f64> = amounts
            .iter()
            .zip(&self.output)
            .map(|(amount, output)| if *output > 0.0 { amount / output } else { 0.0 })
            .collect();
        let each = (0..self.sectors.len()).map(|at| {
            let total: f64 = direct.iter().zip(self.leontief.column(at).iter()).map(|(d, l)| d * l).sum();
            Effect { direct: direct[at], total, multiplier: (direct[at] > 0.0).then(|| total / direct[at]) }
        });
        Ok(each.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    /// Two sectors: the first sells 150 to itself and 500 to the other, which sells 200 and 100; outputs 1000 and 2000.
    fn example() -> Economy {
        let transactions = Matrix::new(2, 2, vec![150.0, 500.0, 200.0, 100.0]).unwrap();
        Economy::new(vec!["a".into(), "b".into()], transactions, vec![1000.0, 2000.0]).unwrap()
    }

    #[test]
    fn by_hand() {
        let economy = example();
        assert_eq!(economy.final_demand(), [350.0, 1700.0]);
        // A = (0.15 0.25; 0.2 0.05), |I − A| = 0.85 · 0.95 − 0.25 · 0.2 = 0.7575.
        let found = economy.impacts();
        let multipliers = [(0.95 + 0.2) / 0.7575, (0.85 + 0.25) / 0.7575];
        near(found[0].output_multiplier, multipliers[0]);
        near(found[1].output_multiplier, multipliers[1]);
        near(found[0].backward_linkage, 2.0 * multipliers[0] / (multipliers[0] + multipliers[1]));
        // Without a, b makes 1700 / 0.95 for its final demand, and a makes nothing.
        near(found[0].extraction_loss, (3000.0 - 1700.0 / 0.95) / 3000.0);
        let jobs = economy.effects(&[100.0, 0.0]).unwrap();
        near(jobs[0].total, 0.1 * 0.95 / 0.7575);
        near(jobs[0].multiplier.unwrap(), 0.95 / 0.7575);
        near(jobs[1].total, 0.1 * 0.25 / 0.7575);
        assert_eq!(jobs[1].multiplier, None);
    }

    #[test]
    fn what_cannot_be_an_economy_is_refused() {
        let new = |values: [f64; 4], output: [f64; 2]| {
            let transactions = Matrix::new(2, 2, values.to_vec()).unwrap();
            Economy::new(vec!["a".into(), "b".into()], transactions, output.to_vec())
                .map(|_| ())
                .unwrap_err()
                .to_string()
        };
        assert!(new([0.0; 4], [-1.0, 1.0]).contains("the output of a"));
        assert!(new([0.0, 0.0, 5.0, 0.0], [0.0, 10.0]).contains("a buys from sectors and produces nothing"));
        assert!(new([0.0; 4], [0.0, 0.0]).contains("no values"));
        assert!(new([-1.0, 0.0, 0.0, 0.0], [1.0, 1.0]).contains("what a sells"));
        // All that both produce is used up by them.
        assert!(new([50.0, 50.0, 50.0, 50.0], [100.0, 100.0]).contains("final demand"));
    }

    #[test]
    fn what_offices_publish_is_an_economy() {
        // a sells more to sectors than it makes: 100 come from stocks. c makes nothing.
        let transactions = Matrix::new(3, 3, vec![600.0, 500.0, 0.0, 200.0, 100.0, 0.0, 0.0, 0.0, 0.0]).unwrap();
        let names = ["a", "b", "c"].map(str::to_owned).to_vec();
        let economy = Economy::new(names, transactions, vec![1000.0, 2000.0, 0.0]).unwrap();
        assert_eq!(economy.final_demand(), [-100.0, 1700.0, 0.0]);
        let found = economy.impacts();
        // A = (0.6 0.25; 0.2 0.05), |I − A| = 0.4 · 0.95 − 0.25 · 0.2 = 0.33.
        near(found[0].output_multiplier, (0.95 + 0.2) / 0.33);
        near(found[2].output_multiplier, 1.0);
        near(found[2].extraction_loss, 0.0);
        let jobs = economy.effects(&[10.0, 20.0, 0.0]).unwrap();
        assert_eq!((jobs[2].direct, jobs[2].total, jobs[2].multiplier), (0.0, 0.0, None));
        assert!(economy.effects(&[10.0, 20.0, 1.0]).is_err());
    }

    proptest! {
        #[test]
        fn extraction_is_what_solving_without_the_sector_gives(
            shares in prop::collection::vec(0.0_f64..0.15, 25),
            output in prop::collection::vec(1.0_f64..2.0, 5),
        ) {
            let transactions = Matrix::from_fn(5, 5, |i, j| shares[i * 5 + j] * output[i].min(output[j]));
            let names = (0..5).map(|at| at.to_string()).collect();
            let economy = Economy::new(names, transactions.clone(), output.clone()).unwrap();
            let demand = economy.final_demand();
            for (out, impact) in economy.impacts().iter().enumerate() {
                let system = DMatrix::from_fn(5, 5, |i, j| {
                    let cut = i == out || j == out;
                    f64::from(u8::from(i == j)) - if cut { 0.0 } else { transactions.at(i, j) / output[j] }
                });
                let left = DMatrix::from_fn(5, 1, |i, _| if i == out { 0.0 } else { demand[i] });
                let all: f64 = output.iter().sum();
                let loss = 1.0 - system.lu().solve(&left).unwrap().sum() / all;
                prop_assert!((loss - impact.extraction_loss).abs() < 1e-10);
                prop_assert!(impact.output_multiplier >= 1.0);
            }
        }
    }
}
