use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::*;
use crate::examine;

fn scope() -> Scope {
    let choices = |list: &[&str]| Type::Choice(list.iter().map(|c| (*c).to_owned()).collect());
    Scope::new()
        .with("staff", Type::Number)
        .with("metres", Type::Number)
        .with("premises", choices(&["own", "rented", "remote"]))
        .with("goods", Type::List(Box::new(choices(&["food", "tools"]))))
        .with("first", Type::Bool)
        .with("name", Type::String)
        .with(
            "price",
            Type::Object(vec![("amount".into(), Type::Number), ("currency".into(), choices(&["JOD", "USD"]))]),
        )
}

fn limits() -> Limits {
    let whole = Bounds {
        step: Some(Decimal::ONE),
        min: Some(Decimal::ONE),
        max: Some(Decimal::from(500)),
        ..Bounds::default()
    };
    Limits::from([("staff".to_owned(), whole)])
}

#[track_caller]
fn settles(source: &str, expected: Option<bool>) {
    assert_eq!(settled(source, &scope(), &limits()), expected, "{source}");
}

#[test]
fn a_condition_that_is_the_same_for_everybody_is_found() {
    settles("staff > 5 and staff < 3", Some(false));
    settles("staff > 5 and staff < 7", None);
    settles("staff > 5 and staff < 6", Some(false));
    settles("metres > 5 and metres < 6", None);
    settles("staff > 500", Some(false));
    settles("staff >= 1 or name == 'x'", Some(true));
    settles("premises == 'own' and premises == 'rented'", Some(false));
    settles("premises == 'own' or premises != 'own'", Some(true));
    settles("premises in ['own', 'rented', 'remote']", Some(true));
    settles("premises not in ['own', 'rented']", None);
    settles("first and not first", Some(false));
    settles("'food' in goods and not ('food' in goods)", Some(false));
    settles("'food' in goods and 'tools' in goods", None);
    settles("metres in [10..5]", Some(false));
    settles("1 == 1", Some(true));
    settles("true", Some(true));
    settles("name == 'a' and name == 'b'", Some(false));
    // What is worked out is not told by a few values.
    settles("staff * 2 > 2000", None);
    settles("len(name) < 0", None);
    settles("staff > metres", None);
}

#[track_caller]
fn covers(inputs: &[&str], rows: &[&[&str]], given: &[&str]) -> Coverage {
    let inputs: Vec<String> = inputs.iter().map(|i| (*i).to_owned()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|c| (*c).to_owned()).collect()).collect();
    let given: Vec<String> = given.iter().map(|g| (*g).to_owned()).collect();
    coverage(&inputs, &rows, &scope(), &limits(), &given)
}

#[track_caller]
fn gap(inputs: &[&str], rows: &[&[&str]], expected: Option<&[(Json, Json)]>) {
    let found = covers(inputs, rows, &[]).gap;
    let found = found.map(|gap| gap.into_iter().map(|(_, from, to)| (from, to)).collect::<Vec<_>>());
    assert_eq!(found.as_deref(), expected, "{rows:?}");
}

#[test]
fn a_gap_in_a_table_is_found() {
    gap(&["staff"], &[&["< 5"], &["-"]], None);
    gap(&["staff"], &[&["< 5"], &["> 5"]], Some(&[(json!(5), json!(5))]));
    gap(&["staff"], &[&["< 5"], &["[10..500]"]], Some(&[(json!(5), json!(9))]));
    gap(&["staff"], &[&["[1..10]"], &["[11..500]"]], None);
    gap(&["staff"], &[&["[1..10)"], &["(10..500]"]], Some(&[(json!(10), json!(10))]));
    gap(&["staff"], &[&["[2..500]"]], Some(&[(json!(1), json!(1))]));
    gap(&["staff"], &[&["[1..400]"]], Some(&[(json!(401), json!(500))]));
    // Between two numbers of no fixed step there are always others.
    gap(&["metres"], &[&["<= 10"], &[">= 11"]], Some(&[(json!(10.5), json!(10.5))]));
    gap(&["metres"], &[&["<= 10"], &["> 10"]], None);
    gap(&["premises"], &[&["'own'"], &["'rented'"]], Some(&[(json!("remote"), json!("remote"))]));
    gap(&["premises"], &[&["'own', 'rented'"], &["'remote'"]], None);
    gap(&["premises"], &[&["not in ['own']"], &["'own'"]], None);
    gap(&["first"], &[&["true"]], Some(&[(json!(false), json!(false))]));
    gap(&["first"], &[&["true"], &["false"]], None);
    gap(
        &["staff", "premises"],
        &[&["< 10", "-"], &[">= 10", "'own'"], &["-", "'remote'"]],
        Some(&[(json!(10), json!(500)), (json!("rented"), json!("rented"))]),
    );
    gap(&["staff", "premises"], &[&["< 10", "-"], &[">= 10", "'own'"], &["-", "'remote', 'rented'"]], None);
    // What looks at more than its own answer may fit whatever it is.
    gap(&["staff"], &[&["< 5"], &["> metres"]], None);
}

#[test]
fn an_answer_that_may_be_missing_is_a_gap_too() {
    let inputs = ["premises".to_owned()];
    let rows = [vec!["'own', 'rented', 'remote'".to_owned()]];
    let optional = Bounds { optional: true, ..Bounds::default() };
    let found = coverage(&inputs, &rows, &scope(), &Limits::from([("premises".to_owned(), optional)]), &[]);
    assert_eq!(found.gap, Some(vec![("premises".to_owned(), Json::Null, Json::Null)]));
    // It is missing only where it is not asked, and there another row fits.
    let inputs = ["staff".to_owned(), "premises".to_owned()];
    let asked = Bounds { only_when: Some("staff > 5".to_owned()), ..Bounds::default() };
    let limits = Limits::from([("premises".to_owned(), asked)]);
    let rows = |first: &str| {
        [vec![first.to_owned(), "-".to_owned()], vec!["-".to_owned(), "'own', 'rented', 'remote'".to_owned()]]
    };
    assert_eq!(coverage(&inputs, &rows("<= 5"), &scope(), &limits, &[]).gap, None);
    assert!(coverage(&inputs, &rows("<= 4"), &scope(), &limits, &[]).gap.is_some());
}

#[test]
fn who_may_not_apply_leaves_no_gap() {
    assert!(covers(&["staff"], &[&[">= 10"]], &[]).gap.is_some());
    assert_eq!(covers(&["staff"], &[&[">= 10"]], &["staff > 9"]).gap, None);
    assert_eq!(covers(&["staff"], &[&[">= 10"]], &["staff > 9", "premises == 'own'"]).gap, None);
    assert!(covers(&["staff"], &[&[">= 10"]], &["staff > 8"]).gap.is_some());
}

#[test]
fn rows_that_are_never_reached_are_found() {
    assert_eq!(covers(&["staff"], &[&["-"], &["< 5"]], &[]).hidden, [1]);
    assert_eq!(covers(&["staff"], &[&["< 10"], &["< 5"], &["-"]], &[]).hidden, [1]);
    assert_eq!(covers(&["staff"], &[&["< 5"], &["[3..8]"], &["[2..8]"], &["-"]], &[]).hidden, [2]);
    assert_eq!(covers(&["staff"], &[&["> 500"], &["-"]], &[]).impossible, [0]);
    assert_eq!(covers(&["staff"], &[&["< 1"], &["-"]], &[]).impossible, [0]);
    assert_eq!(covers(&["premises"], &[&["'own'"], &["'rented', 'remote'"], &["-"]], &[]).hidden, [2]);
    // It fits what the rows before may leave, whatever metres are.
    assert_eq!(covers(&["staff"], &[&["> metres"], &["-"]], &[]), Coverage::default());
}

#[test]
fn rows_that_share_the_end_of_a_range_are_found() {
    let found = covers(&["staff"], &[&["[1..10]"], &["[10..500]"]], &[]);
    assert_eq!(found.shared_ends, [(0, 1, "staff".to_owned(), json!(10))]);
    assert_eq!(covers(&["staff"], &[&["[1..10)"], &["[10..500]"]], &[]).shared_ends, []);
    assert_eq!(covers(&["staff"], &[&["< 10"], &["-"]], &[]).shared_ends, []);
}

#[test]
fn a_table_of_many_inputs_is_held_against_all_answers() {
    let names: Vec<String> = (0..12).map(|n| format!("n{n}")).collect();
    let scope = names.iter().fold(Scope::new(), |scope, name| scope.with(name, Type::Number));
    let row = |cell: &str| names.iter().map(|_| cell.to_owned()).collect::<Vec<_>>();
    let mut last = row("-");
    last[11] = "< 3".to_owned();
    let rows = [row("< 5"), row("> 2"), last];
    let found = coverage(&names, &rows, &scope, &Limits::new(), &[]);
    assert!(found.gap.is_some_and(|gap| gap[11].1.as_f64() >= Some(3.0)));
    assert_eq!(found.hidden, Vec::<usize>::new());
}

#[track_caller]
fn says(source: &str, message: &str, help: &str) {
    let found = examine(source, &scope());
    let said: Vec<_> = found.iter().map(|p| (p.message.as_str(), p.help.as_deref().unwrap_or_default())).collect();
    assert_eq!(said, [(message, help)], "{source}");
}

#[test]
fn what_can_never_be_equal_is_found() {
    says("'foods' in goods", "there is no choice of «goods», «foods»", "did you mean «food»?");
    says(
        "metres == 'six'",
        "«metres», a number, is never equal to «'six'», a text",
        "write a number in digits and without quotes, such as `staff == 6`",
    );
    says("contains(goods, 'tool')", "there is no choice of «goods», «tool»", "did you mean «tools»?");
    for (source, count) in [
        ("goods == 'food'", 1),
        ("first == 'true'", 1),
        ("first == 1", 1),
        ("name == 5", 1),
        ("5 != name", 1),
        ("premises in ['own', 'rent']", 1),
        ("premises not in ['own', 'rent', 'lent']", 2),
        ("metres in ['1', 2]", 1),
        ("'own' in premises", 1),
        ("3 in goods", 1),
        ("price.amount == '5'", 1),
        ("price.currency == 5", 1),
        ("premises == first", 1),
        ("first and (metres == 'six' or staff > 1)", 1),
        ("metres == null or name == null", 0),
        ("premises in ['own', 'rented'] and 'food' in goods and metres in [1..5]", 0),
        ("name == premises", 0),
        ("'a' in name", 0),
        ("len(name) == 5", 0),
        ("name + 'x' == 'yx'", 0),
    ] {
        let found = examine(source, &scope());
        assert_eq!(found.len(), count, "{source}: {found:?}");
    }
}

#[test]
fn rules_that_ask_the_clock_or_chance_are_found() {
    let scope = scope().with("today", Type::String).with("since", Type::String);
    for (source, count) in [
        ("rand(10) > 5", 1),
        ("d() > d(since)", 1),
        ("d('now') > d(since)", 1),
        ("date('now') > date(since)", 1),
        ("d('Asia/Hebron') > d(since)", 1),
        ("d(since).isToday()", 1),
        ("d(since).add('1d').isTomorrow()", 1),
        ("d(since) < d(today)", 0),
        ("d(since) < d('2024-01-01')", 0),
        ("d(since).add('1y').format('%Y-%m-%d') == today", 0),
    ] {
        let found = examine(source, &scope);
        assert_eq!(found.len(), count, "{source}: {found:?}");
    }
}
