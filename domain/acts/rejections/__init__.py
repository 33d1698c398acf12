"""The rules that a command can break, one error each. A rejection changes nothing."""

from __future__ import annotations

from domain.acts.rejections.attesting import *
from domain.acts.rejections.decomposing import *
from domain.acts.rejections.life_cycle import *
from domain.acts.rejections.mass_acts import *
from domain.acts.rejections.supervision import *
from domain.acts.rejections.taking_part import *
