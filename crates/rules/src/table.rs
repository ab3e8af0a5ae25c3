//! Decision tables: rows of tests, the first row that fits.

use zen_expression::{Expression as Zen, compile_unary_expression, expression::Unary, intellisense::IntelliSense};

use crate::{Environment, Problem, Scope, expression::problems};

/// A decision table. `-` fits anything.
#[derive(Debug, Clone)]
pub struct Table {
    inputs: Vec<String>,
    rows: Vec<Vec<Option<Zen<Unary>>>>,
}

impl Table {
    /// Compiles the cells, or says all that is wrong with them: row, column, problem.
    pub fn compile(
        inputs: &[String],
        rows: &[Vec<String>],
        scope: &Scope,
    ) -> Result<Table, Vec<(usize, usize, Problem)>> {
        let mut wrong = Vec::new();
        let mut sense = IntelliSense::new().with_strict(true);
        let mut compiled = Vec::new();
        for (row_index, row) in rows.iter().enumerate() {
            let mut cells = Vec::new();
            for (column, cell) in row.iter().enumerate() {
                if cell.trim() == "-" || cell.trim().is_empty() {
                    cells.push(None);
                    continue;
                }
                let types = scope.variable_type();
                if let Some(of) = inputs.get(column).and_then(|input| scope.get(input)) {
                    types.dot_insert("$", of.variable_type());
                }
                let analysis = sense.analyze_unary(cell, &types);
                let found = problems(cell, scope, &analysis);
                if !found.is_empty() {
                    wrong.extend(found.into_iter().map(|problem| (row_index, column, problem)));
                    continue;
                }
                match compile_unary_expression(cell) {
                    Ok(test) => cells.push(Some(test)),
                    Err(error) => {
                        let problem = Problem { message: error.to_string(), span: (0, cell.len()), help: None };
                        wrong.push((row_index, column, problem));
                    }
                }
            }
            compiled.push(cells);
        }
        if wrong.is_empty() { Ok(Table { inputs: inputs.to_vec(), rows: compiled }) } else { Err(wrong) }
    }

    /// The first row whose every cell fits.
    pub fn first_hit(&self, environment: &Environment) -> Option<usize> {
        let inputs: Vec<_> = self.inputs.iter().map(|input| environment.with_input(input)).collect();
        self.rows.iter().position(|row| {
            row.iter().zip(&inputs).all(|(cell, input)| match cell {
                None => true,
                Some(test) => test.evaluate(input.clone()).unwrap_or(false),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Type;
    use serde_json::json;

    #[test]
    fn the_first_row_that_fits() {
        let scope = Scope::new()
            .with("staff", Type::Number)
            .with("premises", Type::Choice(vec!["own".into(), "remote".into()]));
        let rows = [["< 10", "-"], ["[10..50]", "'remote'"], ["-", "-"]];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|c| (*c).to_owned()).collect()).collect();
        let table = Table::compile(&["staff".to_owned(), "premises".to_owned()], &rows, &scope).unwrap();
        for (staff, premises, row) in
            [(3, "own", 0), (10, "remote", 1), (50, "remote", 1), (50, "own", 2), (51, "remote", 2)]
        {
            let environment = Environment::new(json!({"staff": staff, "premises": premises}));
            assert_eq!(table.first_hit(&environment), Some(row), "{staff} {premises}");
        }
    }

    #[test]
    fn a_cell_that_cannot_be_read_is_found_by_row_and_column() {
        let scope = Scope::new().with("staff", Type::Number);
        let wrong = Table::compile(&["staff".to_owned()], &[vec!["< ".to_owned()]], &scope).unwrap_err();
        assert_eq!((wrong[0].0, wrong[0].1), (0, 0));
    }
}
