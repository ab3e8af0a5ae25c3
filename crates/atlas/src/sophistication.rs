//! What income goes with what a place sells, and complexity measured on the scale of others.

use crate::{AtlasError, Matrix, Presence, Table};

/// The income that goes with each activity: PRODY_a = Σ_p w_pa y_p with w_pa = (x_pa / x_p) / Σ_q (x_qa / x_q) and y the
/// income of each place (Hausmann, Hwang and Rodrik 2007). In the unit of the income; none for an empty activity.
pub fn prody(table: &Table, income: &[f64]) -> Result<Vec<Option<f64>>, AtlasError> {
    AtlasError::check_length("the incomes", table.places().len(), income.len())?;
    if let Some((place, income)) = table.places().iter().zip(income).find(|(_, income)| !income.is_finite()) {
        return Err(AtlasError::out_of_range(format!("the income of {place}"), "a finite number", *income));
    }
    let shares = shares(table);
    let each = (0..table.activities().len()).map(|activity| {
        let column = || (0..income.len()).map(|place| shares.at(place, activity));
        let sum: f64 = column().sum();
        (sum > 0.0).then(|| column().zip(income).map(|(share, income)| share * income).sum::<f64>() / sum)
    });
    Ok(each.collect())
}

/// The income that goes with what each place does: EXPY_p = Σ_a (x_pa / x_p) PRODY_a (Hausmann, Hwang and Rodrik 2007).
/// None for an empty place.
pub fn expy(table: &Table, prody: &[Option<f64>]) -> Result<Vec<Option<f64>>, AtlasError> {
    AtlasError::check_length("PRODY", table.activities().len(), prody.len())?;
    let shares = shares(table);
    let each = table.place_totals().into_iter().enumerate().map(|(place, total)| {
        let row = shares.row(place).iter().zip(prody);
        (total > 0.0).then(|| row.filter_map(|(share, prody)| prody.map(|prody| share * prody)).sum())
    });
    Ok(each.collect())
}

fn shares(table: &Table) -> Matrix {
    let totals = table.place_totals();
    Matrix::from_fn(table.places().len(), table.activities().len(), |place, activity| {
        if totals[place] > 0.0 { table.values().at(place, activity) / totals[place] } else { 0.0 }
    })
}

/// The complexity of regions on the scale of the world: the mean of an external PCI over the activities of each place
/// (Hausmann et al. 2014). A handful of regions says little about activities; the world says more. Activities without a
/// PCI are left out; none for a place without any other.
pub fn eci_from_pci(presence: &Presence, pci: &[Option<f64>]) -> Result<Vec<Option<f64>>, AtlasError> {
    AtlasError::check_length("the external PCI", presence.activities(), pci.len())?;
    if let Some(bad) = pci.iter().flatten().find(|value| !value.is_finite()) {
        return Err(AtlasError::out_of_range("an external PCI", "a finite number", *bad));
    }
    let each = (0..presence.places()).map(|place| {
        let known: Vec<f64> = presence.row(place).iter().filter_map(|activity| pci[*activity as usize]).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    });
    Ok(each.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let table =
            Table::new(&["p", "q", "r"], &["a", "b"], &[vec![1.0, 3.0], vec![1.0, 1.0], vec![0.0, 0.0]]).unwrap();
        let found = prody(&table, &[100.0, 200.0, 0.0]).unwrap();
        // Shares of a: 1/4 and 1/2.
        let a = (25.0 + 100.0) / 0.75;
        assert!((found[0].unwrap() - a).abs() < 1e-12);
        let b = (75.0 + 100.0) / 1.25;
        assert!((found[1].unwrap() - b).abs() < 1e-12);
        let expy = expy(&table, &found).unwrap();
        assert!((expy[0].unwrap() - (a / 4.0 + b * 0.75)).abs() < 1e-12);
        assert_eq!(expy[2], None);
        assert!(prody(&table, &[1.0]).is_err());
    }

    #[test]
    fn an_external_scale() {
        let presence = Presence::new(3, vec![vec![0, 1], vec![2], vec![]]).unwrap();
        let found = eci_from_pci(&presence, &[Some(1.0), Some(2.0), None]).unwrap();
        assert_eq!(found, [Some(1.5), None, None]);
    }
}
