"""The administrator console: procedures, files, data quality, channels, questions, words, accounts, the log."""

from bot.consoles.admin import (
    accounts,
    channels,
    faqs,
    glossary,
    imports,
    life_events,
    procedure_form,
    procedure_list,
    procedure_page,
    quality,
    sayings,
    settings_page,
    wording,
)

# The form's /new before the page of a code.
routes = [
    *procedure_list.routes,
    *procedure_form.routes,
    *procedure_page.routes,
    *imports.routes,
    *quality.routes,
    *channels.routes,
    *faqs.routes,
    *wording.routes,
    *sayings.routes,
    *life_events.routes,
    *glossary.routes,
    *settings_page.routes,
    *accounts.routes,
]
