"""The settings of a server whose news get lost: FAULT_LAYER says how, as {"drop": 0.3, "double": 0.1, "delay": 2.0}."""

import json
import os

from config.settings import *  # noqa: F403  they are the settings
from config.settings import CHANNEL_LAYERS

CHANNEL_LAYERS["default"]["BACKEND"] = "tests.faults.lossy.LossyLayer"
CHANNEL_LAYERS["default"]["CONFIG"] |= json.loads(os.environ["FAULT_LAYER"])
