//! `anqud check`: reads packs and says all that is wrong with them.

use std::{path::PathBuf, process::ExitCode};

use pack::Pack;

pub(crate) fn check(folders: &[PathBuf]) -> ExitCode {
    let mut wrong = 0;
    for folder in folders {
        match Pack::read(folder) {
            Ok(pack) => println!(
                "{}: {} services, {} registers, {} indicators, {} plans; nothing is wrong",
                folder.display(),
                pack.catalogue.services().count(),
                pack.registers.len(),
                pack.indicators.len(),
                pack.plans.len(),
            ),
            Err(reports) => {
                wrong += reports.len();
                for report in reports {
                    println!("{report}");
                }
            }
        }
    }
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        println!("{}", errors(wrong));
        ExitCode::FAILURE
    }
}

/// How many errors there are, in words.
fn errors(count: usize) -> String {
    if count == 1 { "1 error".to_owned() } else { format!("{count} errors") }
}

#[cfg(test)]
mod tests {
    use super::errors;

    #[test]
    fn one_error_is_one() {
        assert_eq!([0, 1, 2].map(errors), ["0 errors", "1 error", "2 errors"]);
    }
}
