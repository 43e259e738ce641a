//! How long the audit is kept (`AUDIT_RETENTION`): the nightly run takes what is older, from the
//! chain's beginning, and leaves the last hash it took, so that what remains can be verified.

use serde_json::json;

use super::{chain, row, table};
use crate::clinic::{Actor, Answer, Clinic, Refusal};
use crate::store::audit_chain::{self as chains, Link};

/// Rows taken in one transaction: others write between them.
const AT_ONCE: i64 = 1000;

/// Removes rows that are older than the clinic keeps them; answers how many. Rows that are not as
/// they were sealed are evidence, and stay with all that came after them.
///
/// # Errors
/// [`Refusal::Conflict`] at rows that are not as they were sealed; the database's.
pub(in crate::clinic) async fn purge(clinic: &Clinic) -> Answer<i64> {
    let Some(kept) = clinic.audit_retention else {
        return Ok(0);
    };
    let before = clinic.clock.now() - kept;
    let mut purged = 0;
    loop {
        let mut reader = clinic.db.read().await?;
        let was = chains::chain(&mut reader).await?;
        let old = chains::old_seals(&mut reader, was.purged, before, AT_ONCE).await?;
        if old == 0 {
            return Ok(purged);
        }
        let links = chains::links(&mut reader, was.purged, old).await?;
        drop(reader);
        let last = sound(&was.purged_hash, was.purged, &links)?;
        let mut tx = clinic.db.begin().await?;
        if !chains::purge(&mut tx, was.purged, last.seq, &last.hash).await? {
            return Ok(purged);
        }
        let detail = json!({
            "rows": links.len(),
            "up_to_seal": last.seq,
            "hash": chain::hex(&last.hash),
            "older_than_days": kept.num_days(),
        });
        let nobody = Actor::nobody(None);
        let mut note = row(clinic.clock.now(), &nobody, "change", "purge_audit", detail);
        note.object_type = Some("audit".to_owned());
        table::insert(&mut tx, &[note]).await?;
        tx.commit().await?;
        purged += old;
    }
}

/// The last of these links, if all of them are as they were sealed.
fn sound<'a>(before: &[u8], after: i64, links: &'a [Link]) -> Answer<&'a Link> {
    let mut before = before;
    let mut number = after;
    for link in links {
        number += 1;
        let is_whole = link.seq == number && link.columns.id.is_some();
        if !is_whole || chain::seal(before, number, &link.columns).as_slice() != link.hash {
            return Err(broken(number));
        }
        before = &link.hash;
    }
    links.last().ok_or_else(|| broken(after + 1))
}

fn broken(seal: i64) -> Refusal {
    Refusal::Conflict {
        code: "audit_broken",
        detail: format!(
            "Nothing of the audit is removed: it is not as it was sealed at seal {seal}. See `clinicd audit verify`."
        ),
    }
}
