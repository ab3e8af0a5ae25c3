use store::Store;

use super::*;
use crate::{Account, NewAccount, hash_password};

const EMAIL: &str = "owner@example.ps";
const RIGHT: &str = "correct horse";

fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_secs(seconds)).unwrap()
}

fn ip(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

fn by(seconds: i64) -> By {
    By::new("system", "test", at(seconds))
}

/// Two nodes on one database.
async fn nodes(database: &str) -> [Identity; 2] {
    let open = async || Identity::new(Store::open(database, crate::MIGRATIONS, vec![]).await.unwrap());
    let nodes = [open().await, open().await];
    let account = Account { id: "owner".into(), email: EMAIL.into(), ..Account::default() };
    let password_hash = hash_password(RIGHT, &[7; 16]).unwrap();
    nodes[0].create_account(by(0), NewAccount { account, password_hash }).await.unwrap();
    nodes
}

async fn enter(node: &Identity, password: &str, from: IpAddr, seconds: i64) -> Result<(), IdentityError> {
    node.sign_in((EMAIL, password), from, token(from, seconds), at(seconds)).await.map(|_| ())
}

fn token(from: IpAddr, seconds: i64) -> [u8; 32] {
    let IpAddr::V4(from) = from else { return [0; 32] };
    let mut token = [seconds as u8; 32];
    token[..4].copy_from_slice(&from.octets());
    token[4..12].copy_from_slice(&seconds.to_be_bytes());
    token
}

fn waits(outcome: &Result<(), IdentityError>) -> Option<i64> {
    match outcome {
        Err(IdentityError::Throttled { seconds, .. }) => Some(*seconds),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_guesses_at_once_on_two_nodes_five_are_looked_at() {
    store::testing::on_each_engine("identity_guesses", async |database| {
        let nodes = nodes(&database).await;
        let guess = |number: usize| {
            let node = nodes[number % 2].clone();
            tokio::spawn(async move { enter(&node, "wrong", ip(1), 0).await })
        };
        let tasks: Vec<_> = (0..300).map(guess).collect();
        let mut looked_at = 0;
        for task in tasks {
            looked_at += usize::from(matches!(task.await.unwrap(), Err(IdentityError::WrongCredentials)));
        }
        assert!((1..=5).contains(&looked_at), "{looked_at}");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn strangers_lock_nobody_out_and_their_waits_grow() {
    store::testing::on_each_engine("identity_strangers", async |database| {
        let [node, other] = nodes(&database).await;
        enter(&node, RIGHT, ip(200), 0).await.unwrap();
        for _ in 0..5 {
            assert!(waits(&enter(&node, "wrong", ip(1), 0).await).is_none());
        }
        // Also the right password has to wait there, and the other node knows.
        assert_eq!(waits(&enter(&other, RIGHT, ip(1), 0).await), Some(61));
        enter(&other, RIGHT, ip(2), 0).await.unwrap();
        let mut now = 0;
        for wait in [61, 121, 241, 481, 901, 901] {
            assert_eq!(waits(&enter(&node, "wrong", ip(1), now).await), Some(wait));
            now += wait;
            assert!(waits(&enter(&node, "wrong", ip(1), now).await).is_none());
        }
        // From many places together: a place that the account does not know has to wait, one that it knows has not.
        for place in 3..60 {
            for _ in 0..3 {
                let _ = enter(&node, "wrong", ip(place), now).await;
            }
        }
        assert!(waits(&enter(&node, RIGHT, ip(100), now).await).is_some());
        enter(&node, RIGHT, ip(200), now).await.unwrap();
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn one_place_cannot_try_everybody() {
    store::testing::on_each_engine("identity_place", async |database| {
        let [node, _] = nodes(&database).await;
        let mut counted = 0;
        for whom in 0..200 {
            let attempt = Attempt::new(Tried::Code, &format!("paper {whom}"), "2001:db8:1:1::7".parse().unwrap());
            counted += usize::from(node.count(attempt, at(0)).await.is_ok());
        }
        assert_eq!(counted, 60);
        let near = Attempt::new(Tried::Code, "paper", "2001:db8:1:1:9::".parse().unwrap());
        assert!(node.count(near, at(0)).await.is_err(), "the same network");
        let far = Attempt::new(Tried::Code, "paper", "2001:db8:1:2::7".parse().unwrap());
        let counted = node.count(far.clone(), at(0)).await.unwrap();
        node.take_back(counted, at(0)).await.unwrap();
        assert!(node.count(far, at(0)).await.is_ok());
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_a_session_ends_it_at_once_on_every_node() {
    store::testing::on_each_engine("identity_at_once", async |database| {
        let [node, other] = nodes(&database).await;
        for round in 0..40_u8 {
            let signed = node.sign_in((EMAIL, RIGHT), ip(1), [round + 1; 32], at(0)).await.unwrap();
            // Others read it all the time meanwhile.
            let readers: Vec<_> = [node.clone(), other.clone()]
                .into_iter()
                .map(|reader| {
                    let token = signed.token.clone();
                    tokio::spawn(async move {
                        while reader.session(&token, at(1)).await.unwrap().is_some() {
                            tokio::task::yield_now().await;
                        }
                    })
                })
                .collect();
            match round % 4 {
                0 => node.sign_out(by(1), &signed.token).await.unwrap(),
                1 => {
                    assert!(node.set_password(by(1), EMAIL, hash_password(RIGHT, &[round; 16]).unwrap()).await.unwrap())
                }
                2 => assert!(node.suspend(by(1), EMAIL, true, "asked for by their entity").await.unwrap()),
                _ => {
                    assert!(node.set_roles(by(1), EMAIL, vec!["auditor".into()]).await.unwrap());
                    let seen = other.session(&signed.token, at(1)).await.unwrap().unwrap();
                    assert_eq!(seen.account.roles, ["auditor"], "at once");
                    node.set_roles(by(1), EMAIL, vec![]).await.unwrap();
                    node.sign_out(by(1), &signed.token).await.unwrap();
                }
            }
            for reader in [&other, &node] {
                assert!(reader.session(&signed.token, at(1)).await.unwrap().is_none(), "round {round}");
            }
            for reader in readers {
                reader.await.unwrap();
            }
            if round % 4 == 2 {
                let refused = other.sign_in((EMAIL, RIGHT), ip(1), [200; 32], at(1)).await;
                assert!(matches!(refused, Err(IdentityError::WrongCredentials)));
                assert!(
                    other.issue_token(by(1), EMAIL, [201; 32], SignedDuration::from_hours(1)).await.unwrap().is_none()
                );
                assert!(other.suspend(by(1), EMAIL, false, "cleared").await.unwrap());
            }
        }
        let told = store::entries_after(&mut node.store.read().await.unwrap(), 0, 1000).await.unwrap();
        assert!(format!("{told:?}").contains("asked for by their entity"));
    })
    .await
    .unwrap();
}
