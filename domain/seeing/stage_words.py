"""What people call a stage and a light: the words of the register, of pages and of commands."""

from __future__ import annotations

_LIGHTS = {"grey": "⚪", "green": "🟢", "yellow": "🟡", "red": "🔴"}
STAGE_WORDS = {
    "assigned": "已交办",
    "signed": "已签收",
    "in_progress": "推进中",
    "completion_requested": "办结待审",
    "returned_for_rework": "退办",
    "completed": "已办结",
    "struck_off": "已销号",
    "withdrawn": "已撤销",
    "carried_over": "已结转",
    "ended": "已终结",
    "archived": "已归档",
}
PART_WORDS = {
    "assigned": "已交办",
    "signed": "已签收",
    "in_progress": "推进中",
    "delivered": "已完成",
    "released": "已解除",
}
_NOTHING_TO_SIGN = frozenset({"completed", "struck_off", "withdrawn", "archived"})


def shown_stage(stage: str, *, signed: bool) -> str:
    """The stage that people are shown: what is assigned may be signed for, which is none of the core's stages."""
    return "signed" if signed and stage == "assigned" else stage


def part_word(stage: str, *, signed: bool = False) -> str:
    """The stage of a participating department's part as people call it; what is assigned may be signed for."""
    return PART_WORDS[shown_stage(stage, signed=signed)]


def stage_word(stage: str, *, signed: bool = False) -> str:
    """A stage as people call it; what is assigned may be signed for."""
    return STAGE_WORDS[shown_stage(stage, signed=signed)]


def sign_off_word(unsigned: int, stage: str) -> str:
    """How many departments have not signed, as a column has it; nothing where no duty is left to sign for: that none is
    missing says of nobody that he signed."""
    if unsigned:
        return f"{unsigned}个部门未签收"
    return "—" if stage in _NOTHING_TO_SIGN else STAGE_WORDS["signed"]


def light_mark(colour: str) -> str:
    """A light as a coloured dot."""
    return _LIGHTS[colour]
