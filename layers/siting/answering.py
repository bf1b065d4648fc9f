"""The answer to a question: a plan, how sure it is, and why each site is in it, as one document."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.access import Reader
from layers.rows import today
from layers.siting import gathering, words, zones
from layers.siting.asking import COVER_ALL, COVER_MOST, LEAST_MEAN, Question
from layers.siting.errors import CannotBeSolved, NoCandidates
from layers.siting.inputs import Inputs, of_arrays
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Problem
from layers.siting.solving.watching import Progress, Watch
from layers.siting.stating import Stated, stated
