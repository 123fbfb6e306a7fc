"""What the pages think with: the current edition and the register over it, remembered per worker.

The one place of the site that asks the analysis core.
"""

from nahtstelle.portal.insight.areas import Insight, PlaceAtSeam, Ranking, SeamTable, current, insight_of
from nahtstelle.portal.insight.belonging import Belonging
from nahtstelle.portal.insight.cooperation import AreaInRegister, RegisterInsight, SeamsInRegister, forget, register

__all__ = [
    "AreaInRegister", "Belonging", "Insight", "PlaceAtSeam", "Ranking", "RegisterInsight", "SeamTable",
    "SeamsInRegister", "current", "forget", "insight_of", "register",
]  # fmt: skip
