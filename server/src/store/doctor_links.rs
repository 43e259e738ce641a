//! What is linked to doctors: designations, specialisations, windows of time. Three tables of one
//! form.

use sqlx::types::Json;

use super::lists::{ids, json_ids};
use super::{Session, Sql, Tx};

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// What rank a doctor has.
    Designations,
    /// What a doctor is for.
    Specialisations,
    /// When a doctor can be seen.
    AvailableTimes,
}

/// Something linked to a doctor.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LinkedRow {
    /// The doctor.
    pub doctor_id: i64,
    /// The linked row.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// Everything linked to a doctor, in one row: a list of many takes one statement and few rows.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AllRow {
    /// The doctor.
    pub doctor_id: i64,
    /// Ids and names of the designations.
    pub designations: Json<Vec<(i64, String)>>,
    /// Ids and names of the specialisations.
    pub specialisations: Json<Vec<(i64, String)>>,
    /// Ids of the windows on offer.
    pub available_times: Json<Vec<i64>>,
}

/// The texts of a link: `$table` linked by `$links` through `$column`, where `$there` holds of `t`.
macro_rules! texts {
    ($table:literal, $links:literal, $column:literal, $there:literal) => {
        Texts {
            known: Sql {
                sqlite: concat!(
                    "SELECT t.id FROM ",
                    $table,
                    " t WHERE ",
                    $there,
                    " AND t.id IN ",
                    ids!(sqlite, "$1"),
                    " ORDER BY t.id"
                ),
                postgres: concat!(
                    "SELECT t.id FROM ",
                    $table,
                    " t WHERE ",
                    $there,
                    " AND t.id IN ",
                    ids!(postgres, "$1"),
                    " ORDER BY t.id"
                ),
            },
            hold: Sql {
                sqlite: concat!(
                    "SELECT t.id FROM ",
                    $table,
                    " t WHERE ",
                    $there,
                    " AND t.id IN ",
                    ids!(sqlite, "$1"),
                    " ORDER BY t.id"
                ),
                postgres: concat!(
                    "SELECT t.id FROM ",
                    $table,
                    " t WHERE ",
                    $there,
                    " AND t.id IN ",
                    ids!(postgres, "$1"),
                    " ORDER BY t.id FOR KEY SHARE OF t"
                ),
            },
            of: Sql {
                sqlite: concat!(
                    "SELECT l.doctor_id, t.id, t.name FROM ",
                    $links,
                    " l JOIN ",
                    $table,
                    " t ON t.id = l.",
                    $column,
                    " WHERE ",
                    $there,
                    " AND l.doctor_id IN ",
                    ids!(sqlite, "$1"),
                    " ORDER BY l.doctor_id, t.id"
                ),
                postgres: concat!(
                    "SELECT l.doctor_id, t.id, t.name FROM ",
                    $links,
                    " l JOIN ",
                    $table,
                    " t ON t.id = l.",
                    $column,
                    " WHERE ",
                    $there,
                    " AND l.doctor_id IN ",
                    ids!(postgres, "$1"),
                    " ORDER BY l.doctor_id, t.id"
                ),
            },
            clear: concat!("DELETE FROM ", $links, " WHERE doctor_id = $1"),
            put: Sql {
                sqlite: concat!(
                    "INSERT INTO ",
                    $links,
                    " (doctor_id, ",
                    $column,
                    ") SELECT DISTINCT $1, value FROM json_each($2)"
                ),
                postgres: concat!(
                    "INSERT INTO ",
                    $links,
                    " (doctor_id, ",
                    $column,
                    ") SELECT DISTINCT CAST($1 AS bigint), CAST(value AS bigint) \
                     FROM jsonb_array_elements_text(CAST($2 AS jsonb))"
                ),
            },
        }
    };
}

struct Texts {
    known: Sql,
    hold: Sql,
    of: Sql,
    clear: &'static str,
    put: Sql,
}

impl Link {
    const fn texts(self) -> Texts {
        match self {
            Link::Designations => {
                texts!(
                    "designation",
                    "doctor_designation",
                    "designation_id",
                    "1 = 1"
                )
            }
            Link::Specialisations => texts!(
                "specialisation",
                "doctor_specialisation",
                "specialisation_id",
                "1 = 1"
            ),
            // What is retired is offered no more.
            Link::AvailableTimes => texts!(
                "available_time",
                "doctor_available_time",
                "available_time_id",
                "t.retired_at IS NULL"
            ),
        }
    }
}

/// Which of these ids there are, in order.
///
/// # Errors
/// Anything the engine reports.
pub async fn known(session: &mut impl Session, link: Link, ids: &[i64]) -> sqlx::Result<Vec<i64>> {
    let statement = session.sql(link.texts().known).bind(json_ids(ids));
    let rows: Vec<(i64,)> = statement.all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// As [`known`], and none of them is deleted until the transaction ends: what is to be linked.
///
/// # Errors
/// Anything the engine reports.
pub async fn hold(tx: &mut Tx, link: Link, ids: &[i64]) -> sqlx::Result<Vec<i64>> {
    let statement = tx.sql(link.texts().hold).bind(json_ids(ids));
    let rows: Vec<(i64,)> = statement.all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What is linked to these doctors, by doctor and id.
///
/// # Errors
/// Anything the engine reports.
pub async fn of(
    session: &mut impl Session,
    link: Link,
    doctors: &[i64],
) -> sqlx::Result<Vec<LinkedRow>> {
    let statement = session.sql(link.texts().of).bind(json_ids(doctors));
    statement.all().await
}

/// Everything linked to these doctors, in no order.
///
/// # Errors
/// Anything the engine reports.
pub async fn all_of(session: &mut impl Session, doctors: &[i64]) -> sqlx::Result<Vec<AllRow>> {
    let statement = session.sql(Sql {
        sqlite: "SELECT d.id AS doctor_id,
                     (SELECT json_group_array(json_array(t.id, t.name))
                      FROM doctor_designation l JOIN designation t ON t.id = l.designation_id
                      WHERE l.doctor_id = d.id) AS designations,
                     (SELECT json_group_array(json_array(t.id, t.name))
                      FROM doctor_specialisation l JOIN specialisation t ON t.id = l.specialisation_id
                      WHERE l.doctor_id = d.id) AS specialisations,
                     (SELECT json_group_array(t.id)
                      FROM doctor_available_time l JOIN available_time t ON t.id = l.available_time_id
                      WHERE l.doctor_id = d.id AND t.retired_at IS NULL) AS available_times
                 FROM doctor d WHERE d.id IN (SELECT value FROM json_each($1))",
        // Grouped: a subselect for each doctor takes PostgreSQL five times as long.
        postgres: "WITH asked AS (SELECT CAST(value AS bigint) AS id
                       FROM jsonb_array_elements_text(CAST($1 AS jsonb)))
                   SELECT asked.id AS doctor_id, coalesce(d.linked, '[]') AS designations,
                       coalesce(s.linked, '[]') AS specialisations,
                       coalesce(w.linked, '[]') AS available_times
                   FROM asked
                   LEFT JOIN (SELECT l.doctor_id, json_agg(json_build_array(t.id, t.name)) AS linked
                       FROM doctor_designation l JOIN designation t ON t.id = l.designation_id
                       WHERE l.doctor_id IN (SELECT id FROM asked) GROUP BY l.doctor_id) d
                       ON d.doctor_id = asked.id
                   LEFT JOIN (SELECT l.doctor_id, json_agg(json_build_array(t.id, t.name)) AS linked
                       FROM doctor_specialisation l
                       JOIN specialisation t ON t.id = l.specialisation_id
                       WHERE l.doctor_id IN (SELECT id FROM asked) GROUP BY l.doctor_id) s
                       ON s.doctor_id = asked.id
                   LEFT JOIN (SELECT l.doctor_id, json_agg(t.id) AS linked
                       FROM doctor_available_time l
                       JOIN available_time t ON t.id = l.available_time_id
                       WHERE t.retired_at IS NULL AND l.doctor_id IN (SELECT id FROM asked)
                       GROUP BY l.doctor_id) w
                       ON w.doctor_id = asked.id",
    });
    statement.bind(json_ids(doctors)).all().await
}

/// Links exactly these to a doctor.
///
/// # Errors
/// A foreign key's violation if one is not there; anything else the engine reports.
pub async fn replace(tx: &mut Tx, link: Link, doctor: i64, ids: &[i64]) -> sqlx::Result<()> {
    let texts = link.texts();
    tx.sql(texts.clear).bind(doctor).run().await?;
    let put = tx.sql(texts.put).bind(doctor).bind(json_ids(ids));
    put.run().await?;
    Ok(())
}
