"""Rasa graph components: the steps of ``config.yml``, in order.

Importing the package also compiles Rasa's action-result validation once (see ``action_validation``):
every Rasa process imports it, because ``config.yml`` names its components.
"""

from bot.nlu.action_validation import compile_validation

compile_validation()
