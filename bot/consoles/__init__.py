"""The consoles of one-stop staff and administrators: login, permissions, pages."""

from bot.consoles import admin, login, own_account, reports, staff

routes = [*login.routes, *own_account.routes, *admin.routes, *staff.routes, *reports.routes]
