use crate::fixtures::workspace_root;

/// Sends the snapshots that insta takes while the guard lives to `snapshots/<area>/` at the top of the workspace,
/// named by the snapshot's name alone.
///
/// ```no_run
/// let _guard = test_support::snapshots("ledger");
/// insta::assert_snapshot!("a_visit", "…");
/// ```
#[must_use = "snapshots go to the top-level folder only while the guard lives"]
pub fn snapshots(area: &str) -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(workspace_root().join("snapshots").join(area));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind_to_scope()
}
