"""What the pages think with: the current edition and the register over it, remembered per worker.

The one place of the site that asks the analysis core.
"""

from nahtstelle.portal.insight.areas import (
    Insight,
    PlaceAtSeam,
    Ranking,
    SeamTable,
    current,
    insight_of,
)

__all__ = ["Insight", "PlaceAtSeam", "Ranking", "SeamTable", "current", "insight_of"]
