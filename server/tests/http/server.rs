//! Starting and stopping: two servers at once, bad settings, requests that are under way.

use clinic_server::{Parts, Server, StartError};
use clinic_shared::Role;

use crate::support::db::TestDb;
use crate::support::on_both_databases;
use crate::support::server::TestServer;

on_both_databases! {
    two_servers_start_at_once_and_share_accounts,
    a_taken_port_is_one_sentence,
}

async fn two_servers_start_at_once_and_share_accounts(db: TestDb) {
    let on = TestServer::start(db).await;
    let (one, two) = tokio::join!(on.second(), on.second());
    on.account(Role::Receptionist, "rosa").await;
    for server in [one, two] {
        let client = clinic_shared::client::Client::new(&server.url()).unwrap();
        client
            .sign_in("rosa", crate::support::server::PASSWORD)
            .await
            .unwrap();
        server.shutdown().await;
    }
}

async fn a_taken_port_is_one_sentence(db: TestDb) {
    let on = TestServer::start(db).await;
    let mut config = on.config.clone();
    config.listen = on.server.address;
    let error = Server::start_with(
        &config,
        &Parts {
            cost: on.parts.cost,
            ..Parts::default()
        },
        true,
    )
    .await;
    let error = error.err().expect("the port is taken");
    assert!(matches!(error, StartError::Listen { .. }));
    let text = error.to_string();
    assert!(
        text.contains("LISTEN") && text.lines().count() == 1,
        "{text}"
    );
}
