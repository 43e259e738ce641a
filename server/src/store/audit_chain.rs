//! The chain of seals over the audit (docs/decisions/0020). Reading and sealing are apart: rows are
//! read and hashed outside any transaction, and only the finished seals are written in one.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::lists::json_ids;
use super::{Engine, Session, Sql, Tx};

/// Where the chain begins and ends, and who seals.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Chain {
    /// The newest seal; 0: none yet.
    pub seal: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// No row up to this id is sealed any more: it came in later.
    pub settled: i64,
    /// What is settled next, on PostgreSQL.
    pub pending: Option<i64>,
    /// Once every transaction before this one has ended.
    pub pending_xid: Option<i64>,
    /// The last seal that retention took; 0: none.
    pub purged: i64,
    /// Its hash: where the chain begins.
    pub purged_hash: Vec<u8>,
    /// The server that seals.
    pub claimed_by: Option<Uuid>,
    /// Until then.
    pub claimed_until: Option<DateTime<Utc>>,
}

/// Every column of a row, byte by byte as the database holds it; PostgreSQL's types in their text.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Columns {
    /// `id`; none where a seal's row is gone.
    pub id: Option<Vec<u8>>,
    at: Option<Vec<u8>>,
    kind: Option<Vec<u8>>,
    action: Option<Vec<u8>>,
    outcome: Option<Vec<u8>>,
    account_id: Option<Vec<u8>>,
    role: Option<Vec<u8>>,
    session_id: Option<Vec<u8>>,
    address: Option<Vec<u8>>,
    object_type: Option<Vec<u8>>,
    object_id: Option<Vec<u8>>,
    patient_id: Option<Vec<u8>>,
    detail: Option<Vec<u8>>,
}

impl Columns {
    /// In the order of the table.
    pub fn all(&self) -> [Option<&[u8]>; 13] {
        [
            &self.id,
            &self.at,
            &self.kind,
            &self.action,
            &self.outcome,
            &self.account_id,
            &self.role,
            &self.session_id,
            &self.address,
            &self.object_type,
            &self.object_id,
            &self.patient_id,
            &self.detail,
        ]
        .map(Option::as_deref)
    }
}

macro_rules! columns {
    (sqlite) => {
        "CAST(a.id AS blob) AS id, CAST(a.at AS blob) AS at, CAST(a.kind AS blob) AS kind, \
         CAST(a.action AS blob) AS action, CAST(a.outcome AS blob) AS outcome, \
         CAST(a.account_id AS blob) AS account_id, CAST(a.role AS blob) AS role, \
         CAST(a.session_id AS blob) AS session_id, CAST(a.address AS blob) AS address, \
         CAST(a.object_type AS blob) AS object_type, CAST(a.object_id AS blob) AS object_id, \
         CAST(a.patient_id AS blob) AS patient_id, CAST(a.detail AS blob) AS detail"
    };
    (postgres) => {
        "convert_to(CAST(a.id AS text), 'UTF8') AS id, \
         convert_to(to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), 'UTF8') AS at, \
         convert_to(a.kind, 'UTF8') AS kind, convert_to(a.action, 'UTF8') AS action, \
         convert_to(a.outcome, 'UTF8') AS outcome, \
         convert_to(CAST(a.account_id AS text), 'UTF8') AS account_id, \
         convert_to(a.role, 'UTF8') AS role, \
         convert_to(CAST(a.session_id AS text), 'UTF8') AS session_id, \
         convert_to(a.address, 'UTF8') AS address, \
         convert_to(a.object_type, 'UTF8') AS object_type, \
         convert_to(CAST(a.object_id AS text), 'UTF8') AS object_id, \
         convert_to(CAST(a.patient_id AS text), 'UTF8') AS patient_id, \
         convert_to(CAST(a.detail AS text), 'UTF8') AS detail"
    };
}

/// A row that has no seal yet.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Unsealed {
    /// Its id.
    pub audit_id: i64,
    /// Its columns.
    #[sqlx(flatten)]
    pub columns: Columns,
}

/// A seal and the row it stands for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    /// The seal's number.
    pub seq: i64,
    /// The row's id.
    pub audit_id: i64,
    /// The seal's hash.
    pub hash: Vec<u8>,
    /// The row's columns.
    #[sqlx(flatten)]
    pub columns: Columns,
}

/// The chain's state.
///
/// # Errors
/// The database's.
pub async fn chain(session: &mut impl Session) -> sqlx::Result<Chain> {
    session
        .sql(
            "SELECT seal, hash, settled, pending, pending_xid, purged, purged_hash, claimed_by,
                    claimed_until FROM audit_chain",
        )
        .one()
        .await
}

/// The oldest transaction of PostgreSQL that still runs: whatever began before it is visible or
/// never will be.
///
/// # Errors
/// The database's.
pub async fn oldest_transaction(session: &mut impl Session) -> sqlx::Result<i64> {
    let (oldest,): (i64,) = session
        .sql(Sql {
            sqlite: "SELECT 0",
            postgres: "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)",
        })
        .one()
        .await?;
    Ok(oldest)
}

/// Committed rows after the settled ones that have no seal, by id.
///
/// # Errors
/// The database's.
pub async fn unsealed(
    session: &mut impl Session,
    settled: i64,
    most: i64,
) -> sqlx::Result<Vec<Unsealed>> {
    macro_rules! text {
        ($engine:ident) => {
            concat!(
                "SELECT a.id AS audit_id, ",
                columns!($engine),
                " FROM audit a WHERE a.id > $1 \
                 AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.audit_id = a.id) \
                 ORDER BY a.id LIMIT $2"
            )
        };
    }
    session
        .sql(Sql {
            sqlite: text!(sqlite),
            postgres: text!(postgres),
        })
        .bind(settled)
        .bind(most)
        .all()
        .await
}

/// How the chain stands at one moment.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// The newest seal; 0: none yet.
    pub seal: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// The last seal that retention took; 0: none.
    pub purged: i64,
    /// How many committed rows wait for their seal.
    pub unsealed: i64,
    /// Since when the oldest of them does.
    pub since: Option<DateTime<Utc>>,
}

/// How the chain stands now.
///
/// # Errors
/// The database's.
pub async fn standing(session: &mut impl Session) -> sqlx::Result<Standing> {
    session
        .sql(
            "SELECT c.seal, c.hash, c.purged, count(a.id) AS unsealed, min(a.at) AS since
             FROM audit_chain c LEFT JOIN audit a ON a.id > c.settled
                 AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.audit_id = a.id)
             GROUP BY c.seal, c.hash, c.purged",
        )
        .one()
        .await
}

/// What a batch of seals makes of the chain.
#[derive(Debug, Clone)]
pub struct Sealing<'a> {
    /// The newest seal before it.
    pub was: i64,
    /// The newest seal now.
    pub seal: i64,
    /// Its hash.
    pub hash: &'a [u8],
    /// What is settled now.
    pub settled: i64,
    /// Whether what is pending goes on.
    pub keeps_pending: bool,
    /// Who seals.
    pub by: Uuid,
    /// Now.
    pub at: DateTime<Utc>,
    /// Until when nobody else seals.
    pub until: DateTime<Utc>,
}

/// Moves the chain's end, if it still is where it was and nobody else seals; false otherwise.
///
/// # Errors
/// The database's.
pub async fn advance(tx: &mut Tx, to: &Sealing<'_>) -> sqlx::Result<bool> {
    let mut drawn = 0;
    if tx.engine() == Engine::Postgres {
        // A server whose machine dies in here must not hold the row for long.
        tx.sql(
            "SELECT 1 FROM
             (SELECT set_config('idle_in_transaction_session_timeout', '10s', true)) AS held",
        )
        .run()
        .await?;
        // Read before this transaction has its number: whoever drew an id up to this one has a
        // smaller number (see `audit::insert`).
        (drawn,) = tx
            .sql("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit_id_seq")
            .one()
            .await?;
    }
    let pending = Some(drawn).filter(|drawn| *drawn > to.settled);
    let moved = tx
        .sql(Sql {
            sqlite: "UPDATE audit_chain SET seal = $1, hash = $2, settled = $3,
                     pending = CASE WHEN $4 THEN pending ELSE $5 END,
                     claimed_by = $6, claimed_until = $7
                 WHERE seal = $8 AND (claimed_by IS NULL OR claimed_by = $6 OR claimed_until <= $9)",
            postgres: "UPDATE audit_chain SET seal = $1, hash = $2, settled = $3,
                     pending = CASE WHEN $4 THEN pending ELSE $5 END,
                     pending_xid = CASE WHEN $4 THEN pending_xid WHEN $5 IS NULL THEN NULL
                         ELSE CAST(CAST(pg_current_xact_id() AS text) AS bigint) END,
                     claimed_by = $6, claimed_until = $7
                 WHERE seal = $8 AND (claimed_by IS NULL OR claimed_by = $6 OR claimed_until <= $9)",
        })
        .bind(to.seal)
        .bind(to.hash)
        .bind(to.settled)
        .bind(to.keeps_pending)
        .bind(pending)
        .bind(to.by)
        .bind(to.until)
        .bind(to.was)
        .bind(to.at)
        .run()
        .await?;
    Ok(moved == 1)
}

/// Lets others seal.
///
/// # Errors
/// The database's.
pub async fn release(tx: &mut Tx, by: Uuid) -> sqlx::Result<()> {
    tx.sql("UPDATE audit_chain SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = $1")
        .bind(by)
        .run()
        .await?;
    Ok(())
}

/// Writes seals: the number after which they come, the rows they stand for, their hashes.
///
/// # Errors
/// The database's; a seal or a row that has one already is refused.
pub async fn insert(
    tx: &mut Tx,
    after: i64,
    rows: &[i64],
    hashes: &[[u8; 32]],
) -> sqlx::Result<()> {
    let hashes: Vec<u8> = hashes.concat();
    tx.sql(Sql {
        sqlite: "INSERT INTO audit_seal (seq, audit_id, hash)
                 SELECT $1 + key + 1, value, substr($3, key * 32 + 1, 32) FROM json_each($2)",
        postgres: "INSERT INTO audit_seal (seq, audit_id, hash)
                 SELECT $1 + n, CAST(value AS bigint),
                        substring($3 FROM CAST((n - 1) * 32 + 1 AS integer) FOR 32)
                 FROM jsonb_array_elements_text(CAST($2 AS jsonb)) WITH ORDINALITY AS t (value, n)",
    })
    .bind(after)
    .bind(json_ids(rows))
    .bind(hashes)
    .run()
    .await?;
    Ok(())
}

/// The row of a seal, and its hash.
///
/// # Errors
/// The database's.
pub async fn seal(session: &mut impl Session, seal: i64) -> sqlx::Result<Option<(i64, Vec<u8>)>> {
    session
        .sql("SELECT audit_id, hash FROM audit_seal WHERE seq = $1")
        .bind(seal)
        .maybe()
        .await
}

/// The seals after one, with their rows.
///
/// # Errors
/// The database's.
pub async fn links(session: &mut impl Session, after: i64, most: i64) -> sqlx::Result<Vec<Link>> {
    macro_rules! text {
        ($engine:ident) => {
            concat!(
                "SELECT s.seq, s.audit_id, s.hash, ",
                columns!($engine),
                " FROM audit_seal s LEFT JOIN audit a ON a.id = s.audit_id \
                 WHERE s.seq > $1 ORDER BY s.seq LIMIT $2"
            )
        };
    }
    session
        .sql(Sql {
            sqlite: text!(sqlite),
            postgres: text!(postgres),
        })
        .bind(after)
        .bind(most)
        .all()
        .await
}

/// Of the rows after one, up to another: each id, and whether it has a seal.
///
/// # Errors
/// The database's.
pub async fn sealed(
    session: &mut impl Session,
    after: i64,
    up_to: i64,
    most: i64,
) -> sqlx::Result<Vec<(i64, bool)>> {
    session
        .sql(
            "SELECT a.id, s.seq IS NOT NULL FROM audit a
             LEFT JOIN audit_seal s ON s.audit_id = a.id
             WHERE a.id > $1 AND a.id <= $2 ORDER BY a.id LIMIT $3",
        )
        .bind(after)
        .bind(up_to)
        .bind(most)
        .all()
        .await
}

/// How many of the first seals after one stand for rows that were all written before a time: `most`
/// at most.
///
/// # Errors
/// The database's.
pub async fn old_seals(
    session: &mut impl Session,
    after: i64,
    before: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<i64> {
    let (first_young,): (Option<i64>,) = session
        .sql(
            "SELECT min(s.seq) FROM audit_seal s JOIN audit a ON a.id = s.audit_id
             WHERE s.seq > $1 AND s.seq <= $2 AND a.at >= $3",
        )
        .bind(after)
        .bind(after + most)
        .bind(before)
        .one()
        .await?;
    let (last,): (Option<i64>,) = session
        .sql("SELECT max(seq) FROM audit_seal WHERE seq > $1 AND seq <= $2")
        .bind(after)
        .bind(after + most)
        .one()
        .await?;
    let end = first_young.map(|seq| seq - 1).or(last).unwrap_or(after);
    Ok(end - after)
}

/// Moves the chain's beginning to a seal, and removes what lies before it: rows and seals. False if
/// somebody else was faster.
///
/// # Errors
/// The database's.
pub async fn purge(tx: &mut Tx, was: i64, to: i64, hash: &[u8]) -> sqlx::Result<bool> {
    let moved = tx
        .sql("UPDATE audit_chain SET purged = $2, purged_hash = $3 WHERE purged = $1")
        .bind(was)
        .bind(to)
        .bind(hash)
        .run()
        .await?;
    if moved == 0 {
        return Ok(false);
    }
    tx.sql(
        "DELETE FROM audit WHERE id IN
             (SELECT audit_id FROM audit_seal WHERE seq > $1 AND seq <= $2)",
    )
    .bind(was)
    .bind(to)
    .run()
    .await?;
    tx.sql("DELETE FROM audit_seal WHERE seq > $1 AND seq <= $2")
        .bind(was)
        .bind(to)
        .run()
        .await?;
    Ok(true)
}
