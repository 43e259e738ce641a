//! PostgreSQL's plans, as it tells them of every statement that it runs.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::clinic::House;
use super::support::db::TestDb;
use super::{Plan, told};

/// Plans are the same from run to run with all rows looked at and nothing done by two at once.
const TELLING: &str = "options[session_preload_libraries]=auto_explain\
    &options[auto_explain.log_min_duration]=0\
    &options[auto_explain.log_format]=json\
    &options[auto_explain.log_analyze]=on\
    &options[auto_explain.log_timing]=off\
    &options[auto_explain.log_level]=notice\
    &options[default_statistics_target]=1000\
    &options[max_parallel_workers_per_gather]=0";

/// The version whose choices the snapshot shows; others choose otherwise, and must choose well.
const SHOWN: i32 = 15;

/// A page, a search's first hits, what is booked in the weeks ahead: so many rows may be sorted.
const FEW: f64 = 3000.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_found_by_their_indexes() {
    let Some(t) = TestDb::postgres().await else {
        return;
    };
    let heard = Heard::default();
    let subscriber = tracing_subscriber::registry().with(heard.clone());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let house = House::open(&format!("{}?{TELLING}", t.url)).await;
    let walked = house.walk(async || heard.take()).await;
    let (text, mut faults) = told(&walked);
    for (request, plans) in &walked {
        assert!(!plans.is_empty(), "{} was not heard", request.title());
        if plans.iter().any(|plan| plan.sorts) {
            faults.push(format!("{} sorts too many rows", request.title()));
        }
    }
    if version(&t.url).await == SHOWN {
        insta::assert_snapshot!("postgres", text);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    house.close().await;
}

async fn version(url: &str) -> i32 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let (number,): (i32,) =
        sqlx::query_as("SELECT CAST(current_setting('server_version_num') AS integer)")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    number / 10_000
}

/// The notices of `auto_explain`.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn take(&self) -> BTreeSet<Plan> {
        let notices = std::mem::take(&mut *self.0.lock().unwrap());
        notices
            .iter()
            .filter_map(|notice| plan_of(notice))
            .collect()
    }
}

impl<S: Subscriber> Layer<S> for Heard {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::postgres::notice" {
            event.record(&mut Message(&self.0));
        }
    }
}

struct Message<'a>(&'a Mutex<Vec<String>>);

impl Visit for Message<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.0.lock().unwrap().push(value.to_owned());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

/// The plan of `duration: … plan: {…}`, of what only reads.
fn plan_of(notice: &str) -> Option<Plan> {
    let told: Value = serde_json::from_str(notice.get(notice.find('{')?..)?).ok()?;
    let text = told["Query Text"].as_str()?.trim_start();
    if !(text.starts_with("SELECT") || text.starts_with("WITH")) {
        return None;
    }
    let mut plan = Plan {
        text: text.to_owned(),
        ..Plan::default()
    };
    look(&told["Plan"], &mut plan);
    (!plan.found.is_empty()).then_some(plan)
}

fn look(node: &Value, plan: &mut Plan) {
    let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
    match text("Node Type").as_str() {
        "Seq Scan" => {
            plan.found.insert((text("Relation Name"), None));
        }
        "Index Scan" | "Index Only Scan" => {
            plan.found
                .insert((text("Relation Name"), Some(text("Index Name"))));
        }
        "Bitmap Heap Scan" => {
            for index in bitmaps(node) {
                plan.found.insert((text("Relation Name"), Some(index)));
            }
        }
        "Sort" if node["Actual Rows"].as_f64() > Some(FEW) => plan.sorts = true,
        _ => {}
    }
    for below in below(node) {
        look(below, plan);
    }
}

fn below(node: &Value) -> impl Iterator<Item = &Value> {
    node["Plans"].as_array().into_iter().flatten()
}

/// The indexes that a bitmap is made of.
fn bitmaps(node: &Value) -> Vec<String> {
    let own = node["Index Name"].as_str().map(str::to_owned);
    own.into_iter()
        .chain(below(node).flat_map(bitmaps))
        .collect()
}
