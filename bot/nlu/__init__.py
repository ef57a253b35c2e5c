"""Rasa graph components: the steps of ``config.yml``, in order.

Importing the package also compiles Rasa's action-result validation (see ``action_validation``) and lets sessions
start without the action server (``session_start``): every Rasa process imports it, because ``config.yml`` names its
components.
"""

from bot.nlu.action_validation import compile_validation
from bot.nlu.session_start import begin_without_actions

compile_validation()
begin_without_actions()
