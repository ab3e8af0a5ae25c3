//! Schedules of repayment, in minor units, exact to the last one.
//!
//! Annuity: the payment is P·i / (1 − (1 + i)^−n) for each of n periods at the rate i (any textbook; here with
//! decimal arithmetic). Equal principal: P / n and the interest on what is left. Murabaha: the bank buys and sells on at
//! a price that is fixed in advance (AAOIFI Shari'ah standard 8); there is no interest, and nothing grows when a payment
//! is late. Whatever rounding leaves is in the last instalment, so that the sums are exact.

use jiff::{ToSpan, civil::Date};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

/// How a loan is paid back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Annuity,
    EqualPrincipal,
    Murabaha,
}

impl Kind {
    pub const ALL: [Kind; 3] = [Kind::Annuity, Kind::EqualPrincipal, Kind::Murabaha];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Annuity => "annuity",
            Kind::EqualPrincipal => "equal-principal",
            Kind::Murabaha => "murabaha",
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What was agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub kind: Kind,
    /// Minor units that are lent, or for which the bank buys.
    pub principal: i64,
    /// Interest for a year, or the whole mark-up of a murabaha, in hundredths of a percent.
    pub basis_points: i64,
    /// Instalments, one a month.
    pub months: u32,
    /// Months before the first instalment in which only interest is paid; nothing, for a murabaha.
    pub grace: u32,
    /// The day of the disbursement; instalments fall due on the same day of the months that follow.
    pub start: Date,
}

/// An instalment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    pub number: u32,
    pub due: Date,
    pub principal: i64,
    /// Interest, or the profit in a murabaha price.
    pub profit: i64,
    /// What of the principal is left afterwards.
    pub left: i64,
}

impl Instalment {
    pub fn total(&self) -> i64 {
        self.principal + self.profit
    }
}

/// Why terms have no schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    #[error("the amount must be above zero and at most a thousand billion")]
    Principal,
    #[error("the rate must be from 0 to 100 percent")]
    Rate,
    #[error("there must be from 1 to 480 instalments, and at most 120 months of grace")]
    Months,
}

const PRINCIPAL_MAX: i64 = 1_000_000_000_000_000;

fn rounded(value: Decimal) -> i64 {
    value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().unwrap_or(i64::MAX)
}

impl Terms {
    fn check(&self) -> Result<(), TermsError> {
        if self.principal <= 0 || self.principal > PRINCIPAL_MAX {
            return Err(TermsError::Principal);
        }
        if !(0..=10_000).contains(&self.basis_points) {
            return Err(TermsError::Rate);
        }
        if self.months == 0 || self.months > 480 || self.grace > 120 {
            return Err(TermsError::Months);
        }
        Ok(())
    }

    /// The rate of a month.
    fn monthly(&self) -> Decimal {
        Decimal::from(self.basis_points) / Decimal::from(120_000)
    }

    /// The whole profit of a murabaha, agreed in advance.
    pub fn markup(&self) -> i64 {
        rounded(Decimal::from(self.principal) * Decimal::from(self.basis_points) / Decimal::from(10_000))
    }

    /// The equal payment of an annuity, in minor units before rounding.
    pub fn annuity(&self) -> Decimal {
        let (principal, rate) = (Decimal::from(self.principal), self.monthly());
        if rate.is_zero() {
            return principal / Decimal::from(self.months);
        }
        // (1 + i)^-n by n divisions: exact to 28 digits, where a power by logarithms is not.
        let factor = (0..self.months).fold(Decimal::ONE, |product, _| product / (Decimal::ONE + rate));
        principal * rate / (Decimal::ONE - factor)
    }

    fn due(&self, month: u32) -> Date {
        self.start.saturating_add(i64::from(month).months())
    }

    /// How many of the months are over on a day.
    pub fn elapsed(&self, day: Date) -> u32 {
        (1..=self.months + self.grace).take_while(|month| self.due(*month) <= day).count() as u32
    }

    /// The instalments, the months of grace among them.
    pub fn schedule(&self) -> Result<Vec<Instalment>, TermsError> {
        self.schedule_after(0)
    }

    /// The instalments of a principal that is owed from some months after the start on.
    pub(super) fn schedule_after(&self, elapsed: u32) -> Result<Vec<Instalment>, TermsError> {
        self.check()?;
        let mut left = self.principal;
        let mut plan = Vec::with_capacity((self.months + self.grace) as usize);
        if self.kind != Kind::Murabaha {
            for month in 1..=self.grace {
                let profit = rounded(Decimal::from(left) * self.monthly());
                plan.push(Instalment { number: month, due: self.due(elapsed + month), principal: 0, profit, left });
            }
        }
        let count = i64::from(self.months);
        let (markup, payment) = (self.markup(), rounded(self.annuity()));
        for index in 1..=self.months {
            let last = index == self.months;
            let done = i64::from(index);
            // What is due so far, less what was due before: no instalment is off by more than one minor unit.
            let share = |whole: i64| {
                let upto = |n: i64| (i128::from(whole) * i128::from(n) / i128::from(count)) as i64;
                upto(done) - upto(done - 1)
            };
            let interest = rounded(Decimal::from(left) * self.monthly());
            let (principal, profit) = match self.kind {
                Kind::Annuity if last => (left, interest),
                Kind::Annuity => ((payment - interest).clamp(0, left), interest),
                Kind::EqualPrincipal => (share(self.principal), interest),
                Kind::Murabaha => (share(self.principal), share(markup)),
            };
            left -= principal;
            let number = self.grace + index;
            plan.push(Instalment { number, due: self.due(elapsed + number), principal, profit, left });
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(kind: Kind, principal: i64, basis_points: i64, months: u32, grace: u32) -> Terms {
        Terms { kind, principal, basis_points, months, grace, start: Date::constant(2021, 1, 31) }
    }

    #[test]
    fn schedules_agree_with_the_closed_forms() {
        // 10,000.00 at 6 % over 12 months: the payment of every bank calculator is 860.66.
        let plan = terms(Kind::Annuity, 1_000_000, 600, 12, 0).schedule().unwrap();
        assert!(plan[..11].iter().all(|i| i.total() == 86_066), "{plan:?}");
        assert_eq!((plan[0].principal, plan[0].profit, plan[0].left), (81_066, 5_000, 918_934));
        assert!((plan[11].total() - 86_066).abs() <= 12, "rounding is in the last: {:?}", plan[11]);
        // What is left after k payments is P(1+i)^k − A((1+i)^k − 1)/i.
        let (rate, payment) = (0.005_f64, 860.664_297_f64);
        for (index, instalment) in plan.iter().enumerate().take(11) {
            let grown = (1.0 + rate).powi(index as i32 + 1);
            let left = 10_000.0 * grown - payment * (grown - 1.0) / rate;
            assert!((instalment.left as f64 / 100.0 - left).abs() < 0.06, "{index} {left} {instalment:?}");
        }
        let plan = terms(Kind::EqualPrincipal, 1_200_000, 1_200, 12, 2).schedule().unwrap();
        assert_eq!((plan[0].principal, plan[0].profit), (0, 12_000), "grace: interest only");
        assert_eq!((plan[2].principal, plan[2].profit), (100_000, 12_000));
        assert_eq!((plan[13].principal, plan[13].profit, plan[13].left), (100_000, 1_000, 0));
        let plan = terms(Kind::Murabaha, 1_000_000, 850, 24, 3).schedule().unwrap();
        assert_eq!(plan.len(), 24);
        assert_eq!(plan.iter().map(|i| i.profit).sum::<i64>(), 85_000);
        assert_eq!(plan[0].due, Date::constant(2021, 5, 31));
    }

    #[test]
    fn days_that_a_month_does_not_have_fall_on_its_last() {
        let plan = terms(Kind::Annuity, 100_000, 0, 3, 0).schedule().unwrap();
        let due: Vec<String> = plan.iter().map(|i| i.due.to_string()).collect();
        assert_eq!(due, ["2021-02-28", "2021-03-31", "2021-04-30"]);
    }

    #[test]
    fn terms_that_cannot_be_are_refused() {
        for (wrong, why) in [
            (terms(Kind::Annuity, 0, 1, 1, 0), TermsError::Principal),
            (terms(Kind::Annuity, 1, -1, 1, 0), TermsError::Rate),
            (terms(Kind::Annuity, 1, 1, 0, 0), TermsError::Months),
            (terms(Kind::Annuity, 1, 1, 481, 0), TermsError::Months),
        ] {
            assert_eq!(wrong.schedule(), Err(why));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_lent_is_paid_back_to_the_minor_unit(
            kind in 0_usize..3, principal in 1_i64..1_000_000_000_000, rate in 0_i64..=10_000, months in 1_u32..=480, grace in 0_u32..=24,
        ) {
            let terms = terms(Kind::ALL[kind], principal, rate, months, grace);
            let plan = terms.schedule().unwrap();
            prop_assert_eq!(plan.iter().map(|i| i.principal).sum::<i64>(), principal);
            prop_assert_eq!(plan.last().unwrap().left, 0);
            prop_assert!(plan.iter().all(|i| i.principal >= 0 && i.profit >= 0));
            prop_assert!(plan.windows(2).all(|pair| pair[0].due < pair[1].due && pair[0].left >= pair[1].left));
            if Kind::ALL[kind] == Kind::Murabaha {
                prop_assert_eq!(plan.iter().map(|i| i.profit).sum::<i64>(), terms.markup());
            }
        }
    }
}
