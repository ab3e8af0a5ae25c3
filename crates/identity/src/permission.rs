//! The one place where permission is asked. Every route names its rule.

use std::collections::BTreeSet;

use crate::Account;

/// Who may use a route.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    Public,
    SignedIn,
    /// Whoever has one of these roles.
    Role(&'static [&'static str]),
    /// Whoever has a role that a state of a service waits for.
    Desk,
}

/// Whoever asks.
#[derive(Debug, Clone, Default)]
pub struct Who {
    pub account: Option<Account>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Yes,
    /// Nobody is signed in; signing in may help.
    SignIn,
    No,
}

/// Whether the rule lets this person through.
pub fn allows(rule: Rule, who: &Who, desk_roles: &BTreeSet<String>) -> Verdict {
    let Some(account) = &who.account else {
        return if matches!(rule, Rule::Public) { Verdict::Yes } else { Verdict::SignIn };
    };
    let allowed = match rule {
        Rule::Public | Rule::SignedIn => true,
        Rule::Role(roles) => account.roles.iter().any(|role| roles.contains(&role.as_str())),
        Rule::Desk => account.roles.iter().any(|role| desk_roles.contains(role)),
    };
    if allowed { Verdict::Yes } else { Verdict::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_lets_through_whom_it_names() {
        let desk = BTreeSet::from(["licensing-clerk".to_owned()]);
        let who = |roles: &[&str]| Who {
            account: Some(Account { roles: roles.iter().map(|r| (*r).to_owned()).collect(), ..Account::default() }),
        };
        let nobody = Who::default();
        assert_eq!(allows(Rule::Public, &nobody, &desk), Verdict::Yes);
        assert_eq!(allows(Rule::SignedIn, &nobody, &desk), Verdict::SignIn);
        assert_eq!(allows(Rule::Desk, &who(&[]), &desk), Verdict::No);
        assert_eq!(allows(Rule::Desk, &who(&["licensing-clerk"]), &desk), Verdict::Yes);
        assert_eq!(allows(Rule::Role(&["admin"]), &who(&["licensing-clerk"]), &desk), Verdict::No);
    }
}
