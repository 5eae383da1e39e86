"""
Calibrating a market to data: a customer table or a book, by simulated moments, with how far the data decide each value.

`sources` reads what is calibrated to, `panel` is what data and simulated worlds have in common, `moments` are the figures
compared, `fit` finds the values and `identification` says what they are worth; `calibrate` joins them.
"""

from retainsim.calibration.calibrate import Calibration, Figure, Fitted, calibrate
from retainsim.calibration.fit import Fit, Model, fit
from retainsim.calibration.generated import generated, generated_table
from retainsim.calibration.identification import Estimate, estimate, findings
from retainsim.calibration.moments import DEFINITIONS, Group, Moment, covariance, figures, moments_of
from retainsim.calibration.panel import Panel, panel_of, watched
from retainsim.calibration.simulated import MarketModel, settled
from retainsim.calibration.sources import Observed, observed_book, observed_table, observed_telco

__all__ = [
    "DEFINITIONS",
    "Calibration",
    "Estimate",
    "Figure",
    "Fit",
    "Fitted",
    "Group",
    "MarketModel",
    "Model",
    "Moment",
    "Observed",
    "Panel",
    "calibrate",
    "covariance",
    "estimate",
    "figures",
    "findings",
    "fit",
    "generated",
    "generated_table",
    "moments_of",
    "observed_book",
    "observed_table",
    "observed_telco",
    "panel_of",
    "settled",
    "watched",
]
