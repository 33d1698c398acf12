from __future__ import annotations

from adapters.policy_files.fault_sentences import ALLOWED
from domain.rules.ladder_rules import EscalationStep, MilestoneRules, RulesOverride
from domain.rules.life_cycle import LifeCycleRules, LimitRules, Limits, LimitStep, ParticipantRules, PlannedInspection
from domain.rules.life_cycle_overrides import LifeCycleOverride, LifeCyclesOf
from domain.rules.light_rules import LightRules
from domain.rules.mass_act_rules import MassActRules
from domain.rules.own_key_rules import OwnKeyRules
from domain.rules.policy import SupervisionPolicy


def test_what_is_allowed_is_known_for_every_field_of_a_policy() -> None:
    """A field added to the policy is explained to the operator from the first day, and none that is gone."""
    models = (
        *(SupervisionPolicy, MilestoneRules, RulesOverride, EscalationStep),
        *(LifeCycleRules, Limits, LimitRules, LimitStep, ParticipantRules, LightRules, PlannedInspection),
        *(LifeCycleOverride, LifeCyclesOf, MassActRules, OwnKeyRules),
    )

    assert set(ALLOWED) == {name for model in models for name in model.model_fields}
