"""What the consoles show of citizens' questions: the dashboard and the learning loop."""

from bot.consoles.reports import classifiers, dashboard, learning, wordings

routes = [*dashboard.routes, *learning.routes, *wordings.routes, *classifiers.routes]
