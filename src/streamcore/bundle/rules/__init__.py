"""Every rule that a module folder must keep: one function each, in the order of their reports."""

from __future__ import annotations

from streamcore.bundle.facts import Rule
from streamcore.bundle.rules.about import check_about
from streamcore.bundle.rules.calls import check_calls
from streamcore.bundle.rules.catch_up import check_catch_up
from streamcore.bundle.rules.dependencies import check_dependencies
from streamcore.bundle.rules.entry_point import check_entry_point
from streamcore.bundle.rules.files import check_files
from streamcore.bundle.rules.folder_size import check_folder_size
from streamcore.bundle.rules.identity import check_id
from streamcore.bundle.rules.keys import check_required_keys, check_unknown_keys
from streamcore.bundle.rules.limits import check_limits
from streamcore.bundle.rules.name import check_name, check_name_scripts
from streamcore.bundle.rules.network import check_network
from streamcore.bundle.rules.permissions import check_permissions
from streamcore.bundle.rules.requirements import check_requirements
from streamcore.bundle.rules.settings import check_settings
from streamcore.bundle.rules.state import check_state
from streamcore.bundle.rules.version import check_streamcore, check_version
from streamcore.bundle.rules.views import check_views

__all__ = ["FOLDER_RULES", "MANIFEST_RULES"]

FOLDER_RULES: tuple[Rule, ...] = (check_files, check_folder_size)

MANIFEST_RULES: tuple[Rule, ...] = (
    check_required_keys,
    check_unknown_keys,
    check_id,
    check_name,
    check_name_scripts,
    check_about,
    check_version,
    check_streamcore,
    check_entry_point,
    check_requirements,
    check_permissions,
    check_views,
    check_settings,
    check_state,
    check_network,
    check_calls,
    check_catch_up,
    check_dependencies,
    check_limits,
)
